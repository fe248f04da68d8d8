import type { ObserveRequest } from '../metrics/request-observation.ts'
import { createObservationSlot, type ObservationSlot } from './observation-slot.ts'

/** What was observed in the last hour, by slots of ten seconds. */
export interface ObservationMemory {
  readonly observe: ObserveRequest
  /** All of the last so many slots together, the one that is not over among them. */
  last(slots: number, options?: { readonly maxSlowest?: number }): ObservationSlot
  /** The slots of the last hour, oldest first; null where nothing was observed. */
  hour(): readonly { readonly startMs: number; readonly slot: ObservationSlot | null }[]
}

export interface ObservationMemoryOptions {
  /** Codes. */
  readonly regions: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export const slotMs = 10_000
export const slotsOfHour = 360
export const slotsOfMinute = 6

/**
 * Remembers an hour and nothing before it. With two regions and the twenty operations that are published it takes 11 MB at most, were each of
 * them observed in each ten seconds; what is remembered does not grow with the number of requests.
 */
export function createObservationMemory({ regions, now }: ObservationMemoryOptions): ObservationMemory {
  // A slot is found by its number, and lies where the one of an hour before lay.
  const kept: ({ readonly number: number; readonly slot: ObservationSlot } | undefined)[] = new Array(slotsOfHour)
  const numberNow = () => Math.floor(now() / slotMs)
  const find = (number: number) => {
    const found = kept[number % slotsOfHour]
    return found?.number === number ? found.slot : null
  }
  return {
    observe(observation) {
      const number = numberNow()
      const slot = find(number) ?? createObservationSlot({ regions })
      kept[number % slotsOfHour] = { number, slot }
      slot.add(observation)
    },
    last(slots, options = {}) {
      const all = createObservationSlot({ regions, ...options })
      const number = numberNow()
      for (let one = number - Math.min(slots, slotsOfHour) + 1; one <= number; one++) {
        const slot = find(one)
        if (slot) all.addAll(slot)
      }
      return all
    },
    hour() {
      const first = numberNow() - slotsOfHour + 1
      return Array.from({ length: slotsOfHour }, (_, index) => ({ startMs: (first + index) * slotMs, slot: find(first + index) }))
    },
  }
}
