import { checkDigit } from '../../../schema/nhs-number.ts'

/**
 * The population's NHS numbers in order: valid, from 999 010 000 up. Up to 099 999 they are nobody else's; beyond (from
 * a scale of 0.098 on) an import that re-numbers its patients may meet one. Throws where the 999 range ends, at a scale
 * of about 1.07.
 */
export function* nhsNumbers(): Generator<string, never> {
  for (let serial = 10_000; serial <= 999_999; serial++) {
    const nineDigits = `999${String(serial).padStart(6, '0')}`
    const last = checkDigit(nineDigits)
    if (last !== null) yield nineDigits + last
  }
  throw new RangeError('Population: expected a scale that the 999 range has numbers for (1 does), found a larger one.')
}
