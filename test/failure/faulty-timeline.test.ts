import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { canary, type Fault, listFaults } from '../support/faults/faults.ts'
import { type FaultySystem, startFaultySystem } from '../support/faults/faulty-system.ts'

interface Page {
  readonly nodes: readonly {
    readonly id: string
    readonly start: string
    readonly sources: readonly { readonly region: string }[]
  }[]
  readonly complete: boolean
  readonly message: string
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

const slug = 'lancashire-south-cumbria'
const code = 'LANCASHIRE_SOUTH_CUMBRIA'
/** Mr Yusuf Osman: 30 encounters in each region, in turn. */
const query = `query ($after: String) { patient(nhsNumber: "9990000425", birthDate: "1957-01-09") {
  completeness { complete regions { region { code } status } }
  page: encounters(first: 20, after: $after, filter: { all: true }) { complete message nodes { id start sources { region } } pageInfo { hasNextPage endCursor } } } }`

const faults = listFaults({ url: 'http://127.0.0.1:9' })
let faulty: FaultySystem
/** A gateway that has no patience with LPRES; cursors are good in both. */
let hasty: FaultySystem['ask']
let token: string
let whole: readonly string[]
let skippedMs = 0
beforeAll(async () => {
  const clock = () => performance.now() + skippedMs
  faulty = await startFaultySystem({ clock })
  hasty = await faulty.another({ settings: { [slug]: { timeMs: 120 } }, clock })
  token = await faulty.system.token()
  whole = (await readOn(null)).map(({ id }) => id)
  expect(whole).toHaveLength(60)
})
afterAll(() => faulty[Symbol.asyncDispose]())
beforeEach(heal)

describe('a region that is faulty during the first page', () => {
  test.each(faults)(
    'a timeline names a region that fails during the first page, and catches up from the next page on: $name',
    async (fault) => {
      await fault.inject(faulty.regions[slug])
      const first = await readPage(null, fault)
      expectFate(first, fault.status)
      await heal()
      expectWhole([...first.page.nodes, ...(await readOn(first.page.pageInfo.endCursor))])
    },
  )
})

describe('a region that fails once, in the middle of the first page', () => {
  test.each(faults.filter(({ calls }) => calls !== null))(
    'a timeline shows a region that fails once when it can be retried, and otherwise catches up: $name',
    async (fault) => {
      await fault.inject(faulty.regions[slug], 1)
      const first = await readPage(null, fault)
      expectFate(first, fault.calls === 2 ? 'ANSWERED' : fault.status)
      await heal()
      expectWhole([...first.page.nodes, ...(await readOn(first.page.pageInfo.endCursor))])
    },
  )
})

describe('a region that fails after the first page', () => {
  test.each(faults)(
    'a timeline names a region that fails after the first page, and catches up one page later: $name',
    async (fault) => {
      const first = await readPage(null)
      expectFate(first, 'ANSWERED')
      await fault.inject(faulty.regions[slug])
      const second = await readPage(first.page.pageInfo.endCursor, fault)
      expectFate(second, fault.status)
      await heal()
      expectWhole([...first.page.nodes, ...second.page.nodes, ...(await readOn(second.page.pageInfo.endCursor))])
    },
  )
})

/** The region as it was, and any suspension over. */
async function heal(): Promise<void> {
  await faulty.regions[slug].heal()
  skippedMs += 120_000
}

/** A page, while a fault stands or not. */
async function readPage(
  after: string | null,
  fault: Fault | null = null,
): Promise<{ readonly page: Page; readonly statuses: readonly string[]; readonly complete: boolean }> {
  const ask = fault?.status === 'TIMED_OUT' ? hasty : faulty.ask
  const { data, errors, text } = await ask(query, { after }, token)
  expect(errors).toEqual([])
  expect(text).not.toContain(canary)
  const { page, completeness } = data.patient
  const instants = page.nodes.map(({ start }: Page['nodes'][number]) => Date.parse(start))
  expect(instants).toEqual(instants.toSorted((a: number, b: number) => b - a))
  return {
    page,
    statuses: completeness.regions.map(({ status }: { status: string }) => status),
    complete: completeness.complete,
  }
}

async function readOn(after: string | null): Promise<Page['nodes']> {
  const nodes: Page['nodes'][number][] = []
  for (let cursor = after, pages = 0; ; pages++) {
    expect(pages).toBeLessThan(10)
    const { page, statuses } = await readPage(cursor)
    expect(statuses).toEqual(['ANSWERED', 'ANSWERED'])
    nodes.push(...page.nodes)
    if (!page.pageInfo.hasNextPage) return nodes
    cursor = page.pageInfo.endCursor
  }
}

/** What a page says of both regions. The other's items are there in any case. */
function expectFate({ page, statuses, complete }: Awaited<ReturnType<typeof readPage>>, status: Fault['status']): void {
  expect(statuses).toEqual(['ANSWERED', status])
  expect([complete, page.complete]).toEqual([status === 'ANSWERED', status === 'ANSWERED'])
  expect(
    /LPRES did not answer|LPRES's record bears another|LPRES's answer was too large to read/.test(page.message),
  ).toBe(status !== 'ANSWERED')
  const regions = new Set(page.nodes.flatMap(({ sources }) => sources.map(({ region }) => region)))
  expect(regions).toContain('CHESHIRE_MERSEYSIDE')
  expect(regions.has(code)).toBe(status === 'ANSWERED')
}

/** Every item of both regions, each once. */
function expectWhole(nodes: Page['nodes']): void {
  const ids = nodes.map(({ id }) => id)
  expect(ids).toHaveLength(whole.length)
  expect(new Set(ids)).toEqual(new Set(whole))
}
