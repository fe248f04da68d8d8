import { describe, expect, it } from 'vitest'
import {
  daysSince,
  toFourDigitYearLondonDay,
  toMinAge,
  untilLondonMidnightMs,
} from '../../schema/policies/policy-dates.ts'
import { toPurpose } from '../../schema/policies/to-access-facts.ts'
import { noon } from '../support/consent/policy-cases.ts'

describe('the protective reading of partly known dates', () => {
  it.each([
    ['a whole birth date', '2010-11-22', 16],
    ['the day before the birthday', '2010-11-23', 15],
    ['a month, as if born on its last day', '2010-11', 15],
    ['a month that is over', '2010-10', 16],
    ['a year, as if born on its last day', '2010', 15],
    ['a year before', '2009', 16],
    ['29 February, in a year that has none', '2008-02-29', 18],
    ['an instant that in London is already the next day', '2010-07-22T23:30:00Z', 16],
    ['a year that may still be to come', '2026', null],
    ['a birth still to come', '2027-01-01', null],
    ['no text', null, null],
    ['text that is no date', 'unknown', null],
    ['a date that means unknown', '0001-01-01', null],
    ['an instant of the year 0, in London', '0001-01-01T00:00:00+14:00', null],
    ['the last year', '9999', null],
    ['an instant of the year 10000, in London', '9999-12-31T23:59:59-14:00', null],
  ])("a decision reads a patient's age from %s", (_sentence, birthDate, age) => {
    expect(toMinAge(birthDate, noon)).toBe(age)
  })

  it.each([
    ['today', '2026-11-22', 0],
    ['a whole date', '2026-10-25', 28],
    ['a month, as its first day', '2026-10', 52],
    ['a year, as its first day', '2026', 325],
    ['a date before a change of clocks', '2026-10-24', 29],
    ['an instant late in the evening, in summer time', '2026-09-30T23:30:00Z', 52],
    ['a day to come', '2026-11-23', null],
    ['an instant of the year 0, in London', '0001-01-01T00:00:00+14:00', 375_064],
    ['an early year', '0099', 375_064],
    ['the last year', '9999', null],
    ['an instant of the year 10000, in London', '9999-12-31T23:59:59-14:00', null],
    ['no text', null, null],
  ])('a decision counts the days since %s', (_sentence, date, days) => {
    expect(daysSince(date, noon)).toBe(days)
  })

  it("a decision uses London's day and its midnight", () => {
    expect(toFourDigitYearLondonDay(Date.parse('2026-07-01T23:30:00Z'))).toBe('2026-07-02')
    expect(untilLondonMidnightMs(noon)).toBe(12 * 3_600_000)
    expect(untilLondonMidnightMs(Date.parse('2026-10-25T00:00:00Z'))).toBe(24 * 3_600_000)
  })
})

describe('the purpose that the token and the request state together', () => {
  it.each([
    [null, 'DIRECT_CARE', 'DIRECT_CARE'],
    [null, 'EMERGENCY', 'EMERGENCY'],
    ['DIRECT_CARE', 'DIRECT_CARE', 'DIRECT_CARE'],
    ['DIRECT_CARE', 'EMERGENCY', 'OTHER'],
    ['RESEARCH', 'DIRECT_CARE', 'OTHER'],
    ['RESEARCH', 'RESEARCH', 'OTHER'],
  ])('a token for %s whose request states %s has the purpose %s', (token, stated, purpose) => {
    expect(toPurpose(token, stated)).toBe(purpose)
  })
})
