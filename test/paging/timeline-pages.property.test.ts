import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RegionalItem } from '../../gateway/patient-view/group-items.ts'
import type { MergedItem } from '../../gateway/patient-view/merge-items.ts'
import {
  type ModelPage,
  type ModelRegion,
  nhsNumber,
  type PageQuestion,
  type RegionBehaviour,
  readPage,
} from '../support/patient-view/model-regions.ts'
import { resultItem } from '../support/patient-view/region-items.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'

const fare: fc.Arbitrary<RegionBehaviour> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('answers' as const) },
  { weight: 2, arbitrary: fc.constantFrom('TIMED_OUT', 'UNREACHABLE', 'FAILED', 'refuses', 'knows nothing') },
)
const words = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', null),
  at: fc.constantFrom(null, 0, 1000, 2000, 3000, 4000, 5000),
  version: fc.constantFrom(1, 2, 3),
})

/** What two or three regions hold; the same names and instants come up in several, so that many items are shared. */
const histories: fc.Arbitrary<readonly ModelRegion[]> = fc
  .array(
    fc.tuple(
      fc.array(words, { maxLength: 12 }),
      fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
    ),
    {
      minLength: 2,
      maxLength: 3,
    },
  )
  .map((held) =>
    held.map(([items, largestPage], index) => {
      const region = threeRegions[index % threeRegions.length]
      if (!region) throw new Error('Expected three regions')
      const made: readonly RegionalItem[] = items.map((one, serial) =>
        resultItem({ kind: 'results', region: region.code, serial, ...one }),
      )
      return {
        region,
        items: made.filter((item, place) => made.findIndex(({ id }) => id === item.id) === place),
        ...(largestPage === null ? {} : { largestPage }),
      }
    }),
  )

/** One page of a history: its size, how each region fares, and whom the client leaves out. */
const step = fc.record({
  first: fc.integer({ min: 1, max: 6 }),
  fares: fc.array(fc.tuple(fare, fare), { minLength: 3, maxLength: 3 }),
  leftOut: fc.option(fc.nat({ max: 2 }), { freq: 6 }),
})
type Step = Readonly<{
  first: number
  fares: readonly (readonly [RegionBehaviour, RegionBehaviour])[]
  leftOut: number | null
}>

interface TurnedPage extends ModelPage {
  readonly first: number
  /** Regions whose page is in the answer: asked, answering, and answering again where they were asked again. */
  readonly answered: ReadonlySet<string>
}

/** Turns pages as the steps say, then with every region answering to the end. */
async function turnPages(held: readonly ModelRegion[], steps: readonly Step[]): Promise<readonly TurnedPage[]> {
  const pages: TurnedPage[] = []
  const most = steps.length + 100
  for (let after: string | null = null, turn = 0; turn < most; turn++) {
    const now: Step | undefined = steps[turn]
    const question: PageQuestion = { first: now?.first ?? 3, after, ...(now ? hardships(held, now) : {}) }
    const page = await readPage(held, question)
    pages.push({ ...page, first: question.first, answered: answeredOf(held, page, question) })
    const { hasNextPage, endCursor } = page.timeline.pageInfo
    if (hasNextPage) expect(endCursor).not.toBeNull()
    if (!hasNextPage && turn >= steps.length) return pages
    after = endCursor ?? after
  }
  return expect.fail('paging does not end')
}

function hardships(held: readonly ModelRegion[], { fares, leftOut }: Step): Pick<PageQuestion, 'fares' | 'regions'> {
  const codes = held.map(({ region }) => region.code)
  return {
    fares: Object.fromEntries(codes.map((code, index) => [code, fares[index] ?? ['answers', 'answers']])),
    regions: leftOut === null ? null : codes.filter((_, index) => index !== leftOut),
  }
}

function answeredOf(
  held: readonly ModelRegion[],
  { asks }: ModelPage,
  { fares, regions }: PageQuestion,
): ReadonlySet<string> {
  const answers = held.filter(({ region: { code } }) => {
    const [first, again] = fares?.[code] ?? ['answers', 'answers']
    return (
      (!regions || regions.includes(code)) &&
      first === 'answers' &&
      ((asks.get(code)?.length ?? 0) < 2 || again === 'answers')
    )
  })
  return new Set(answers.map(({ region }) => region.code))
}

function isInOrder(nodes: readonly MergedItem[]): boolean {
  const timeOf = ({ orderedAt }: MergedItem) => (orderedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(orderedAt))
  return nodes.every((node, index) => {
    const before = nodes[index - 1]
    return !before || timeOf(before) > timeOf(node) || (timeOf(before) === timeOf(node) && before.id < node.id)
  })
}

function forAllHistories(check: (held: readonly ModelRegion[], pages: readonly TurnedPage[]) => void): Promise<void> {
  return fc.assert(
    fc.asyncProperty(histories, fc.array(step, { maxLength: 6 }), async (held, steps) =>
      check(held, await turnPages(held, steps)),
    ),
    { numRuns: 400 },
  )
}

