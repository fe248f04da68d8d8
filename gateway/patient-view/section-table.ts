import { hiddenTitle } from '../../schema/location-protection.ts'
import type { PatientSectionField, SectionItems } from '../../schema/sections.ts'
import {
  combineKeys,
  conceptKeys,
  type DuplicateRule,
  dayKeys,
  instantKeys,
  normalise,
  organisationKeys,
  periodsOverlap,
  textKeys,
  valueKey,
  withinAMonth,
  withinAnHour,
} from './duplicate-rules.ts'

/** A section's properties that only the gateway needs; schema/sections.ts has those that the stores need too. */
export interface ViewSection<Item> {
  /** The plural by which messages speak of it. */
  readonly noun: string
  readonly duplicates: DuplicateRule<Item>
  /** Extra redaction of this section's items, beyond that of all items (location-redaction.ts). Null: none. */
  readonly redaction: {
    /** The fields that redaction reads, shown or not. */
    readonly reads: readonly (keyof Item & string)[]
    /** The fields that are shown otherwise. */
    readonly replaces: { readonly [Field in keyof Item]?: (value: Item[Field]) => Item[Field] }
  } | null
}

/** The sections by their field of Patient. A section that the SDL has and this table lacks does not compile. */
export const sectionTable: { readonly [Field in PatientSectionField]: ViewSection<SectionItems[Field]> } = {
  alerts: {
    noun: 'alerts',
    duplicates: { fields: ['code'], comparesLocations: false, keys: ({ code }) => conceptKeys(code) },
    redaction: null,
  },
  allergies: {
    noun: 'allergies',
    duplicates: { fields: ['substance'], comparesLocations: false, keys: ({ substance }) => conceptKeys(substance) },
    redaction: null,
  },
  problems: {
    noun: 'problems',
    duplicates: {
      fields: ['code', 'onset'],
      comparesLocations: false,
      keys: ({ code }) => conceptKeys(code),
      isDuplicate: (a, b) => withinAMonth(a.onset, b.onset),
    },
    redaction: null,
  },
  medications: {
    noun: 'medications',
    duplicates: {
      fields: ['medicine', 'dosage', 'started', 'ended'],
      comparesLocations: false,
      keys: ({ medicine, dosage }) => combineKeys(conceptKeys(medicine), [normalise(dosage ?? '')]),
      isDuplicate: (a, b) => periodsOverlap(a, b),
    },
    redaction: null,
  },
  immunisations: {
    noun: 'immunisations',
    duplicates: {
      fields: ['vaccine', 'given'],
      comparesLocations: false,
      keys: ({ vaccine, given }) => combineKeys(conceptKeys(vaccine), dayKeys(given)),
    },
    redaction: null,
  },
  procedures: {
    noun: 'procedures',
    duplicates: {
      fields: ['code', 'performed'],
      comparesLocations: false,
      keys: ({ code, performed }) => combineKeys(conceptKeys(code), dayKeys(performed)),
    },
    redaction: null,
  },
  carePlans: {
    noun: 'care plans',
    duplicates: {
      fields: ['category', 'start'],
      comparesLocations: false,
      keys: ({ category, start }) => combineKeys(category ? conceptKeys(category) : [], dayKeys(start)),
    },
    redaction: null,
  },
  contacts: {
    noun: 'contacts',
    duplicates: {
      fields: ['name', 'relationship'],
      comparesLocations: true,
      keys: ({ name, relationship }) =>
        name ? combineKeys([normalise(name)], relationship ? textKeys(relationship) : ['']) : [],
    },
    redaction: { reads: ['professional'], replaces: {} },
  },
  appointments: {
    noun: 'appointments',
    duplicates: {
      fields: ['start'],
      comparesLocations: true,
      keys: ({ start, organisation }) => combineKeys(instantKeys(start), organisationKeys(organisation)),
    },
    redaction: null,
  },
  results: {
    noun: 'results',
    duplicates: {
      fields: ['code', 'effective', 'quantity', 'value', 'components'],
      comparesLocations: false,
      keys: (result) =>
        combineKeys(combineKeys(conceptKeys(result.code), instantKeys(result.effective)), [valueKey(result)]),
    },
    redaction: null,
  },
  encounters: {
    noun: 'encounters',
    duplicates: {
      fields: ['class', 'provider', 'start'],
      comparesLocations: true,
      keys: ({ class: encounterClass, provider, organisation }) =>
        combineKeys(encounterClass ? [encounterClass] : [], organisationKeys(provider, organisation)),
      isDuplicate: (a, b) => withinAnHour(a.start, b.start),
    },
    redaction: null,
  },
  documents: {
    noun: 'documents',
    duplicates: {
      fields: ['content', 'type', 'author', 'custodian', 'created'],
      comparesLocations: true,
      keys: ({ content, type, author, custodian, organisation, created }) => [
        ...(content ? [content.sha256] : []),
        ...combineKeys(
          combineKeys(conceptKeys(type), instantKeys(created)),
          organisationKeys(author?.organisation, custodian, organisation),
        ),
      ],
    },
    redaction: {
      reads: [],
      // Free text of a document may hold an address: its title and content are not shown.
      replaces: {
        title: () => hiddenTitle,
        content: () => null,
        contentAnswer: (answer) => (answer === 'AVAILABLE' ? 'LOCATION_PROTECTED' : answer),
      },
    },
  },
}

/** The fields that the view adds to the regions' items and demographics. */
export const fieldsAddedByView: ReadonlySet<string> = new Set([
  'context',
  'sources',
  'possibleDuplicates',
  'conflicts',
  'retractedElsewhere',
  'locationProtected',
])
