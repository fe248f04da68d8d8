import fc from 'fast-check'
import type * as Region from '../../../../schema/generated/region.ts'
import type { ItemFields, Lifecycle, PublishedItem, SectionName } from '../../../../subgraphs/store/record-store.ts'
import { concept, content, item } from '../../../store/support/publications.ts'

/** An item as it is generated. */
export interface TwinItem {
  readonly section: SectionName
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
] as const satisfies readonly SectionName[]

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

export function anyItem(changes: Partial<{ readonly [K in keyof TwinItem]: fc.Arbitrary<TwinItem[K]> }> = {}): fc.Arbitrary<TwinItem> {
  return fc.record({
    section: fc.constantFrom(...sectionNames),
    name: fc.uuid(),
    daysAgo,
    variant: fc.constantFrom(0 as const, 1 as const),
    source: fc.constantFrom('RBL', 'RBS', 'RJR'),
    lifecycle: fc.constantFrom<Lifecycle[]>('current', 'current', 'current', 'superseded', 'retracted'),
    labels: fc.constant([]),
    excludedCode: fc.constant(null),
    ...changes,
  })
}

export const contentOf = (name: string) => content(new TextEncoder().encode(`The content of ${name}`))

/** The item as published. Its instant follows from its name, so that no two are at one instant and a copy elsewhere is at the same. */
export function toPublished(
  { section, name, daysAgo: days, variant, source, lifecycle, labels, excludedCode }: TwinItem,
  { nhsNumber, nowMs }: { readonly nhsNumber: string; readonly nowMs: number },
): PublishedItem {
  const orderedAtMs = nowMs - days * 86_400_000 - Number.parseInt(name.slice(0, 6), 16)
  const at = new Date(orderedAtMs).toISOString()
  const word = concept(`${section} ${variant}`, excludedCode ?? codesOf(section)[variant])
  const fields = fieldsOf({ word, at, variant, name, lifecycle, organisation: { odsCode: source, name: `Trust ${source}` } })[section]
  const organisation = { odsCode: source, name: `Trust ${source}` }
  return item(section, `${nhsNumber}-${name}`, { nhsNumber, organisation, orderedAtMs, lifecycle, labels, fields: fields as Partial<ItemFields<SectionName>> })
}

function codesOf(section: SectionName): readonly [string, string] {
  if (section === 'results') return variants.resultCodes
  return section === 'documents' ? variants.documentTypes : ['22298006', '195967001']
}

interface Words {
  readonly word: Region.Concept
  readonly at: string
  readonly variant: 0 | 1
  readonly name: string
  readonly lifecycle: Lifecycle
  readonly organisation: Region.Organisation
}

function fieldsOf({ word, at, variant, name, lifecycle, organisation }: Words): { readonly [S in SectionName]: Partial<ItemFields<S>> } {
  const { sha256, bytes } = contentOf(name)
  return {
    alerts: { code: word },
    allergies: { substance: word },
    problems: { code: word, status: variants.problemStatuses[variant] },
    medications: { medicine: word, status: variants.medicationStatuses[variant], ended: variant === 1 ? at : null, prescriber: organisation },
    immunisations: { vaccine: word, given: at },
    procedures: { code: word, performed: at },
    carePlans: { category: word, start: at },
    contacts: { relationship: word, name: `Contact ${variant}`, worksFor: organisation },
    appointments: { start: at, specialty: word, location: organisation.name },
    results: { code: word, category: variants.categories[variant], effective: at },
    encounters: { type: word, class: variants.classes[variant], start: at },
    documents: {
      title: `Letter ${variant}`,
      type: word,
      category: concept('Category', variants.documentCategories[variant]),
      status: lifecycle === 'superseded' ? 'SUPERSEDED' : 'CURRENT',
      created: at,
      author: { name: 'A. Writer', role: null, organisation },
      custodian: organisation,
      contentAnswer: 'AVAILABLE',
      content: { contentType: 'text/plain', size: bytes.length, sha256, language: null },
    },
  }
}
