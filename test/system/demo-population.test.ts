import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isNhsNumber } from '../../schema/nhs-number.ts'
import { documentsAtScale } from '../../subgraphs/demo/population/figures.ts'
import { outlines } from '../../subgraphs/demo/population/outlines.ts'
import { population } from '../../subgraphs/demo/population/population.ts'
import type { DemoRegion } from '../../subgraphs/demo/vocabulary/person.ts'
import { demoRegions } from '../../subgraphs/demo/vocabulary/person.ts'
import type { PublishedItem, UnattributedPublication } from '../../subgraphs/store/record-store.ts'

const now = new Date('2026-11-22T09:30:00Z')
const seed = 1
const [merseyside, lancashire] = ['cheshire-merseyside', 'lancashire-south-cumbria'] as const

describe('the population', () => {
  test('is the same for the same seed and week, and another for another seed', () => {
    const made = digestOf(merseyside, { seed, now })
    expect(digestOf(merseyside, { seed, now: new Date('2026-11-17T23:00:00Z') })).toBe(made)
    expect(digestOf(merseyside, { seed: 2, now })).not.toBe(made)
  })

  test.each([0.000_01, 0.000_37, 0.002])('has exactly the documents of its scale in each region, at %d', (scale) => {
    for (const region of demoRegions)
      expect(documentsOf([...population({ region, seed, scale, now })]).length).toBe(documentsAtScale(region, scale))
  })

  test("has the programme's documents at a hundredth", () => {
    const people = [...outlines({ seed, scale: 0.01 })]
    const total = (region: DemoRegion) => people.reduce((sum, { documents }) => sum + (documents.get(region) ?? 0), 0)
    expect([total(lancashire), total(merseyside)]).toEqual([52_349, 30_145])
  })

  test('has valid numbers, each once, that no story and no re-numbering import has', () => {
    const numbers = [...outlines({ seed, scale: 0.01 })].flatMap(({ nhsNumber, earlierNumber }) =>
      earlierNumber === null ? [nhsNumber] : [nhsNumber, earlierNumber],
    )
    expect(numbers.length).toBeGreaterThan(8000)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.filter((number) => !isNhsNumber(number) || number < '9990100000' || number >= '9991000000')).toEqual(
      [],
    )
  })

  test("fits into the 999 range at the programme's size", () => {
    const total = (documents: ReadonlyMap<DemoRegion, number>, region: DemoRegion) => documents.get(region) ?? 0
    const sums = { people: 0, lancashire: 0, merseyside: 0 }
    for (const { documents } of outlines({ seed, scale: 1 })) {
      sums.people++
      sums.lancashire += total(documents, lancashire)
      sums.merseyside += total(documents, merseyside)
    }
    expect(sums).toMatchObject({ lancashire: 5_234_942, merseyside: 3_014_529 })
    expect(sums.people).toBeGreaterThan(800_000)
  })
})

