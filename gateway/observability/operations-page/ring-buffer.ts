/**
 * The values of the last numbers that were set: a number's value goes when that of a number `size` greater, or `size`
 * less, takes its place.
 */
export interface RingBuffer<Value> {
  get(number: number): Value | null
  set(number: number, value: Value): void
  /** Of so many numbers up to this one, in their order; null where there is none. */
  upTo(number: number, count: number): readonly (Value | null)[]
}

/** An empty ring. */
export function createRingBuffer<Value>(size: number): RingBuffer<Value> {
  const slots: ({ readonly number: number; readonly value: Value } | undefined)[] = new Array(size)
  const get = (number: number) => {
    const found = slots[number % size]
    return found?.number === number ? found.value : null
  }
  return {
    get,
    set(number, value) {
      slots[number % size] = { number, value }
    },
    upTo: (number, count) => Array.from({ length: count }, (_, index) => get(number - count + 1 + index)),
  }
}
