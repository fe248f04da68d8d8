import { createHash } from 'node:crypto'
import { checkDigit } from '../../schema/nhs-number.ts'

/**
 * The NHS number in the 999 test range that a patient known by this text is given: 999, six digits from 100000 to 999999 made from its
 * SHA-256, and the check digit. The same text has the same number, in every region and run; two texts may rarely share one.
 */
export function toTestNumber(identity: string): string {
  for (let digest = sha256(identity); ; digest = sha256(digest)) {
    const nineDigits = `999${100_000 + (digest.readUIntBE(0, 6) % 900_000)}`
    const last = checkDigit(nineDigits)
    // No NHS number has the check digit 10, so the next digest is tried.
    if (last !== null) return nineDigits + last
  }
}

function sha256(input: string | Buffer): Buffer {
  return createHash('sha256').update(input).digest()
}
