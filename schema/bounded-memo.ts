/** Remembers what `make` gave for a key, the newest `maxEntries` of them. */
export function createBoundedMemo<T>(maxEntries: number): (key: string, make: () => T) => T {
  const known = new Map<string, T>()
  return (key, make) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make()
    if (known.size >= maxEntries)
      for (const oldest of known.keys()) {
        known.delete(oldest)
        break
      }
    known.set(key, made)
    return made
  }
}
