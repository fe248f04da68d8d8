import type { RequestObservation, RequestOutcome, StageTimes } from '../metrics/request-observation.ts'

/** What is amiss with a region, in plain words. */
export interface RegionNotice {
  /** RegionCode. */
  readonly region: string
  readonly kind: 'SUSPENDED' | 'FAILING' | 'SLOW' | 'NOT_READY' | 'FEED_SILENT'
  readonly text: string
}

/** That the gateway itself is amiss, in plain words. */
export interface GatewayNotice {
  readonly region: null
  readonly kind: 'GATEWAY_SLOW'
  readonly text: string
}

/** What `GET /ops/figures` answers, as JSON. Nothing of patients, people or texts is in it. */
export interface OperationsFigures {
  /** Milliseconds since 1970, as all instants here. */
  readonly asOfMs: number
  /** Since when requests are observed: before it there is nothing to see. */
  readonly sinceMs: number
  /** Operations that are being answered now. */
  readonly inFlight: number
  /** What is amiss with the gateway or with regions, in words; the worst first. */
  readonly notices: readonly (GatewayNotice | RegionNotice)[]
  readonly cache: { readonly bytes: number; readonly maxBytes: number }
  readonly regions: readonly RegionFigures[]
  readonly minute: PeriodFigures
  readonly hour: PeriodFigures
  readonly series: SeriesFigures
  /** Of the slowest of each of the last ten minutes, the slowest first. */
  readonly slowest: readonly RequestObservation[]
}

/** How a region is now. */
export interface RegionFigures {
  readonly code: string
  /** By which people know it, as LPRES. */
  readonly name: string
  /** When it is tried again; null: it is not suspended. */
  readonly suspendedUntilMs: number | null
  /** The readiness that its store reported in the last ten seconds; null: no report. */
  readonly ready: boolean | null
  /** Whether its change feed is current; only then are its replies cached. */
  readonly isFeedCurrent: boolean
  readonly cacheBytes: number
  readonly cachedPatients: number
}

export interface LatencyFigures {
  readonly count: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

/** The stages in which no region is waited for, in milliseconds. */
export type GatewayStageTimes = Omit<StageTimes, 'regionsMs'>

/** Of the last minute (ten seconds less at most) or hour. */
export interface PeriodFigures {
  /** Requests, but for those refused before work was begun. */
  readonly requests: LatencyFigures
  /** Of those, the time in the gateway; and the time in which a region was waited for, of those that did wait. */
  readonly gateway: LatencyFigures
  readonly waiting: LatencyFigures
  /** Where the time in the gateway went, of all of them together. */
  readonly ownStages: GatewayStageTimes
  readonly outcomes: Readonly<Record<RequestOutcome, number>>
  /** In order of their names. */
  readonly operations: readonly { readonly name: string; readonly latency: LatencyFigures }[]
  readonly regions: readonly RegionPeriodFigures[]
}

export interface RegionPeriodFigures {
  readonly code: string
  readonly waits: LatencyFigures
  readonly asked: number
  readonly fromCache: number
  /** By RegionStatus. */
  readonly statuses: Readonly<Record<string, number>>
}

/**
 * The last hour, ten seconds for ten seconds; null where there is nothing to tell. Each list is as long as `startMs`.
 */
export interface SeriesFigures {
  readonly slotMs: number
  readonly startMs: readonly number[]
  readonly requests: readonly (number | null)[]
  readonly gatewayP95Ms: readonly (number | null)[]
  /** Shares from 0 to 1 of patient views. */
  readonly complete: readonly (number | null)[]
  readonly outcomes: Readonly<Record<RequestOutcome, readonly (number | null)[]>>
  readonly regions: readonly {
    readonly code: string
    readonly p95Ms: readonly (number | null)[]
    /** The share, from 0 to 1, of requests that it did answer, refusals among them. */
    readonly answered: readonly (number | null)[]
  }[]
}
