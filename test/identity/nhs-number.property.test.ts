import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDigit, isNhsNumber, toNhsNumber } from '../../schema/nhs-number.ts'

const digit = fc.integer({ min: 0, max: 9 })
const tenDigits = fc.array(digit, { minLength: 10, maxLength: 10 }).map((digits) => digits.join(''))
/** Valid numbers, made without the code under test: nine digits and the one that completes them, where one does. */
const validNumber = fc
  .array(digit, { minLength: 9, maxLength: 9 })
  .map((digits) => digits.join(''))
  .chain((nine) => fc.constantFrom(...completions(nine), ''))
  .filter((number) => number !== '')

/**
 * Weights 10 to 1 over all ten digits: a valid number's weighted sum is a multiple of 11. Another form of the rule in
 * the NHS Data Model and Dictionary.
 */
function isValid(number: string): boolean {
  return [...number].reduce((sum, one, place) => sum + Number(one) * (10 - place), 0) % 11 === 0
}

function completions(nineDigits: string): readonly string[] {
  return Array.from({ length: 10 }, (_, last) => nineDigits + last).filter(isValid)
}

describe('an NHS number', () => {
  test('an NHS number is valid exactly when its weighted sum is a multiple of 11', () => {
    fc.assert(
      fc.property(fc.oneof(tenDigits, validNumber), (number) => {
        expect(isNhsNumber(number)).toBe(isValid(number))
      }),
    )
    expect(isNhsNumber('9990000018')).toBe(true)
  })

  test('nine digits have one check digit, or none where none completes the number', () => {
    fc.assert(
      fc.property(fc.array(digit, { minLength: 9, maxLength: 9 }), (digits) => {
        const nine = digits.join('')
        const found = checkDigit(nine)
        expect(found === null ? [] : [nine + found]).toEqual(completions(nine))
      }),
    )
  })

  test('a number with a mistyped digit or two swapped neighbours is not valid', () => {
    fc.assert(
      fc.property(validNumber, fc.nat({ max: 9 }), digit, (number, place, typed) => {
        const mistyped = number.slice(0, place) + typed + number.slice(place + 1)
        expect(isNhsNumber(mistyped)).toBe(mistyped === number)
        const swapped =
          number.slice(0, place) + [...number.slice(place, place + 2)].reverse().join('') + number.slice(place + 2)
        expect(isNhsNumber(swapped)).toBe(swapped === number)
      }),
    )
  })

  test('an NHS number may contain spaces and hyphens anywhere, and nothing else', () => {
    const separators = fc.array(fc.constantFrom('', ' ', '-', '  '), { minLength: 11, maxLength: 11 })
    fc.assert(
      fc.property(fc.oneof(tenDigits, validNumber), separators, (number, between) => {
        const written = between.map((separator, place) => separator + (number[place] ?? '')).join('')
        expect(toNhsNumber(written)).toBe(isValid(number) ? number : null)
      }),
    )
    fc.assert(
      fc.property(
        validNumber,
        fc.nat({ max: 10 }),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
        (number, place, other) => {
          fc.pre(!/[\s-]/.test(other))
          expect(toNhsNumber(number.slice(0, place) + other + number.slice(place))).toBeNull()
        },
      ),
    )
  })
})
