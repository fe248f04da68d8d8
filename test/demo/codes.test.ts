import { expect, test } from 'vitest'
import { createPeople } from '../../subgraphs/demo/create-people.ts'

const bundles = JSON.stringify(createPeople(new Date('2026-11-22T09:30:00Z')).map(({ bundles }) => [...bundles.values()]))
const codesOf = (system: string) => [...new Set([...bundles.matchAll(new RegExp(`"system":"${system}","code":"([^"]+)"`, 'g'))].map(([, code]) => code ?? ''))]

test('every SNOMED CT code has the check digit of a concept', () => {
  const codes = codesOf('http://snomed.info/sct')
  expect(codes.length).toBeGreaterThan(80)
  expect(codes.filter((code) => !isVerhoeff(code))).toEqual([])
  // The last two digits before the check digit say what an identifier stands for: 00 and 10 a concept.
  expect(codes.filter((code) => !/[01]0\d$/.test(code))).toEqual([])
})

test('every LOINC code has its check digit', () => {
  const codes = codesOf('http://loinc.org')
  expect(codes.length).toBeGreaterThan(10)
  expect(codes.filter((code) => !isLuhn(code.replace('-', '')))).toEqual([])
})

/** Verhoeff's dihedral check (SNOMED CT Release File Specification, Check-digit computation). */
function isVerhoeff(digits: string): boolean {
  const times = (a: number, b: number) => (a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5)
  const step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
  const permute = (digit: number, count: number): number => (count === 0 ? digit : permute(step[digit] ?? 0, count - 1))
  return [...digits].reverse().reduce((check, digit, index) => times(check, permute(Number(digit), index % 8)), 0) === 0
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (1 + (index % 2))
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