describe('paging through the timelines of regions that fail and return between pages', () => {
  test('paging to the end shows every item of every region, each region as its source', () =>
    forAllHistories((held, pages) => {
      const shown = new Set(
        pages.flatMap(({ timeline }) =>
          timeline.nodes.flatMap(({ id, sources }) => sources.map(({ region }) => `${region} ${id}`)),
        ),
      )
      expect(shown).toEqual(new Set(held.flatMap(({ region, items }) => items.map(({ id }) => `${region.code} ${id}`))))
    }))

  test('paging shows an item once, and again only when it gains a source', () =>
    forAllHistories((_, pages) => {
      const seen = new Map<string, Set<string>>()
      for (const { id, sources } of pages.flatMap(({ timeline }) => timeline.nodes)) {
        const before = seen.get(id) ?? new Set<string>()
        const regions = sources.map(({ region }) => region)
        expect(regions.some((region) => !before.has(region))).toBe(true)
        seen.set(id, new Set([...before, ...regions]))
      }
    }))

  test('a page shows an item with all the sources that answered for the page, the newest whole', () =>
    forAllHistories((held, pages) => {
      for (const { timeline, answered } of pages) {
        for (const { id, sources, version } of timeline.nodes) {
          const holders = held.filter(
            ({ region, items }) => answered.has(region.code) && items.some((item) => item.id === id),
          )
          expect(new Set(sources.map(({ region }) => region))).toEqual(
            new Set(holders.map(({ region }) => region.code)),
          )
          expect(version).toBe(
            Math.max(
              ...holders.flatMap(({ items }) =>
                items.filter((item) => item.id === id).map((item) => item.version ?? 0),
              ),
            ),
          )
        }
      }
    }))

  test('each page keeps its order and size, and names the regions missing from it', () =>
    forAllHistories((held, pages) => {
      for (const { timeline, first, answered } of pages) {
        expect(timeline.nodes.length).toBeLessThanOrEqual(first)
        expect(isInOrder(timeline.nodes)).toBe(true)
        const retrieved = timeline.answers
          .filter(({ answer }) => answer === 'RECORDED' || answer === 'NONE_RECORDED')
          .map(({ region }) => region)
        expect(new Set(retrieved)).toEqual(answered)
        expect(timeline.complete).toBe(
          timeline.answers.every(({ answer, region }) => answered.has(region) || answer === 'NOT_KNOWN'),
        )
        for (const { region } of held)
          if (!answered.has(region.code)) expect(timeline.message).toContain(region.applicationName)
      }
    }))

  test('a page is full while a region that answered has more', () =>
    forAllHistories((held, pages) => {
      if (held.some(({ largestPage }) => largestPage)) return
      const shown = new Set<string>()
      for (const { timeline, first, answered } of pages) {
        for (const { id, sources } of timeline.nodes) for (const { region } of sources) shown.add(`${region} ${id}`)
        const hasMore = held.some(
          ({ region, items }) =>
            answered.has(region.code) && items.some(({ id }) => !shown.has(`${region.code} ${id}`)),
        )
        if (hasMore) expect(timeline.nodes.length).toBe(first)
      }
    }))

  test('a page requests from a region again only what was skipped there and another region shows, and no more', () =>
    forAllHistories((held, pages) => {
      // Where each region stands: after the last item of the last page that it was part of.
      const stood = new Map<string, MergedItem>()
      for (const { timeline, asks, answered } of pages) {
        for (const [code, [, again, ...more]] of asks) {
          expect(more).toEqual([])
          const last = stood.get(code)
          const passed = again ? (again.args.ids as readonly string[]) : []
          for (const id of passed) {
            const item = held.flatMap(({ region, items }) =>
              region.code === code ? [] : items.filter((one) => one.id === id),
            )[0]
            expect(item?.identifier).not.toBeNull()
            expect(last && item && (item.id === last.id || isInOrder([item as MergedItem, last]))).toBe(true)
          }
        }
        const end = timeline.nodes.at(-1)
        for (const code of answered) {
          const last = stood.get(code)
          if (end && (!last || isInOrder([last, end]))) stood.set(code, end)
        }
      }
    }))

  test('a page calls each region once while all of them answer', () =>
    fc.assert(
      fc.asyncProperty(histories, async (held) => {
        for (const { asks } of await turnPages(held, []))
          for (const sections of asks.values()) expect(sections).toHaveLength(1)
      }),
    ))

  test('a page that begins at any edge continues as from the end of a page that ends there', () =>
    fc.assert(
      fc.asyncProperty(histories, step, fc.integer({ min: 1, max: 6 }), async (held, before, first) => {
        const { timeline } = await readPage(held, { first: before.first, ...hardships(held, before) })
        const after = timeline.pageInfo.endCursor
        const { edges } = (await readPage(held, { first, after })).timeline
        for (const [index, { cursor }] of edges.entries())
          expect((await readPage(held, { first: index + 1, after })).timeline.pageInfo.endCursor).toBe(cursor)
      }),
    ))
})

