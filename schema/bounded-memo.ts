import { LRUCache } from 'lru-cache'

/**
 * Creates a function that returns what `make` made for a key. It keeps the values of the keys last asked for: at most `maxEntries`, and at most
 * `maxCharacters` of keys in all.
 */
export function createBoundedMemo<T extends NonNullable<unknown>>(
  maxEntries: number,
  maxCharacters = Number.POSITIVE_INFINITY,
): (key: string, make: () => T) => T {
  const known = new LRUCache<string, T>({
    max: maxEntries,
    ...(Number.isFinite(maxCharacters)
      ? { maxSize: maxCharacters, sizeCalculation: (_: T, key: string) => Math.max(1, key.length) }
      : {}),
  })
  return (key, make) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make()
    known.set(key, made)
    return made
  }
}
