import { expect, test } from 'vitest'
import { createPeople } from '../../subgraphs/demo/create-people.ts'
import { isSnomedConcept } from '../support/publishing/is-snomed-concept.ts'

const bundles = JSON.stringify(
  createPeople(new Date('2026-11-22T09:30:00Z')).map(({ bundles }) => [...bundles.values()]),
)
const codesOf = (system: string) => [
  ...new Set(
    [...bundles.matchAll(new RegExp(`"system":"${system}","code":"([^"]+)"`, 'g'))].map(([, code]) => code ?? ''),
  ),
]

test('every SNOMED CT code has the check digit of a concept', () => {
  const codes = codesOf('http://snomed.info/sct')
  expect(codes.length).toBeGreaterThan(80)
  expect(codes.filter((code) => !isSnomedConcept(code))).toEqual([])
})

test('every LOINC code has its check digit', () => {
  const codes = codesOf('http://loinc.org')
  expect(codes.length).toBeGreaterThan(10)
  expect(codes.filter((code) => !isLuhn(code.replace('-', '')))).toEqual([])
})

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (1 + (index % 2))
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
