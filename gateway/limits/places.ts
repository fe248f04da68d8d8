/** So many things at a time. */
export interface Places {
  isFull(): boolean
  /** A place until it is left; null where there is none. Leaving it again changes nothing. */
  take(): (() => void) | null
}

export function createPlaces(most: number): Places {
  let taken = 0
  const isFull = () => taken >= most
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