describe('paging at its ends', () => {
  const [one, two] = threeRegions
  if (!one || !two) throw new Error('Expected two regions')
  const itemAt = (name: string, at: number, region = one.code) => resultItem({ kind: 'results', name, region, at })

  test('a page has a next page and a cursor while any region is unread, even when the page is empty', async () => {
    const held = [
      { region: one, items: [] },
      { region: two, items: [itemAt('x', 1, two.code)] },
    ]
    const { timeline } = await readPage(held, { first: 5, fares: { [two.code]: ['TIMED_OUT', 'TIMED_OUT'] } })
    expect([timeline.nodes, timeline.pageInfo.hasNextPage]).toEqual([[], true])
    const next = await readPage(held, { first: 5, after: timeline.pageInfo.endCursor })
    expect(next.timeline.nodes).toHaveLength(1)
    expect(next.timeline.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  })

  test('paging does not wait for a region that is left out or refuses, and continues it from its position later', async () => {
    const held = [
      { region: one, items: [itemAt('a', 3), itemAt('b', 1)] },
      { region: two, items: [itemAt('x', 2, two.code)] },
    ]
    for (const without of [{ regions: [one.code] }, { fares: { [two.code]: ['refuses', 'refuses'] as const } }]) {
      const { timeline } = await readPage(held, { first: 5, ...without })
      expect(timeline.pageInfo.hasNextPage).toBe(false)
      const next = await readPage(held, { first: 5, after: timeline.pageInfo.endCursor })
      expect(next.timeline.nodes.map(({ identifier }) => identifier?.value)).toEqual(['x'])
    }
  })

  test('a page shows an item once when a late region also returns it, with both sources and the newest whole', async () => {
    const old = resultItem({ kind: 'results', name: 'x', region: one.code, at: 5, version: 1, value: '7.0' })
    const held = [
      { region: one, items: [old, itemAt('b', 1)] },
      { region: two, items: [{ ...old, version: 2, value: '7.4' }] },
    ]
    const first = await readPage(held, { first: 1, fares: { [two.code]: ['UNREACHABLE', 'UNREACHABLE'] } })
    expect(first.timeline.nodes).toMatchObject([{ id: old.id, value: '7.0', sources: [{ region: one.code }] }])
    const { timeline, asks } = await readPage(held, { first: 2, after: first.timeline.pageInfo.endCursor })
    expect(timeline.nodes.map(({ id, value, sources }) => [id, value, sources.map(({ region }) => region)])).toEqual([
      [old.id, '7.4', [two.code, one.code]],
      [itemAt('b', 1).id, 'v', [one.code]],
    ])
    expect(timeline.nodes[0]?.conflicts).toEqual([
      {
        field: 'value',
        values: [
          { region: two.code, value: '7.4' },
          { region: one.code, value: '7.0' },
        ],
      },
    ])
    expect([...asks].map(([code, sections]) => [code, sections.map(({ args }) => args.ids ?? 'page')])).toEqual([
      [one.code, ['page', [old.id]]],
      [two.code, ['page']],
    ])
  })

  test.each(['TIMED_OUT', 'refuses', 'knows nothing', 'bears another birth date'] as const)(
    'a region that on its second call %s counts as missing from the page, and the next page catches up',
    async (again) => {
      const shared = resultItem({ kind: 'results', name: 'x', region: one.code, at: 5 })
      const held = [
        { region: one, items: [shared, itemAt('b', 1)] },
        { region: two, items: [shared] },
      ]
      const first = await readPage(held, { first: 1, fares: { [two.code]: ['FAILED', 'FAILED'] } })
      const second = await readPage(held, {
        first: 5,
        after: first.timeline.pageInfo.endCursor,
        fares: { [one.code]: ['answers', again] },
      })
      expect(second.timeline.nodes.map(({ id, sources }) => [id, sources.map(({ region }) => region)])).toEqual([
        [shared.id, [two.code]],
      ])
      expect(second.timeline).toMatchObject({
        complete: false,
        message: expect.stringContaining('e-Xchange did not answer; what it holds is missing below.'),
      })
      expect(second.timeline.pageInfo.hasNextPage).toBe(true)
      const third = await readPage(held, { first: 5, after: second.timeline.pageInfo.endCursor })
      expect(third.timeline.nodes.map(({ identifier }) => identifier?.value)).toEqual(['b'])
    },
  )

  test('a cursor from a superseded number continues by that number and by the one in force', async () => {
    const inForce = '9990000026'
    const nhsNumbers = [nhsNumber, inForce]
    const held = [{ region: one, nhsNumbers, items: [itemAt('a', 3), itemAt('b', 2)] }]
    const { timeline } = await readPage(held, { first: 1 })
    for (const number of nhsNumbers) {
      const next = await readPage(held, { first: 1, after: timeline.pageInfo.endCursor, nhsNumber: number })
      expect(next.timeline.nodes.map(({ identifier }) => identifier?.value)).toEqual(['b'])
    }
  })
})
