import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readInstant } from '../../gateway/regions/reply-item.ts'

const numRuns = Number(process.env.CASES ?? 2000)
const written = fc
  .date({ min: new Date('0000-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

test('an instant is read as Date.parse reads it, wherever it stands', () => {
  let read = 0
  fc.assert(
    fc.property(written, fc.nat(40), (text, before) => {
      const found = readInstant(Buffer.from(`${' '.repeat(before)}${text}"}`), before)
      if (found !== null) read++
      expect(found ?? Date.parse(text)).toBe(Date.parse(text))
    }),
    { numRuns },
  )
  // All but the days that not every month has.
  expect(read).toBeGreaterThan(numRuns * 0.8)
})

test('what is no such instant is not read, or as Date.parse reads it', () => {
  fc.assert(
    fc.property(
      written,
      fc.nat(23),
      fc.constantFrom('0', '5', '9', '-', ':', '.', 'T', 'Z', 'x', ' ', '+', '\u0000'),
      (text, at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1)
        const found = readInstant(Buffer.from(changed), 0)
        expect(found ?? Date.parse(changed)).toBe(Date.parse(changed))
      },
    ),
    { numRuns },
  )
})