describe('the people in both regions', () => {
  const byNumber = demoRegions.map(
    (region) =>
      new Map(
        [...population({ region, seed, scale: 0.003, now })].map((one) => [one.patients[0]?.nhsNumber ?? '', one]),
      ),
  )
  const pairs = [...(byNumber[0] ?? [])].flatMap(([number, one]) =>
    byNumber[1]?.has(number) ? [[one, byNumber[1].get(number) ?? one] as const] : [],
  )
  const outlineOf = new Map([...outlines({ seed, scale: 0.003 })].map((outline) => [outline.nhsNumber, outline]))

  test('are about fifteen of a hundred, and in both by the outline', () => {
    expect(pairs.length / outlineOf.size).toBeGreaterThan(0.13)
    expect(pairs.length / outlineOf.size).toBeLessThan(0.17)
    expect(pairs.length).toBe([...outlineOf.values()].filter(({ documents }) => documents.size === 2).length)
  })

  test('were born on the same day and have had the same numbers, but for few that are said to differ', () => {
    const differing = pairs.filter(
      ([one, other]) => one.patients[0]?.fields.birthDate !== other.patients[0]?.fields.birthDate,
    )
    expect(differing.length / pairs.length).toBeLessThan(0.03)
    for (const [one, other] of pairs) {
      expect(one.patients[0]?.supersedes).toEqual(other.patients[0]?.supersedes)
      const fieldsThatDiffer = Object.entries(one.patients[0]?.fields ?? {}).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(other.patients[0]?.fields ?? {}, name)),
      )
      // The practice is also who says it.
      expect(
        fieldsThatDiffer.map(([name]) => name).filter((name) => name !== 'organisation').length,
      ).toBeLessThanOrEqual(1)
    }
  })

  test('have the same items of the practice under the same identifiers, which say the same; or, re-minted, under none of them', () => {
    let reminted = 0
    for (const [one, other] of pairs) {
      const there = new Map(other.items.map((item) => [JSON.stringify(item.identifier), item]))
      const same = one.items.filter(({ identifier }) => identifier && there.has(JSON.stringify(identifier)))
      if (same.length === 0) reminted++
      for (const item of same)
        expect({ ...there.get(JSON.stringify(item.identifier)), entry: 0, lifecycle: '' }).toEqual({
          ...item,
          entry: 0,
          lifecycle: '',
        })
    }
    expect(reminted / pairs.length).toBeGreaterThan(0.1)
    expect(reminted / pairs.length).toBeLessThan(0.35)
  })

  test('have no two documents with the same bytes, but the one that is in both', () => {
    for (const pair of pairs) {
      const documents = documentsOf(pair).filter(({ resourceId }) => !/^[PR]/.test(resourceId))
      const hashes = documents.flatMap(({ fields }) => fields.content?.sha256 ?? [])
      expect(new Set(hashes).size).toBe(hashes.length)
    }
  })
})

describe('what is held of a person', () => {
  const publications = [...population({ region: lancashire, seed, scale: 0.003, now })]

  test('lies between birth and death, or now; appointments are to come', () => {
    for (const { patients, items } of publications) {
      const { birthDate, deceasedAt } = patients[0]?.fields ?? expect.fail('no demographic record')
      const born = Date.parse(`${birthDate}T00:00:00Z`) - 3_600_000
      const end = deceasedAt === null ? now.getTime() : Date.parse(`${deceasedAt}T23:59:59Z`)
      for (const { section, orderedAtMs } of items) {
        if (orderedAtMs === null) continue
        if (section === 'appointments') expect(orderedAtMs).toBeGreaterThan(now.getTime())
        else
          expect(
            orderedAtMs >= born && orderedAtMs <= end,
            `${section} of ${new Date(orderedAtMs).toISOString()}, ${birthDate} to ${deceasedAt ?? 'now'}`,
          ).toBe(true)
      }
    }
  })

  test('goes back ten years, half of it the last two and a half', () => {
    const ages = documentsOf(publications).flatMap(({ orderedAtMs }) =>
      orderedAtMs === null ? [] : (now.getTime() - orderedAtMs) / 31_557_600_000,
    )
    expect(Math.max(...ages)).toBeGreaterThan(9)
    const recent = ages.filter((age) => age < 2.6).length / ages.length
    expect(recent).toBeGreaterThan(0.45)
    expect(recent).toBeLessThan(0.65)
  })

  test('has numbers of entries of its own, and identifiers that nobody else has', () => {
    const identifiers = publications.flatMap(({ items }) =>
      items.flatMap(({ identifier }) => (identifier ? [`${identifier.system}|${identifier.value}`] : [])),
    )
    expect(new Set(identifiers).size).toBe(identifiers.length)
    for (const { patients, items, optOuts } of publications)
      expect([...patients, ...items, ...optOuts].map(({ entry }) => entry)).toEqual(
        entriesOf(1 + items.length + optOuts.length),
      )
  })
})

function documentsOf(publications: readonly UnattributedPublication[]) {
  return publications.flatMap(({ items }) =>
    items.flatMap((item) => (item.section === 'documents' ? [item as PublishedItem<'documents'>] : [])),
  )
}

function digestOf(region: DemoRegion, options: { readonly seed: number; readonly now: Date }): string {
  const hash = createHash('sha256')
  for (const publication of population({ region, scale: 0.001, ...options })) hash.update(JSON.stringify(publication))
  return hash.digest('hex')
}

function entriesOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}
