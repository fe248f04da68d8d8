import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPartialDateTime, toInstantMs, toPeriod } from '../../schema/partial-date-time.ts'

const pad = (value: number, length = 2) => String(value).padStart(length, '0')
const year = fc.oneof(fc.integer({ min: 1, max: 9998 }), fc.integer({ min: 1900, max: 2040 }))
// Days and months that do not exist, among them 29 February of most years, are part of it.
const parts = fc.tuple(year, fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
const precision = fc.constantFrom('year', 'month', 'day')

interface Period {
  readonly startMs: number
  readonly endMs: number
}

/** The model: Temporal, with the tz database's London. */
function modelPeriod([y, m, d]: readonly [number, number, number], precise: string): Period | null {
  try {
    const from = Temporal.PlainDate.from(
      { year: y, month: precise === 'year' ? 1 : m, day: precise === 'day' ? d : 1 },
      { overflow: 'reject' },
    )
    const until = from.add(precise === 'year' ? { years: 1 } : precise === 'month' ? { months: 1 } : { days: 1 })
    const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime('Europe/London').epochMilliseconds
    return { startMs: startOf(from), endMs: startOf(until) - 1 }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function write([y, m, d]: readonly [number, number, number], precise: string): string {
  return [pad(y, 4), ...(precise === 'year' ? [] : [pad(m)]), ...(precise === 'day' ? [pad(d)] : [])].join('-')
}

describe('a partly known date', () => {
  test('a partly known date covers its year, month or day in Europe/London, as Temporal computes it', () => {
    fc.assert(
      fc.property(parts, precision, (date, precise) => {
        const text = write(date, precise)
        const model = modelPeriod(date, precise)
        expect(toPeriod(text)).toEqual(model)
        expect(isPartialDateTime(text)).toBe(model !== null)
        expect(toInstantMs(text)).toBe(model?.startMs ?? null)
      }),
      { numRuns: 2000 },
    )
  })

  test('a day on which the clocks change lasts 23 or 25 hours, in every year from 1916 on', () => {
    const lengths = new Set<number>()
    for (let day = Temporal.PlainDate.from('1916-05-01'); day.year < 2037; day = day.add({ days: 1 })) {
      const hours = day.toZonedDateTime('Europe/London').hoursInDay
      if (hours === 24 && day.day !== 1) continue
      lengths.add(hours)
      expect(toPeriod(day.toString()), day.toString()).toEqual(modelPeriod([day.year, day.month, day.day], 'day'))
    }
    expect([...lengths].sort()).toEqual([23, 24, 25])
  })

  test('a partly known date sorts at the start of its period: a year at 1 January, a month at its first day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9998 }), fc.integer({ min: 1, max: 12 }), (y, m) => {
        expect(toInstantMs(pad(y, 4))).toBe(toInstantMs(`${pad(y, 4)}-01-01`))
        expect(toInstantMs(`${pad(y, 4)}-${pad(m)}`)).toBe(toInstantMs(`${pad(y, 4)}-${pad(m)}-01`))
      }),
    )
  })

  test('29 February is a date in leap years alone', () => {
    for (let y = 1; y <= 9999; y++)
      expect(isPartialDateTime(`${pad(y, 4)}-02-29`), String(y)).toBe((y % 4 === 0 && y % 100 !== 0) || y % 400 === 0)
  })
})

describe('a dateTime', () => {
  const offset = fc.constantFrom('Z', '+00:00', '+01:00', '-05:00', '+05:45', '+14:00')
  // ISO 8601 has 24:00:00 for the end of a day; FHIR has not, and Temporal neither.
  const hour = fc.oneof(fc.integer({ min: 0, max: 23 }), fc.constantFrom(24, 25))
  const sixtieth = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 59 }))
  const time = fc.tuple(hour, fc.oneof(sixtieth, fc.constant(60)), sixtieth, fc.constantFrom('', '.5', '.123', '.9999'))

  test('a dateTime is the instant that Temporal reads', () => {
    fc.assert(
      fc.property(parts, time, offset, (date, [h, min, s, fraction], zone) => {
        const text = `${write(date, 'day')}T${pad(h)}:${pad(min)}:${pad(s)}${fraction}${zone}`
        const model = modelInstantMs(text)
        expect(toPeriod(text)).toEqual(model === null ? null : { startMs: model, endMs: model })
      }),
      { numRuns: 2000 },
    )
  })

  test('a dateTime without an offset, or cut short, has no instant', () => {
    for (const text of [
      '2021-03-04T09:30:00',
      '2021-03-04T09',
      '2021-3-4',
      '2021-',
      '21',
      '',
      '2021-03-04 09:30:00Z',
      '2021-03-04T09:30:00+0100',
      'T09:30Z',
    ]) {
      expect(toPeriod(text), text).toBeNull()
    }
  })
})

function modelInstantMs(text: string): number | null {
  try {
    return Temporal.Instant.from(text).epochMilliseconds
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
