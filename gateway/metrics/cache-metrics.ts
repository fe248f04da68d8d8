import type { Registry } from 'prom-client'
import { createTally } from './tally.ts'
import { createTimings } from './timings.ts'

/** What came of looking for so many patients' replies of a region; `readAtMs` of a hit, when the region read its store, in milliseconds since 1970. */
export type OnLookup = (region: string, outcome: 'hit' | 'miss' | 'shared' | 'bypassed', patients: number, readAtMs?: number) => void

/** What the cache was asked; `now` is milliseconds since 1970. */
export function createCacheMetrics(registry: Registry, now: () => number): { readonly onLookup: OnLookup } {
  const lookups = createTally({
    name: 'gateway_cache_lookups_total',
    help: "Patients' replies looked for: kept, not kept, on its way for another request, or not to be kept.",
    labelNames: ['region', 'outcome'],
    registry,
  })
  const ages = createTimings({
    name: 'gateway_cache_hit_age_seconds',
    help: 'How long before a reply was found in the cache the region had read its store.',
    labelNames: [],
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600],
    registry,
  })
  return {
    onLookup(region, outcome, patients, readAtMs) {
      lookups(region, outcome, patients)
      // The region's clock may be ahead.
      if (readAtMs !== undefined) ages(Math.max(0, now() - readAtMs) / 1000)
    },
  }
}
