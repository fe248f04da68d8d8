import type { ObserveRequest } from '../metrics/request-observation.ts'
import { createObservationWindow } from './observation-window.ts'
import type { RegionFigures } from './operations-figures.ts'
import { toFigures } from './to-figures.ts'

/** A region, and who knows how it is now. */
export interface MonitoredRegion {
  readonly region: { readonly code: string; readonly applicationName: string }
  suspendedUntilMs(): number | null
  isReady(): Promise<boolean>
}

export interface OperationsMonitorOptions {
  readonly clients: readonly MonitoredRegion[]
  /** Whether the region's change feed is current. */
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

/** Observes each request, and returns the figures of the operations page. */
export interface OperationsMonitor {
  readonly observe: ObserveRequest
  /** OperationsFigures as JSON, of this second: however many look, they are made once in it. Waits for nothing. */
  figures(): string
}

/** For so long, figures are good for all who ask. */
const figuresTtlMs = 1000

/** How long a readiness answer is reused: a few of the page's polls. */
const readinessTtlMs = 10_000

/** Creates the monitor. It checks the readiness of regions only while somebody polls the figures. */
export function createOperationsMonitor({
  clients,
  isFeedCurrent,
  cacheSizes,
  answerBytes,
  maxCacheBytes,
  inFlight,
  now,
}: OperationsMonitorOptions): OperationsMonitor {
  const window = createObservationWindow({ regions: clients.map(({ region }) => region.code), now })
  const sinceMs = now()
  const readiness = new Map<string, { readonly ready: boolean; readonly askedAtMs: number }>()
  let cachedFigures: { readonly text: string; readonly atMs: number } | null = null

  /** The next poll shows the answer, because a region that does not answer would delay this one. */
  const askReadiness = ({ region, isReady }: MonitoredRegion) => {
    const askedAtMs = now()
    const note = (ready: boolean) => readiness.set(region.code, { ready, askedAtMs })
    isReady().then(note, () => note(false))
  }
  /** An answer of before is for nobody who has just begun to look. */
  const findReadiness = (region: string): boolean | null => {
    const heard = readiness.get(region)
    return heard && now() - heard.askedAtMs < readinessTtlMs ? heard.ready : null
  }
  const toRegion = ({ region, suspendedUntilMs }: MonitoredRegion): RegionFigures => {
    const { bytes = 0, patients = 0 } = cacheSizes().get(region.code) ?? {}
    return {
      code: region.code,
      name: region.applicationName,
      suspendedUntilMs: suspendedUntilMs(),
      ready: findReadiness(region.code),
      isFeedCurrent: isFeedCurrent(region.code),
      cacheBytes: bytes,
      cachedPatients: patients,
    }
  }
  return {
    observe: window.observe,
    figures() {
      const asOfMs = now()
      if (cachedFigures && asOfMs >= cachedFigures.atMs && asOfMs - cachedFigures.atMs < figuresTtlMs)
        return cachedFigures.text
      for (const client of clients) askReadiness(client)
      const regions = clients.map(toRegion)
      const cache = {
        bytes: regions.reduce((sum, { cacheBytes }) => sum + cacheBytes, answerBytes()),
        maxBytes: maxCacheBytes,
      }
      cachedFigures = {
        text: JSON.stringify(toFigures(window, { asOfMs, sinceMs, inFlight: inFlight(), cache, regions })),
        atMs: asOfMs,
      }
      return cachedFigures.text
    },
  }
}
