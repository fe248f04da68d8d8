/** So many things at a time. */
export interface Places {
  isFull(): boolean
  /** A place until it is left; null where there is none. Leaving it again changes nothing. */
  take(): (() => void) | null
}

export interface PlacesOptions {
  readonly most: number
  /** Where a place is held for longer, and for half as long again as beside few others, there are too many; in milliseconds. @default never */
  readonly slowMs?: number
  /** How far the process is behind, in milliseconds. @default never */
  readonly delayMs?: () => number
  /** Milliseconds from anywhere. */
  readonly clock?: () => number
}

/** Beyond this delay there are as few places as may be. What is let in then would be answered late, and make the others so. */
const lateMs = 100
/** As many as keep the process busy. */
const fewest = 32
/** Where nothing is known yet. */
const atFirst = 128
/** Of what is usual beside few others. Twice as much would let too many in: few are a crowd already to a store that is slow enough. */
const crowded = 1.5
/** However long it takes beside few others: of `slowMs`. Beyond, answers come too late for whoever waits. */
const mostSlow = 4
/** What a place is held for in this time makes what is usual. */
const memoryMs = 10_000

/**
 * Places, as many as are held for a short time (additive increase, multiplicative decrease): one number is too many for slow stores and too few
 * for quick ones. What takes long while few places are taken says nothing of their number: a region that takes a second and a half for each costs
 * nobody a place, one that takes as long because many wait in it does. What is usual beside few others is a mean by time held, not by answers:
 * a thousand quick ones say nothing of those who hold the places.
 */
export function createPlaces({ most, slowMs = Number.POSITIVE_INFINITY, delayMs = () => 0, clock = performance.now.bind(performance) }: PlacesOptions): Places {
  const least = Math.min(fewest, most)
  let taken = 0
  let places = slowMs === Number.POSITIVE_INFINITY ? most : Math.min(atFirst, most)
  let usualMs: number | null = null
  const learn = (heldMs: number, besideFew: boolean) => {
    if (besideFew) usualMs = usualMs === null ? heldMs : usualMs + (heldMs - usualMs) * Math.min(1, heldMs / memoryMs)
    if (taken * 2 < places) return
    const tooLongMs = Math.min(slowMs * mostSlow, Math.max(slowMs, crowded * (usualMs ?? 0)))
    places = heldMs > tooLongMs ? Math.max(least, places * 0.98) : Math.min(most, places + 4 / places)
  }
  const isFull = () => taken >= Math.floor(places) || (taken >= least && delayMs() > lateMs)
  return {
    isFull,
    take() {
      if (isFull()) return null
      const sinceMs = clock()
      const besideFew = taken < least
      let isLeft = false
      taken++
      return () => {
        if (isLeft) return
        isLeft = true
        learn(clock() - sinceMs, besideFew)
        taken--
      }
    },
  }
}
