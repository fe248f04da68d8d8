import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type * as Region from '../../../schema/generated/region.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type { ItemFields, Lifecycle, PublishedItem } from '../../../subgraphs/store/record-store.ts'
import { concept, content, item } from '../store/publications.ts'

/** An item as it is generated. */
export interface TwinItem {
  readonly section: SectionField
  readonly name: string
  /** Before the tests' clock. */
  readonly daysAgo: number
  /** Which of a section's codes, categories and statuses it has. */
  readonly variant: 0 | 1
  /** ODS code of who published it. */
  readonly source: string
  readonly lifecycle: Lifecycle
  readonly labels: readonly string[]
  /** A code of an exclusion set that it carries in place of its ordinary one. */
  readonly excludedCode: string | null
  /** Of a document: which others it replaces. */
  readonly replaces: readonly Pick<TwinItem, 'name' | 'source'>[]
}

export const sectionNames = [
  'alerts',
  'allergies',
  'problems',
  'medications',
  'immunisations',
  'procedures',
  'carePlans',
  'contacts',
  'appointments',
  'results',
  'encounters',
  'documents',
] as const satisfies readonly SectionField[]

/** Codes, classes, statuses and types that filters name, by variant. */
export const variants = {
  resultCodes: ['271236005', '271244005'],
  categories: ['LABORATORY', 'VITAL_SIGNS'],
  classes: ['AMBULATORY', 'INPATIENT'],
  problemStatuses: ['ACTIVE', 'RESOLVED'],
  medicationStatuses: ['ACTIVE', 'STOPPED'],
  documentTypes: ['373942005', '823681000000100'],
  documentCategories: ['734163000', '823691000000103'],
} as const

/** Instants as far apart as windows are long: six and twelve months. */
export const daysAgo = fc.constantFrom(1, 20, 200, 400, 2000)

export function anyItem(
  changes: Partial<{ readonly [K in keyof TwinItem]: fc.Arbitrary<TwinItem[K]> }> = {},
): fc.Arbitrary<TwinItem> {
  return fc.record({
    section: fc.constantFrom(...sectionNames),
    name: fc.uuid(),
    daysAgo,
    variant: fc.constantFrom(0 as const, 1 as const),
    source: fc.constantFrom('RBL', 'RBS', 'RJR'),
    lifecycle: fc.constantFrom<Lifecycle[]>('current', 'current', 'current', 'superseded', 'retracted'),
    labels: fc.constant([]),
    excludedCode: fc.constant(null),
    replaces: fc.constant([]),
    ...changes,
  })
}

/** The bytes of a document: its free text names a place. */
export const contentOf = ({ name, source }: Pick<TwinItem, 'name' | 'source'>) =>
  content(new TextEncoder().encode(`The content of ${name.slice(0, 1)}, of place-${source}`))

/**
 * The item as published. Its instant follows from its name, so that no two are at one instant and a copy elsewhere is
 * at the same; all of its places from its source.
 */
export function toPublished(
  { daysAgo: days, lifecycle, labels, replaces: replaced, ...twin }: TwinItem,
  { nhsNumber, nowMs }: { readonly nhsNumber: string; readonly nowMs: number },
): PublishedItem {
  const { section, name, source } = twin
  const orderedAtMs = nowMs - days * 86_400_000 - createHash('sha256').update(name).digest().readUIntBE(0, 3)
  const organisation = { odsCode: source, name: `place-${source}` }
  const fields = fieldsOf(twin, { at: new Date(orderedAtMs).toISOString(), lifecycle, organisation })[
    section
  ] as Partial<ItemFields<SectionField>>
  const toIdentifier = (one: Pick<TwinItem, 'name' | 'source'>) => ({
    system: `https://place-${one.source}.example`,
    value: `${nhsNumber}-${one.name}`,
  })
  const replaces = replaced.map(toIdentifier)
  const own = section === 'documents' ? { ...fields, replaces } : fields
  return item(section, name, {
    nhsNumber,
    organisation,
    identifier: toIdentifier(twin),
    orderedAtMs,
    lifecycle,
    labels,
    replaces,
    fields: own,
  })
}

function codesOf(section: SectionField): readonly [string, string] {
  if (section === 'results') return variants.resultCodes
  return section === 'documents' ? variants.documentTypes : ['22298006', '195967001']
}

interface Words {
  readonly at: string
  readonly lifecycle: Lifecycle
  readonly organisation: Region.Organisation
}

function fieldsOf(
  twin: Pick<TwinItem, 'section' | 'name' | 'variant' | 'source' | 'excludedCode'>,
  { at, lifecycle, organisation }: Words,
): { readonly [S in SectionField]: Partial<ItemFields<S>> } {
  const { section, variant, source, excludedCode } = twin
  const place = `place-${source}`
  const ownCode = { system: `https://codes.${place}.example`, code: place, display: place }
  const national = concept(`${section} ${variant}`, excludedCode ?? codesOf(section)[variant])
  // The same words and national code everywhere, among a publisher's own codes.
  const word = {
    ...national,
    codings:
      variant === 1 ? [ownCode, ...national.codings] : [...national.codings, ownCode, { ...ownCode, system: null }],
  }
  // A kind of care: its words and displays are its publisher's too.
  const kind = (code: string) => ({
    text: `Clinic of ${place}`,
    codings: [ownCode, { system: 'http://snomed.info/sct', code, display: `Clinic of ${place}` }],
  })
  const ownKind = {
    text: `Clinic of ${place}`,
    codings: [
      ownCode,
      { ...ownCode, system: 'https://fhir.nhs.uk/Id/ods-organization-code' },
      { ...ownCode, system: 'http://snomed.info/sct' },
    ],
  }
  const { sha256, bytes } = contentOf(twin)
  return {
    alerts: { code: word },
    allergies: { substance: word, reactions: [{ manifestation: word, severity: null }] },
    problems: { code: word, status: variants.problemStatuses[variant] },
    medications: {
      medicine: word,
      status: variants.medicationStatuses[variant],
      ended: variant === 1 ? at : null,
      prescriber: organisation,
    },
    immunisations: { vaccine: word, given: at, site: word },
    procedures: { code: word, performed: at },
    carePlans: { category: word, start: at },
    contacts: {
      relationship: word,
      professional: variant === 1,
      name: variant === 1 ? place : 'A. Friend',
      worksFor: organisation,
      telecom: [{ system: 'phone', value: place, use: null }],
    },
    appointments: {
      start: at,
      specialty: excludedCode === null && variant === 1 ? ownKind : kind(excludedCode ?? '394579002'),
      location: place,
      description: `At ${place}`,
    },
    results: {
      code: word,
      category: variants.categories[variant],
      effective: at,
      quantity: { value: '1', comparator: null, unit: 'g', system: ownCode.system, code: place },
    },
    encounters: {
      type: excludedCode === null && variant === 1 ? ownKind : kind(excludedCode ?? '11429006'),
      reason: word,
      class: variants.classes[variant],
      start: at,
      provider: organisation,
    },
    documents: {
      title: `Letter from ${place}`,
      type: kind(excludedCode ?? variants.documentTypes[variant]),
      category: kind(variants.documentCategories[variant]),
      specialty: variant === 1 ? ownKind : kind('394579002'),
      status: lifecycle === 'superseded' ? 'SUPERSEDED' : 'CURRENT',
      created: at,
      author: { name: `Dr ${place}`, role: null, organisation },
      custodian: organisation,
      contentAnswer: 'AVAILABLE',
      content: { contentType: 'text/plain', size: bytes.length, sha256, language: null },
    },
  }
}
