import type { TrailTallies } from './trail-tallies.ts'

/** Reads the trail once in the background, `afterMs` from now, so that the first report need not wait for a year's lines. Disposing forgets it if it has not begun. */
export function beginReading(tallies: TrailTallies, { afterMs = 1000 }: { readonly afterMs?: number } = {}): Disposable {
  // Not at once: what starts has better to do. What fails is tried again by the first report, which says so.
  const timer = setTimeout(() => tallies.read().catch(() => {}), afterMs).unref()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
