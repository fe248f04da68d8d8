import { expect, test } from 'vitest'
import { printChart } from '../../gateway/utilisation/browser/print-chart.js'

test.each([
  [
    [0, 0],
    ['0', '1', '2'],
  ],
  [
    [1, null],
    ['0', '1', '2'],
  ],
  [
    [7, 5],
    ['0', '4', '8'],
  ],
  [
    [1999, 8],
    ['0', '1,000', '2,000'],
  ],
])('the axis of %j has three whole numbers, evenly apart', (counts, marks) => {
  const periods = counts.map((count, index) => ({ period: `2026-W0${index + 1}`, count }))
  const svg = printChart('Views', { periods, known: 2, total: null, mean: null })
  expect([...svg.matchAll(/text-anchor="end">([\d,]+)</g)].map(([, mark]) => mark)).toEqual(marks)
})
