import { LRUCache } from 'lru-cache'

/** A value and its expiry, in milliseconds since 1970. */
export interface ExpiringValue<T> {
  readonly value: T
  readonly untilMs: number
}

export interface TimedMemoOptions {
  /** Above this, the least recently used entry is evicted. */
  readonly maxEntries: number
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
}

/** Returns the key's cached value, or what `make` returns. */
export type TimedMemo<T> = (key: string, make: () => Promise<ExpiringValue<T>>) => Promise<T>

interface MemoEntry<T> extends ExpiringValue<T> {
  readonly sinceMs: number
}

/**
 * Memoises values until they expire. Concurrent callers of one key share one call of `make`. A rejection is not cached.
 */
export function createTimedMemo<T>({ maxEntries, now }: TimedMemoOptions): TimedMemo<T> {
  const known = new LRUCache<string, MemoEntry<T>>({ max: maxEntries })
  const pending = new Map<string, Promise<MemoEntry<T>>>()

  // The start counts too, because a clock that is set back must not lengthen an entry's life.
  const holds = ({ sinceMs, untilMs }: MemoEntry<T>) => sinceMs <= now() && now() < untilMs
  const find = (key: string): MemoEntry<T> | Promise<MemoEntry<T>> | undefined => {
    const made = known.get(key)
    return made && holds(made) ? made : pending.get(key)
  }
  const start = (key: string, make: () => Promise<ExpiringValue<T>>): Promise<MemoEntry<T>> => {
    const sinceMs = now()
    const making = make()
      .then((timed) => {
        const made = { ...timed, sinceMs }
        known.set(key, made)
        return made
      })
      .finally(() => pending.delete(key))
    pending.set(key, making)
    return making
  }

  return async (key, make) => {
    // Nothing is awaited before `start`, so that the second of two concurrent callers finds the first one's call.
    const found = find(key)
    const made = found && (await found)
    return made && holds(made) ? made.value : (await start(key, make)).value
  }
}
