/** Memoises `make` by key. It evicts the least recently used, above a number of entries or of characters in all. */
export function createBoundedMemo<T>(
  maxEntries: number,
  maxCharacters = Number.POSITIVE_INFINITY,
): (key: string, make: () => T) => T {
  const known = new Map<string, T>()
  let characters = 0
  const forget = (key: string) => {
    if (known.delete(key)) characters -= key.length
  }
  return (key, make) => {
    const found = known.get(key)
    const value = found === undefined ? make() : found
    // Re-inserting moves the key to the end, so that the first key is the least recently used.
    forget(key)
    known.set(key, value)
    characters += key.length
    for (const oldest of known.keys()) {
      if (known.size <= maxEntries && characters <= maxCharacters) break
      forget(oldest)
    }
    return value
  }
}
