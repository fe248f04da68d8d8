/** So many things at a time. */
export interface Places {
  isFull(): boolean
  /** A place until it is left; null where there is none. Leaving it again changes nothing. */
  take(): (() => void) | null
}

export interface PlacesOptions {
  readonly most: number
  /** Where a place is held for longer, there are too many; in milliseconds. @default never */
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

/**
 * Places, as many as are held for a short time (additive increase, multiplicative decrease): one number is too many for slow stores and too few
 * for quick ones. What takes long while few places are taken says nothing of their number: a slow region costs nobody else a place.
 */
export function createPlaces({ most, slowMs = Number.POSITIVE_INFINITY, delayMs = () => 0, clock = performance.now.bind(performance) }: PlacesOptions): Places {
  const least = Math.min(fewest, most)
  let taken = 0
  let places = slowMs === Number.POSITIVE_INFINITY ? most : Math.min(atFirst, most)
  const learn = (heldMs: number) => {
    if (taken * 2 < places) return
    places = heldMs > slowMs ? Math.max(least, places * 0.98) : Math.min(most, places + 4 / places)
  }
  const isFull = () => taken >= Math.floor(places) || (taken >= least && delayMs() > lateMs)
  return {
    isFull,
    take() {
      if (isFull()) return null
      const sinceMs = clock()
      let isLeft = false
      taken++
      return () => {
        if (isLeft) return
        isLeft = true
        learn(clock() - sinceMs)
        taken--
      }
    },
  }
}
