import { checkDigit } from '../../../schema/nhs-number.ts'

/** So many valid NHS numbers, each once, from 998 000 000 up: never issued, and enough for a million. */
export function* nhsNumbers(count: number): Generator<string, void> {
  let made = 0
  for (let serial = 998_000_000; made < count; serial++) {
    const last = checkDigit(String(serial))
    if (last === null) continue
    made++
    yield `${serial}${last}`
  }
}
