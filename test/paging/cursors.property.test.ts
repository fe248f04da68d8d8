import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCursorCodec } from '../../gateway/patient-view/timeline-cursor.ts'
import type { TimelinePosition } from '../../schema/timeline-position.ts'
import { type PageQuestion, readPage } from '../support/patient-view/model-regions.ts'
import { resultItem } from '../support/patient-view/region-items.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const cursors = createCursorCodec(new Uint8Array(32).fill(1))
const position: fc.Arbitrary<TimelinePosition> = fc.record({
  orderedAtMs: fc.option(fc.integer({ min: -4_000_000_000_000, max: 4_000_000_000_000 })),
  id: fc.string({ minLength: 22, maxLength: 22, unit: fc.constantFrom(...alphabet) }),
})
const positions = fc
  .dictionary(fc.constantFrom('CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA', 'WALES'), position, {
    noNullPrototype: true,
  })
  .map((one) => new Map(Object.entries(one)))
const binding = fc.record({
  nhsNumber: fc.constantFrom('9990000018', '9990000026', '9990000034'),
  field: fc.constantFrom('results', 'documents', 'encounters'),
  filter: fc.constantFrom(null, undefined, { all: true }, { all: false }, { all: true, codes: ['1'] }),
})
const key = ({ nhsNumber, field, filter }: { nhsNumber: string; field: string; filter?: unknown }) =>
  JSON.stringify([nhsNumber, field, filter ?? null])

describe('a timeline cursor', () => {
  test('a cursor returns its positions for the same patient, field and filter, and for nothing else', () => {
    fc.assert(
      fc.property(positions, binding, binding, (held, bound, asked) => {
        const { nhsNumber, ...rest } = bound
        const cursor = cursors.print(held, { nhsNumbers: new Set([nhsNumber]), ...rest })
        expect(cursors.parse(cursor, asked)).toEqual(key(bound) === key(asked) ? held : null)
        expect(createCursorCodec(new Uint8Array(32).fill(2)).parse(cursor, bound)).toBeNull()
      }),
    )
  })

  test('a cursor works for the requested number and the number in force, and contains neither', () => {
    fc.assert(
      fc.property(positions, binding, (held, { field, filter }) => {
        const cursor = cursors.print(held, { nhsNumbers: new Set(['9990000018', '9990000026']), field, filter })
        for (const nhsNumber of ['9990000018', '9990000026']) {
          expect(cursors.parse(cursor, { nhsNumber, field, filter })).toEqual(held)
          expect(Buffer.from(cursor, 'base64url').includes(nhsNumber)).toBe(false)
        }
        expect(cursors.parse(cursor, { nhsNumber: '9990000034', field, filter })).toBeNull()
      }),
    )
  })

  test('a sealed cursor reads back unchanged and shows no id', () => {
    fc.assert(
      fc.property(positions, binding, (held, { nhsNumber, ...rest }) => {
        const cursor = cursors.print(held, { nhsNumbers: new Set([nhsNumber]), ...rest, isSealed: true })
        expect(cursors.parse(cursor, { nhsNumber, ...rest })).toEqual(held)
        for (const { id } of held.values()) expect(Buffer.from(cursor, 'base64url').includes(id)).toBe(false)
      }),
    )
  })

  test('a cursor without positions is the same sealed or not, so that it does not reveal a concealed number', () => {
    const bound = { nhsNumbers: new Set(['9990000018']), field: 'documents', filter: null }
    expect(cursors.print(new Map(), { ...bound, isSealed: true })).toBe(cursors.print(new Map(), bound))
  })

  test('a cursor with a changed, added or missing character is refused', () => {
    fc.assert(
      fc.property(positions, binding, fc.nat(), fc.constantFrom(...alphabet), (held, bound, at, other) => {
        const { nhsNumber, ...rest } = bound
        const cursor = cursors.print(held, { nhsNumbers: new Set([nhsNumber]), ...rest })
        const place = at % cursor.length
        const [before, after] = [cursor.slice(0, place), cursor.slice(place + 1)]
        for (const tampered of [
          before + other + after,
          before + after,
          `${before}${other}${cursor.slice(place)}`,
          cursor.slice(0, place),
        ]) {
          if (tampered !== cursor) expect(cursors.parse(tampered, bound), tampered).toBeNull()
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('any text that is not a cursor is refused', () => {
    const bound = { nhsNumber: '9990000018', field: 'results', filter: null }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.base64String(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        (text) => {
          expect(cursors.parse(text, bound)).toBeNull()
        },
      ),
      { numRuns: 1000 },
    )
    expect(cursors.parse('A'.repeat(100_000), bound)).toBeNull()
  })
})

describe('a page after a cursor made for something else', () => {
  const [region] = threeRegions
  if (!region) throw new Error('Expected a region')
  const held = [
    {
      region,
      items: [1, 2, 3].map((at) => resultItem({ kind: 'results', name: String(at), region: region.code, at })),
    },
  ]

  test.each<[string, Partial<PageQuestion>]>([
    ['another patient', { nhsNumber: '9990000026' }],
    ['another field', { field: 'documents' }],
    ['another filter', { filter: { all: true } }],
  ])('a page after a cursor for %s is refused as BAD_CURSOR, and no region is called', async (_, other) => {
    const { timeline } = await readPage(held, { first: 1 })
    let asked = 0
    const listening = held.map((one) => ({
      ...one,
      get nhsNumbers() {
        asked++
        return ['9990000018', '9990000026']
      },
    }))
    const page = readPage(listening, { first: 1, after: timeline.pageInfo.endCursor, ...other })
    await expect(page).rejects.toMatchObject({ extensions: { code: 'BAD_CURSOR' } })
    expect(asked).toBe(0)
  })

  test.each([0, -1, 101, Number.NaN])('a page of %s items is refused as FIRST_OUT_OF_RANGE', async (first) => {
    await expect(readPage(held, { first })).rejects.toMatchObject({ extensions: { code: 'FIRST_OUT_OF_RANGE' } })
  })
})
