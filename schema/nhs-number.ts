/** Whether a text is ten digits with the NHS number's modulus 11 check digit. */
export function isNhsNumber(text: string): boolean {
  return /^\d{10}$/.test(text) && checkDigit(text.slice(0, 9)) === Number(text[9])
}

/** Removes the spaces and hyphens that people write (3-3-4). Null if the rest is no valid NHS number. */
export function toNhsNumber(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return isNhsNumber(digits) ? digits : null
}

/** Computes the check digit of nine digits, weights 10 to 2. Null where it would be 10, which no NHS number has. */
export function checkDigit(nineDigits: string): number | null {
  let sum = 0
  for (let i = 0; i < 9; i++) sum += (nineDigits.charCodeAt(i) - 48) * (10 - i)
  const remainder = 11 - (sum % 11)
  if (remainder === 10) return null
  return remainder === 11 ? 0 : remainder
}
