import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runToCompletion } from '../../gateway/utilisation/cooperative-task.ts'
import { type Flow, isSmall, suppress } from '../../gateway/utilisation/suppress.ts'
import { possibleValues } from '../support/utilisation/possible-values.ts'

const numRuns = Number(process.env.CASES ?? 150)
const count = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 3, arbitrary: fc.integer({ min: 5, max: 9 }) },
)

/** A table of two dimensions with all its sums. */
const table = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(count, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
  )
  .map((rows): readonly Flow[] => {
    const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0)
    const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] ?? 0)) ?? []
    return [
      { from: 'columns', to: 'rows', count: sum(rows.flat()), mustPublish: true },
      ...rows.map((row, index) => ({ from: 'rows', to: `row ${index}`, count: sum(row) })),
      ...columns.map((column, index) => ({ from: `column ${index}`, to: 'columns', count: sum(column) })),
      ...rows.flatMap((row, index) =>
        row.map((one, column) => ({ from: `row ${index}`, to: `column ${column}`, count: one })),
      ),
    ]
  })

/** Views by organisation within home, and by role, with what was refused beside them. */
const views = fc
  .record({
    homes: fc.array(fc.array(count, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
    refused: fc.array(count, { maxLength: 2 }),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ homes, refused, cut }): readonly Flow[] => {
    const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0)
    const all = sum(homes.flat())
    const first = Math.floor(cut * all)
    return [
      { from: 'asked', to: 'outcomes', count: all + sum(refused) },
      { from: 'outcomes', to: 'views', count: all, mustPublish: true },
      ...refused.map((one) => ({ from: 'outcomes', to: 'asked', count: one })),
      ...homes.map((home, index) => ({ from: 'views', to: `home ${index}`, count: sum(home) })),
      ...homes.flatMap((home, index) => home.map((one) => ({ from: `home ${index}`, to: 'viewers', count: one }))),
      ...[first, all - first].map((one) => ({ from: 'viewers', to: 'asked', count: one })),
    ]
  })

/** The small figures that an attacker finds out, each as what is known of it. */
function findFoundOut(flows: readonly Flow[], shown: readonly (number | null)[]): readonly string[] {
  const most = Math.max(...flows.map((flow) => flow.count)) + 4
  const seen = flows.map(({ from, to }, index) => ({ from, to, shown: shown[index] ?? null }))
  return flows.flatMap((flow, index) => {
    if (!isSmall(flow.count)) return []
    if (shown[index] !== null) return [`${flow.from} to ${flow.to} is shown`]
    const values = possibleValues(seen, index, most)
    return values.length < 2 ? [`${flow.from} to ${flow.to} is ${values.join()}`] : []
  })
}

describe.each([
  ['a table with its sums', table],
  ['views by home, organisation and role', views],
])('of %s', (_, flowsOf) => {
  test('no small figure can be found out from all that is published, and what is published is true', {
    timeout: 600_000,
  }, () => {
    fc.assert(
      fc.property(flowsOf, (flows) => {
        const shown = runToCompletion(suppress(flows))
        if (!shown) return
        expect(findFoundOut(flows, shown)).toEqual([])
        for (const [index, one] of shown.entries()) if (one !== null) expect(one).toBe(flows[index]?.count)
        for (const [index, { count: true_ }] of flows.entries()) if (true_ === 0) expect(shown[index]).toBe(0)
      }),
      { numRuns },
    )
  })

  test('all is withheld only where a kept figure is small, or hiding everything else would still give one away', {
    timeout: 600_000,
  }, () => {
    fc.assert(
      fc.property(flowsOf, (flows) => {
        if (
          runToCompletion(suppress(flows)) ||
          flows.some(({ count: one, mustPublish }) => mustPublish && isSmall(one))
        )
          return
        const hidden = flows.map(({ count: one, mustPublish: kept }) => (one === 0 || kept ? one : null))
        expect(findFoundOut(flows, hidden)).not.toEqual([])
      }),
      { numRuns },
    )
  })
})

test('the attack finds out what suppressing small figures alone gives away', () => {
  const flows = [
    { from: 'parts', to: 'all', count: 103, mustPublish: true },
    { from: 'all', to: 'parts', count: 3 },
    { from: 'all', to: 'parts', count: 100 },
  ]
  expect(findFoundOut(flows, [103, null, 100])).toEqual(['all to parts is 3'])
  expect(runToCompletion(suppress(flows))).toEqual([103, null, null])
})

test('two small figures that can only be one each are not left to themselves', () => {
  const parts = [1, 1, 40].map((one) => ({ from: 'all', to: 'parts', count: one }))
  const flows = [{ from: 'parts', to: 'all', count: 42, mustPublish: true }, ...parts]
  expect(findFoundOut(flows, [42, null, null, 40])).toHaveLength(2)
  expect(runToCompletion(suppress(flows))).toEqual([42, null, null, null])
})

test('where nothing is small, all is published', () => {
  const flows = [9, 5, 0].map((one) => ({ from: 'all', to: 'parts', count: one }))
  expect(runToCompletion(suppress([{ from: 'parts', to: 'all', count: 14 }, ...flows]))).toEqual([14, 9, 5, 0])
})
