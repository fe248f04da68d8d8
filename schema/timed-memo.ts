import { LRUCache } from 'lru-cache'

/** A value, and the instant from which it no longer holds, in milliseconds since 1970. */
export interface ExpiringValue<T> {
  readonly value: T
  readonly untilMs: number
}

export interface TimedMemoOptions {
  /** Beyond these, the least recently used is forgotten. */
  readonly maxEntries: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What was made for a key, or what `make` makes now. */
export type TimedMemo<T> = (key: string, make: () => Promise<ExpiringValue<T>>) => Promise<T>

interface MemoEntry<T> extends ExpiringValue<T> {
  readonly sinceMs: number
}

/** Remembers what was made for a key for as long as it holds; who asks while it is being made shares it. A rejection is not remembered. */
export function createTimedMemo<T>({ maxEntries, now }: TimedMemoOptions): TimedMemo<T> {
  const known = new LRUCache<string, MemoEntry<T>>({ max: maxEntries })
  const pending = new Map<string, Promise<MemoEntry<T>>>()

  // Since, too: a clock set back must not make it hold for longer.
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
    // Nothing is awaited before `start`: of two at once, the second must find the first.
    const found = find(key)
    const made = found && (await found)
    return made && holds(made) ? made.value : (await start(key, make)).value
  }
}
