import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { item, numberOf, patient, publication } from '../support/store/publications.ts'
import { type Slug, type System, startSystem } from '../support/system.ts'

/** Mr Yusuf Osman: ten years of diabetes, in turn in both regions. */
const osman = '9990000425'
const exchange = 'cheshire-merseyside'
const lpres = 'lancashire-south-cumbria'

interface Node {
  readonly id: string
  readonly at: string | null
  readonly sources: readonly { readonly region: string }[]
  readonly conflicts: readonly { readonly field: string }[]
}

interface Page {
  readonly nodes: readonly Node[]
  readonly message: string
  readonly complete: boolean
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

describe('a timeline across regions', () => {
  let system: System
  let token: string
  beforeEach(async () => {
    system = await startSystem({ people: true })
    token = await system.token()
  })
  afterEach(() => system[Symbol.asyncDispose]())

  const ask = (field: 'results' | 'encounters', first: number, after: string | null, nhsNumber = osman) =>
    system.query(
      `query ($n: NHSNumber!, $first: Int!, $after: String) { patient(nhsNumber: $n) { page: ${field}(first: $first, after: $after, filter: { all: true }) {
        nodes { id at: ${field === 'results' ? 'effective' : 'start'} sources { region } conflicts { field } } message complete pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
      { n: nhsNumber, first, after },
      token,
    )
  const readPage = async (...question: Parameters<typeof ask>): Promise<Page> => {
    const { data, errors } = await ask(...question)
    expect(errors).toEqual([])
    const { page } = data.patient
    expect(page.nodes.length).toBeLessThanOrEqual(question[1])
    const instants = page.nodes.map(({ at }: Node) => Date.parse(at ?? ''))
    expect(instants).toEqual(instants.toSorted((a: number, b: number) => b - a))
    return page
  }
  /** The nodes of so many pages, and the cursor after them. */
  const turn = async (field: 'results' | 'encounters', pages: number, after: string | null, first = 7) => {
    const nodes: Node[] = []
    let cursor = after
    let page: Page | null = null
    for (let left = pages; left > 0; left--) {
      page = await readPage(field, first, cursor)
      nodes.push(...page.nodes)
      cursor = page.pageInfo.endCursor ?? cursor
      if (!page.pageInfo.hasNextPage) break
    }
    if (!page) throw new Error('Expected at least one page')
    return { nodes, cursor, last: page }
  }
  const since = (before: Readonly<Record<Slug, number>>) =>
    Object.fromEntries(Object.entries(system.requests()).map(([slug, count]) => [slug, count - before[slug as Slug]]))

  test.each([
    ['results', 150, 22],
    ['encounters', 60, 9],
  ] as const)(
    'pages of seven show all %s, %i of them, each once and newest first, with one call to each region a page',
    async (field, count, pages) => {
      const before = system.requests()
      const { nodes, last } = await turn(field, 1000, null)
      expect(nodes).toHaveLength(count)
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(count)
      expect(nodes).toEqual(nodes.toSorted((a, b) => Date.parse(b.at ?? '') - Date.parse(a.at ?? '')))
      expect(new Set(nodes.flatMap(({ sources }) => sources.map(({ region }) => region))).size).toBe(2)
      expect(last.pageInfo.hasNextPage).toBe(false)
      expect(since(before)).toEqual({ [exchange]: pages, [lpres]: pages })
    },
  )

  test('each page names a region that stops midway, and a page catches up once it is back', async () => {
    const whole = await turn('results', 1000, null)
    const start = await turn('results', 3, null)
    await system.stop(lpres)
    const alone = await turn('results', 2, start.cursor)
    expect(alone.last).toMatchObject({
      complete: false,
      message: expect.stringContaining('LPRES did not answer; what it holds is missing below.'),
    })
    expect(new Set(alone.nodes.flatMap(({ sources }) => sources.map(({ region }) => region)))).toEqual(
      new Set(['CHESHIRE_MERSEYSIDE']),
    )
    await system.restart(lpres)
    const rest = await turn('results', 1000, alone.cursor)
    const shown = [...start.nodes, ...alone.nodes, ...rest.nodes].map(({ id }) => id)
    expect(shown).toHaveLength(150)
    expect(new Set(shown)).toEqual(new Set(whole.nodes.map(({ id }) => id)))
    // What was missed comes first when it is back.
    expect(Date.parse(rest.nodes[0]?.at ?? '')).toBeGreaterThan(Date.parse(alone.nodes.at(-1)?.at ?? ''))
  })

  test('a timeline stays open at its end while a region is silent: empty pages have a cursor that catches up later', async () => {
    await system.stop(lpres)
    const alone = await turn('encounters', 6, null)
    expect(alone.nodes).toHaveLength(30)
    expect(alone.last).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: true, endCursor: alone.cursor, startCursor: null },
    })
    await system.restart(lpres)
    const rest = await turn('encounters', 1000, alone.cursor)
    expect(rest.nodes).toHaveLength(30)
    expect(rest.last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  })

  test('a page repeats an item once under its id when it gains a source, shows the conflict, and only then calls a region twice', async () => {
    const nhsNumber = numberOf(400)
    const at = '2026-01-01T10:00:00Z'
    const shared = (value: string, version: number) =>
      item('results', 'shared', { nhsNumber, at, version, fields: { value, effective: at } })
    const alone = (name: string, day: string) =>
      item('results', name, { nhsNumber, at: day, fields: { effective: day } })
    await system
      .store(exchange)
      .publish([
        publication({ patients: [patient(400)], items: [shared('7.0', 1), alone('later', '2025-01-01T00:00:00Z')] }),
      ])
    await system.store(lpres).publish([publication({ patients: [patient(400)], items: [shared('7.4', 2)] })])
    await system.stop(lpres)
    const first = await readPage('results', 1, null, nhsNumber)
    expect(first.nodes).toMatchObject([{ sources: [{ region: 'CHESHIRE_MERSEYSIDE' }], conflicts: [] }])
    await system.restart(lpres)
    const before = system.requests()
    const second = await readPage('results', 5, first.pageInfo.endCursor, nhsNumber)
    expect(since(before)).toEqual({ [exchange]: 2, [lpres]: 1 })
    expect(second.nodes).toMatchObject([
      {
        id: first.nodes[0]?.id,
        sources: [{ region: 'LANCASHIRE_SOUTH_CUMBRIA' }, { region: 'CHESHIRE_MERSEYSIDE' }],
        conflicts: [{ field: 'value' }],
      },
      { sources: [{ region: 'CHESHIRE_MERSEYSIDE' }] },
    ])
    expect(second.pageInfo.hasNextPage).toBe(false)
  })

  test('a cursor is good for its own patient, field and filter only, and for a superseded number by either number', async () => {
    const { pageInfo } = await readPage('results', 7, null)
    const before = system.requests()
    for (const refused of [
      await ask('encounters', 7, pageInfo.endCursor),
      await ask('results', 7, pageInfo.endCursor, '9990000018'),
    ]) {
      expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_CURSOR'])
    }
    const ward = await system.query(
      'query ($n: [NHSNumber!]!, $after: String) { patients(nhsNumbers: $n) { results(after: $after, filter: { all: true }) { nodes { id } } } }',
      {
        n: [osman, '9990000018'],
        after: pageInfo.endCursor,
      },
    )
    expect(ward.errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_CURSOR'])
    expect(since(before)).toEqual({ [exchange]: 0, [lpres]: 0 })
    const renumbered = await readPage('results', 1, null, '9990009007')
    const cursor = renumbered.pageInfo.endCursor
    for (const number of ['9990009007', '9990000255'])
      expect((await readPage('results', 1, cursor, number)).pageInfo.hasPreviousPage).toBe(true)
  })
})
