import { isDeepStrictEqual } from 'node:util'

const mostWords = 1_000

/** A sentence where something is not as expected; nothing where it is. */
export function findDifference(what: string, found: unknown, expected: unknown): readonly string[] {
  const [wanted, seen] = [expected, found].map((value) => (JSON.stringify(value) ?? 'nothing').slice(0, mostWords))
  return isDeepStrictEqual(found, expected) ? [] : [`${what}: expected ${wanted}, found ${seen}`]
}
