import { Counter, type Registry } from 'prom-client'

/** Counts by up to two labels, in order. */
export type CountEvent = (first: string, second?: string, by?: number) => void

export interface CounterOptions {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly [string] | readonly [string, string]
  readonly registry: Registry
}

/**
 * Creates a counter that is cheap to increment: prom-client checks and joins its labels at each scrape, not at
 * each event.
 */
export function createCounter({ name, help, labelNames, registry }: CounterOptions): CountEvent {
  const counts = new Map<string, Map<string, { by: number }>>()
  const [one, other] = labelNames
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      for (const [first, seconds] of counts) {
        for (const [second, count] of seconds) {
          this.inc(other === undefined ? { [one]: first } : { [one]: first, [other]: second }, count.by)
          count.by = 0
        }
      }
    },
  })
  return (first, second = '', by = 1) => {
    const seconds = counts.get(first) ?? new Map<string, { by: number }>()
    if (seconds.size === 0) counts.set(first, seconds)
    const count = seconds.get(second)
    if (count) count.by += by
    else seconds.set(second, { by })
  }
}
