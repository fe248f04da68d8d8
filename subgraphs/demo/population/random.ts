/** Choices and how likely each is, relative to the others. */
export type Weighted<T> = readonly (readonly [weight: number, choice: T])[]

/**
 * Random numbers that depend on the seeds alone (mulberry32): a stream for each purpose, so that one more draw in one
 * changes no other.
 */
export class Random {
  #state = 0

  constructor(...seeds: readonly number[]) {
    for (const seed of seeds) this.#state = mix((this.#state ^ seed) + 0x9e3779b9)
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    return mix(this.#state) / 4_294_967_296
  }

  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** A whole number from least to most, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** Throws on an empty list. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('Random: expected something to pick from, found nothing.')
    return choices[this.below(choices.length)] as T
  }

  choose<T>(choices: Weighted<T>): T {
    let rest = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, choice] of choices) {
      rest -= weight
      if (rest < 0) return choice
    }
    return this.pick(choices)[1]
  }
}

/** Spreads 32 bits over 32 bits, unsigned. */
function mix(bits: number): number {
  let t = Math.imul(bits ^ (bits >>> 15), bits | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return (t ^ (t >>> 14)) >>> 0
}
