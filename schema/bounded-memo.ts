import { LRUCache } from 'lru-cache'

/**
 * Memoises `make` by key. It evicts the least recently used, above a number of entries or of characters of keys in all.
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
