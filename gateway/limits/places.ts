/** So many things at a time. */
export interface Places {
  isFull(): boolean
  /** A place until it is left; null where there is none. Leaving it again changes nothing. */
  take(): (() => void) | null
}

export interface PlacesOptions {
  readonly most: number
  /** How far the process is behind, in milliseconds. @default never */
  readonly delayMs?: () => number
}

/** Beyond this delay only so many places are left as keep the process busy. What is let in then would be answered late, and make the others so. */
const lateMs = 100
const fewest = 16

/** Places, which become few while the process is behind: a number alone is too many for a slow machine, or too few beside slow regions. */
export function createPlaces({ most, delayMs = () => 0 }: PlacesOptions): Places {
  let taken = 0
  const isFull = () => taken >= most || (taken >= fewest && delayMs() > lateMs)
  return {
    isFull,
    take() {
      if (isFull()) return null
      taken++
      let isLeft = false
      return () => {
        if (!isLeft) taken--
        isLeft = true
      }
    },
  }
}
