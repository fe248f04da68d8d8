import type { ObserveRequest } from '../metrics/request-observation.ts'
import { createObservationMemory } from './observation-memory.ts'
import type { RegionFigures } from './operations-figures.ts'
import { toFigures } from './to-figures.ts'

/** A region, and who knows how it is now. */
export interface WatchedRegion {
  readonly region: { readonly code: string; readonly applicationName: string }
  suspendedUntilMs(): number | null
  isReady(): Promise<boolean>
}

export interface OperationsWatchOptions {
  readonly clients: readonly WatchedRegion[]
  /** Whether the region's changes are heard. */
  readonly isFeedCurrent: (region: string) => boolean
  /** Bytes and patients in the cache, by region. */
  readonly cacheSizes: () => ReadonlyMap<string, { readonly bytes: number; readonly patients: number }>
  /** Whole answers, beside the regions' replies. */
  readonly answerBytes: () => number
  readonly maxCacheBytes: number
  /** How many operations are being answered. */
  readonly inFlight: () => number
  readonly now: () => number
}

/** What the operations page shows: it is told of each request, and tells what there is to see. */
export interface OperationsWatch {
  readonly observe: ObserveRequest
  /** OperationsFigures as JSON, of this second: however many look, they are made once in it. Waits for nothing. */
  figures(): string
}

/** For so long, figures are good for all who ask. */
const goodForMs = 1000

/** For so long, a store is taken to be as it said that it was: a few of a page's looks. */
const readyForMs = 10_000

/** Watches requests and regions. Regions are asked whether they are ready only while somebody looks. */
export function createOperationsWatch({ clients, isFeedCurrent, cacheSizes, answerBytes, maxCacheBytes, inFlight, now }: OperationsWatchOptions): OperationsWatch {
  const memory = createObservationMemory({ regions: clients.map(({ region }) => region.code), now })
  const sinceMs = now()
  const readiness = new Map<string, { readonly ready: boolean; readonly askedAtMs: number }>()
  let made: { readonly text: string; readonly atMs: number } | null = null

  /** The answer is for who looks next: a region that does not answer would make everybody wait. */
  const askReadiness = ({ region, isReady }: WatchedRegion) => {
    const askedAtMs = now()
    const note = (ready: boolean) => readiness.set(region.code, { ready, askedAtMs })
    isReady().then(note, () => note(false))
  }
  /** An answer of before is for nobody who has just begun to look. */
  const readyOf = (region: string): boolean | null => {
    const heard = readiness.get(region)
    return heard && now() - heard.askedAtMs < readyForMs ? heard.ready : null
  }
  const toRegion = ({ region, suspendedUntilMs }: WatchedRegion): RegionFigures => {
    const { bytes = 0, patients = 0 } = cacheSizes().get(region.code) ?? {}
    return {
      code: region.code,
      name: region.applicationName,
      suspendedUntilMs: suspendedUntilMs(),
      ready: readyOf(region.code),
      isFeedCurrent: isFeedCurrent(region.code),
      cacheBytes: bytes,
      cachedPatients: patients,
    }
  }
  return {
    observe: memory.observe,
    figures() {
      const asOfMs = now()
      if (made && asOfMs >= made.atMs && asOfMs - made.atMs < goodForMs) return made.text
      for (const client of clients) askReadiness(client)
      const regions = clients.map(toRegion)
      const cache = { bytes: regions.reduce((sum, { cacheBytes }) => sum + cacheBytes, answerBytes()), maxBytes: maxCacheBytes }
      made = { text: JSON.stringify(toFigures(memory, { asOfMs, sinceMs, inFlight: inFlight(), cache, regions })), atMs: asOfMs }
      return made.text
    },
  }
}
