import type { PublishedItem } from '../../subgraphs/store/record-store.ts'
import { describeMachine, measure, printTimes } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { item, numberOf, patient, publication } from '../support/store/publications.ts'
import { type System, startSystem } from '../support/system.ts'

const nhsNumber = numberOf(0)
const slugs = ['cheshire-merseyside', 'lancashire-south-cumbria'] as const
const hourMs = 3_600_000

/** What is paged: so many items of a section, so many a page. */
interface Timeline {
  readonly field: 'results' | 'documents'
  readonly count: number
  readonly first: number
}

/**
 * Does a page deep in the past cost more than the first? One patient with 5,000 documents and 20,000 results, in turn
 * in both regions.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rounds, warm, results, documents } = parseOptions(args, {
    rounds: 200,
    warm: 50,
    results: 20_000,
    documents: 5_000,
  })
  const timelines: readonly Timeline[] = [
    { field: 'results', count: results, first: 10 },
    { field: 'documents', count: documents, first: 4 },
  ]
  await using system = await startSystem()
  await Promise.all(slugs.map((slug, index) => publish(system, slug, index, { results, documents })))
  console.log(
    `${describeMachine()}; stores and gateway in one process, real HTTP between them; one request at a time, ${rounds} for each figure.`,
  )
  const token = await system.token()
  for (const timeline of timelines) {
    const pages = timeline.count / timeline.first
    const deep = Math.min(1000, Math.ceil(pages / 2))
    const cursors = await findCursors(system, token, timeline, [deep, pages])
    const [thousandth, last] = cursors
    const subjects = {
      'page 1': () => readPage(system, token, timeline, timeline.first, null),
      [`page ${deep}`]: () => readPage(system, token, timeline, timeline.first, thousandth ?? null),
      [`page ${pages} (last)`]: () => readPage(system, token, timeline, timeline.first, last ?? null),
    }
    const times = await measure(subjects, { rounds, warmUp: warm })
    printTimes(`${timeline.field}: ${timeline.count} over two regions, ${timeline.first} a page`, times)
  }
}

async function publish(
  system: System,
  slug: (typeof slugs)[number],
  offset: number,
  { results, documents }: Readonly<Record<Timeline['field'], number>>,
): Promise<void> {
  const instantOf = (index: number) => new Date(Date.UTC(2026, 0, 1) - (2 * index + offset) * hourMs).toISOString()
  const instants = (count: number) => Array.from({ length: count / 2 }, (_, index) => instantOf(index))
  const items: readonly PublishedItem[] = [
    ...instants(results).map((at) => item('results', `${slug} ${at}`, { at, fields: { effective: at } })),
    ...instants(documents).map((at) => item('documents', `${slug} ${at}`, { at, fields: { created: at } })),
  ]
  for (let start = 0; start < items.length; start += 1000) {
    await system.store(slug).publish([publication({ patients: [patient(0)], items: items.slice(start, start + 1000) })])
  }
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: { readonly endCursor: string | null }
}

async function readPage(
  { url }: System,
  token: string,
  { field }: Pick<Timeline, 'field'>,
  first: number,
  after: string | null,
): Promise<Page> {
  const filter = field === 'results' ? ', filter: { all: true }' : ''
  const query = `query ($n: NHSNumber!, $first: Int!, $after: String) { patient(nhsNumber: $n) { page: ${field}(first: $first, after: $after${filter}) {
    edges { cursor node { id sources { region } ${field === 'results' ? 'code { text } value effective' : 'title type { text } created'} } } pageInfo { hasNextPage endCursor } } } }`
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { n: nhsNumber, first, after } }),
  })
  const { data, errors } = await response.json()
  const { page } = data?.patient ?? {}
  if (errors || page.edges.length !== first)
    throw new Error(`Expected a page of ${first}, found ${errors ? JSON.stringify(errors) : page.edges.length}`)
  return page
}

/** The cursors after which pages of these numbers begin, found by paging there. */
async function findCursors(
  system: System,
  token: string,
  timeline: Timeline,
  pages: readonly number[],
): Promise<readonly (string | undefined)[]> {
  const cursors: string[] = []
  for (let after: string | null = null; cursors.length < timeline.count; ) {
    const page: Page = await readPage(system, token, timeline, 100, after)
    cursors.push(...page.edges.map(({ cursor }) => cursor))
    after = page.pageInfo.endCursor
  }
  return pages.map((number) => cursors[(number - 1) * timeline.first - 1])
}
