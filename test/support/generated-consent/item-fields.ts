import type * as Region from '../../../schema/generated/region.ts'
import type { ExclusionSet } from '../../../schema/policies/facts.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type { ItemFields } from '../../../subgraphs/store/record-store.ts'
import { concept, content } from '../store/publications.ts'
import { toDate } from './calendar.ts'
import type { ItemModel, VersionModel } from './model.ts'

/** What a version says beside what the model says of it. */
export interface ItemWords {
  readonly mark: string
  readonly place: string
  readonly provider: Region.Organisation | null
  readonly instant: string | null
  readonly today: string
  readonly replaces: readonly Region.Identifier[]
  readonly bytes: Uint8Array | null
}

/** A code of each exclusion set: gender dysphoria, assisted fertilization, termination of pregnancy, gonorrhoea. */
const excluded: Readonly<Record<ExclusionSet, string>> = {
  GENDER: '93461009',
  FERTILITY: '63487001',
  TERMINATION: '386639001',
  STI: '15628003',
}

/**
 * The published fields of an item's version: its mark where a person reads first, its codes where each section has
 * them, at times deep inside.
 */
export function toFields(
  { section, daysAgo }: ItemModel,
  version: VersionModel,
  { mark, place, provider, instant, today, replaces, bytes }: ItemWords,
): Partial<ItemFields<SectionField>> {
  const { variant, course } = version
  const exclusion = version.exclusion === null ? [] : [excluded[version.exclusion]]
  const marked = coded(mark, exclusion)
  const within = exclusion.length === 0 ? null : coded('Within', exclusion)
  const somewhere = { odsCode: 'RXR', name: place }
  const date = daysAgo === null ? null : toDate(today, { daysAgo, precision: version.precision })
  const fields: { readonly [S in SectionField]: Partial<ItemFields<S>> } = {
    alerts: { code: marked },
    allergies: {
      substance: variant === 1 ? coded(mark, ['716186003']) : coded(mark, []),
      reactions: within ? [{ manifestation: within, severity: null }] : [],
    },
    problems: { code: marked, status: variant === 0 ? 'ACTIVE' : 'RESOLVED' },
    medications: { medicine: marked, prescriber: somewhere },
    immunisations: { vaccine: marked },
    procedures: { code: marked },
    carePlans: { title: mark, category: coded('Plan', [...version.types, ...exclusion]) },
    contacts: {
      name: mark,
      relationship: within,
      professional: variant === 1,
      worksFor: somewhere,
      telecom: [{ system: 'phone', value: place, use: null }],
    },
    appointments: {
      description: mark,
      start: instant,
      specialty: coded('Clinic', [...version.settings, ...exclusion]),
      location: place,
      status: ({ done: 'FULFILLED', underWay: 'BOOKED', cancelled: 'CANCELLED' } as const)[course],
    },
    results: {
      code: coded(mark, [resultCodes[variant]]),
      effective: instant,
      components: within ? [{ code: within, value: null, quantity: null }] : [],
    },
    encounters: {
      type: marked,
      class: encounterClasses[variant],
      start: date,
      end: course === 'done' ? date : null,
      status: ({ done: 'FINISHED', underWay: 'IN_PROGRESS', cancelled: 'CANCELLED' } as const)[course],
      provider,
    },
    documents: {
      title: mark,
      type: coded('Letter', version.types),
      category: coded('Category', version.categories),
      specialty: coded('Specialty', version.settings),
      status: version.lifecycle === 'superseded' ? 'SUPERSEDED' : 'CURRENT',
      created: instant,
      author: { name: 'A. Writer', role: within, organisation: somewhere },
      custodian: somewhere,
      replaces: [...replaces],
      ...(bytes
        ? {
            contentAnswer: 'AVAILABLE',
            content: { contentType: 'text/plain', size: bytes.length, sha256: content(bytes).sha256, language: null },
          }
        : {}),
    },
  }
  return fields[section]
}

export const resultCodes = ['271236005', '271244005'] as const
export const encounterClasses = ['AMBULATORY', 'INPATIENT'] as const

function coded(text: string, codes: readonly string[]): Region.Concept {
  return {
    text,
    codings: codes.flatMap((code) => concept(text, code).codings.map((coding) => ({ ...coding, display: null }))),
  }
}
