import type { RequestObservation, RequestOutcome } from '../metrics/request-observation.ts'
import { toGatewayNotice } from './gateway-notice.ts'
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts'
import type { ObservationSlot } from './observation-slot.ts'
import type { SeriesPoint } from './observation-window.ts'
import { type ObservationWindow, slotMs } from './observation-window.ts'
import type {
  LatencyFigures,
  OperationsFigures,
  PeriodFigures,
  RegionFigures,
  SeriesFigures,
} from './operations-figures.ts'
import { toRegionNotices } from './region-notices.ts'

/** What is known from elsewhere than from requests. */
export type CurrentState = Pick<OperationsFigures, 'asOfMs' | 'sinceMs' | 'inFlight' | 'cache'> & {
  readonly regions: readonly RegionFigures[]
}

/** The figures of this moment. Pure: what differs between two calls is what was observed. */
export function toFigures(window: Omit<ObservationWindow, 'observe'>, state: CurrentState): OperationsFigures {
  const minute = toPeriod(window.minute())
  const ofGateway = toGatewayNotice(minute)
  return {
    ...state,
    notices: [...(ofGateway ? [ofGateway] : []), ...toRegionNotices(state.regions, minute, state.asOfMs)],
    minute,
    hour: toPeriod(window.hour()),
    series: toSeries(window.series(), state),
    slowest: window.slowest().map(toSlowRequest),
  }
}

function toPeriod(slot: ObservationSlot): PeriodFigures {
  const operations = [...slot.operations].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    requests: toLatency(mergeHistograms(slot.operations)),
    gateway: toLatency(slot.gateway),
    waiting: toLatency(slot.waiting),
    ownStages: { ...slot.gatewayStages },
    outcomes: { ...slot.outcomes },
    operations: operations.map(([name, histogram]) => ({ name, latency: toLatency(histogram) })),
    regions: [...slot.regions].map(([code, { waits, asked, fromCache, statuses }]) => ({
      code,
      waits: toLatency(waits),
      asked,
      fromCache,
      statuses: Object.fromEntries(statuses),
    })),
  }
}

function mergeHistograms(histograms: ReadonlyMap<string, LatencyHistogram>): LatencyHistogram {
  const all = createLatencyHistogram()
  for (const histogram of histograms.values()) all.addAll(histogram)
  return all
}

/** Three digits say all that a histogram knows. */
function toLatency(histogram: LatencyHistogram): LatencyFigures {
  const at = (share: number) => toThreeDigits(histogram.percentileMs(share))
  return { count: histogram.count, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) }
}

function toThreeDigits(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(3))
}

/** A share is whole only where nothing is missing. */
function roundShareDown(share: number | null): number | null {
  return share === null ? null : Math.floor(share * 1000) / 1000
}

/** In tenths of a millisecond, which is all that a person can use. */
function toSlowRequest({
  startedAtMs,
  durationMs,
  gatewayMs,
  stages,
  regions,
  ...others
}: RequestObservation): RequestObservation {
  const { planMs, accessMs, regionsMs, assembleMs, auditMs } = stages
  return {
    ...others,
    startedAtMs: Math.round(startedAtMs),
    durationMs: toTenths(durationMs),
    gatewayMs: toTenths(gatewayMs),
    stages: {
      planMs: toTenths(planMs),
      accessMs: toTenths(accessMs),
      regionsMs: toTenths(regionsMs),
      assembleMs: toTenths(assembleMs),
      auditMs: toTenths(auditMs),
    },
    regions: regions.map((region) => ({ ...region, waitMs: toTenths(region.waitMs) })),
  }
}

function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10
}

function toSeries(hour: ReturnType<ObservationWindow['series']>, { regions }: CurrentState): SeriesFigures {
  const each = (read: (point: SeriesPoint) => number | null | undefined) =>
    hour.map(({ point }) => (point && read(point)) ?? null)
  const outcome = (name: RequestOutcome) => each(({ outcomes }) => outcomes[name])
  return {
    slotMs,
    startMs: hour.map(({ startMs }) => startMs),
    requests: each(({ outcomes }) => Object.values(outcomes).reduce((sum, one) => sum + one, 0)),
    gatewayP95Ms: each(({ gatewayP95Ms }) => gatewayP95Ms).map(toThreeDigits),
    complete: each(({ outcomes: { COMPLETE, INCOMPLETE } }) =>
      COMPLETE + INCOMPLETE === 0 ? null : COMPLETE / (COMPLETE + INCOMPLETE),
    ).map(roundShareDown),
    outcomes: {
      COMPLETE: outcome('COMPLETE'),
      INCOMPLETE: outcome('INCOMPLETE'),
      DONE: outcome('DONE'),
      REFUSED: outcome('REFUSED'),
      FAILED: outcome('FAILED'),
    },
    regions: regions.map(({ code }) => ({
      code,
      p95Ms: each((point) => point.regions.get(code)?.p95Ms).map(toThreeDigits),
      answered: each((point) => point.regions.get(code)?.answered).map(roundShareDown),
    })),
  }
}
