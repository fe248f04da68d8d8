import type { Random } from './random.ts'

/** The days between birth and death, or the Monday that dates are counted from; in days before it. */
export interface Life {
  readonly bornDaysAgo: number
  /** 0 while alive. */
  readonly endedDaysAgo: number
}

/** A day of life in so many years before its end; newer ones are likelier. */
export function pastDay(random: Random, { bornDaysAgo, endedDaysAgo }: Life, years: number): number {
  const span = Math.max(1, Math.min(years * 365, bornDaysAgo - endedDaysAgo - 1))
  return endedDaysAgo + 1 + Math.floor(span * random.next() ** 2)
}
