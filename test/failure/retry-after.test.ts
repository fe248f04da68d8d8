import { expect, test } from 'vitest'
import { toRetryAfterMs } from '../../gateway/regions/region-fault.ts'

const nowMs = Date.parse('2026-11-27T12:00:00.000Z')

test.each<[string | string[] | undefined, number | null]>([
  ['0', 0],
  ['120', 120_000],
  [' 120 ', 120_000],
  ['Fri, 27 Nov 2026 12:00:30 GMT', 30_000],
  ['Fri, 27 Nov 2026 11:00:00 GMT', 0],
  [undefined, null],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
  ['99999999999999999999', null],
  ['soon', null],
  ['2026-11-27T12:00:30Z', null],
  ['Fri, 99 Nov 2026 12:00:30 GMT', null],
  [['1', '2'], null],
])('the gateway reads Retry-After: %s as %s ms', (header, expected) => {
  expect(toRetryAfterMs(header, nowMs)).toBe(expected)
})
