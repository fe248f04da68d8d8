/**
 * Whether the digits may be a SNOMED CT concept's: the two before the last say what an identifier stands for, 00 and 10
 * a concept.
 */
export function isSnomedConcept(code: string): boolean {
  return /[01]0\d$/.test(code) && isVerhoeff(code)
}

/** Verhoeff's dihedral check (SNOMED CT Release File Specification, Check-digit computation). */
function isVerhoeff(digits: string): boolean {
  const times = (a: number, b: number) =>
    a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5
  const step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
  const permute = (digit: number, count: number): number => (count === 0 ? digit : permute(step[digit] ?? 0, count - 1))
  return [...digits].reverse().reduce((check, digit, index) => times(check, permute(Number(digit), index % 8)), 0) === 0
}
