import fc from 'fast-check'
import { selectAll } from '../consent-bypass/query-shapes.ts'
import { sectionNames, variants } from './twin-items.ts'

/** What is asked of one section: its name and its arguments without `after`, as GraphQL text. */
export interface SectionQuery {
  readonly section: (typeof sectionNames)[number]
  readonly args: readonly string[]
}

export const timelines: readonly string[] = ['results', 'encounters', 'documents']

/** Codes that publishers made themselves. */
const ownCodes = ['place-RBL', 'place-RBS', 'place-RJR']
const days = ['2026-11', '2026-05-06', '2025-10-26', '2021']
const list = (values: readonly string[]) =>
  fc.subarray([...values], { minLength: 1 }).map((chosen) => `[${chosen.join(', ')}]`)
const texts = (values: readonly string[]) => list(values.map((value) => JSON.stringify(value)))
/** National codes, at times publishers' own. */
const codes = (national: readonly string[]) =>
  fc.oneof({ weight: 3, arbitrary: texts(national) }, texts(ownCodes), texts([...national, ...ownCodes]))
const day = fc.constantFrom(...days).map((text) => JSON.stringify(text))
const yes = fc.constant('true')

/** Some of these arguments, each as `name: value`. */
function some(args: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<readonly string[]> {
  const given = Object.entries(args).map(([name, value]) => fc.option(value.map((text) => `${name}: ${text}`)))
  return fc.tuple(...given).map((all) => all.filter((one) => one !== null))
}

const filterOf = (args: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  some(args).map((given) => (given.length === 0 ? [] : [`filter: { ${given.join(', ')} }`]))
const timelineOf = (filter: fc.Arbitrary<readonly string[]>) =>
  fc
    .tuple(fc.constantFrom('1', '2', '100'), filter)
    .map(([first, given]): readonly string[] => [`first: ${first}`, ...given])
const window = { since: day, until: day }

const argumentsOf: Readonly<Record<string, fc.Arbitrary<readonly string[]>>> = {
  problems: some({ status: list(variants.problemStatuses) }),
  medications: some({ status: list(variants.medicationStatuses), all: yes }),
  procedures: some({ since: day }),
  appointments: some({ since: day }),
  results: timelineOf(
    filterOf({
      codes: codes(variants.resultCodes),
      category: fc.constantFrom(...variants.categories),
      all: yes,
      ...window,
    }),
  ),
  encounters: timelineOf(filterOf({ classes: list(variants.classes), all: yes, ...window })),
  documents: timelineOf(
    filterOf({
      types: codes(variants.documentTypes),
      categories: codes(variants.documentCategories),
      organisations: texts(['RBL', 'RBN', 'RBS', 'RJR', '323']),
      status: list(['CURRENT', 'SUPERSEDED']),
      ...window,
    }),
  ),
}

export const anySectionQuery: fc.Arbitrary<SectionQuery> = fc
  .oneof(
    { weight: 1, arbitrary: fc.constantFrom(...sectionNames) },
    { weight: 2, arbitrary: fc.constantFrom('documents' as const, 'results' as const, 'encounters' as const) },
  )
  .chain((section) => (argumentsOf[section] ?? fc.constant([])).map((args) => ({ section, args })))

const typeOf: Readonly<Record<string, string>> = {
  alerts: 'Alert',
  allergies: 'Allergy',
  problems: 'Problem',
  medications: 'Medication',
  immunisations: 'Immunisation',
  procedures: 'Procedure',
  carePlans: 'CarePlan',
  contacts: 'Contact',
  appointments: 'Appointment',
  results: 'Result',
  encounters: 'Encounter',
  documents: 'Document',
}

/** Every field of a section's items: in the public schema, or in a region's own. */
export function selectNodes(section: string, prefix = ''): string {
  return selectAll(`${prefix}${typeOf[section]}`, 'fields').fields
}

const inBrackets = (args: readonly string[]) => (args.length === 0 ? '' : `(${args.join(', ')})`)

/** The section as the public schema has it, with all that it tells; a timeline from `after` on. */
export function toViewText({ section, args }: SectionQuery, after: string | null): string {
  const page = timelines.includes(section)
    ? 'edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
    : ''
  const from = after === null ? [] : [`after: ${JSON.stringify(after)}`]
  const answers = 'complete message answers { region section answer withheld truncated window { from to } }'
  return `${section}${inBrackets([...args, ...from])} { ${answers} ${page} nodes { ${selectNodes(section)} } }`
}

/** The section as a region's own SDL has it; a timeline from the position `after` on, or of these ids only. */
export function toRecordText(
  { section, args }: SectionQuery,
  { after = null, ids = null, prefix = '' }: { after?: string | null; ids?: readonly string[] | null; prefix?: string },
): string {
  const more = [
    ...(after === null ? [] : [`after: ${JSON.stringify(after)}`]),
    ...(ids === null ? [] : [`ids: ${JSON.stringify(ids)}`]),
  ]
  const own = `${timelines.includes(section) ? 'hasMore' : ''} ${section === 'allergies' ? 'assertedNone' : ''}`
  return `${section}${inBrackets([...args, ...more])} { answer withheld truncated window { from to } ${own} nodes { ${selectNodes(section, prefix || 'CheshireMerseyside')} } }`
}
