import type { RequestOutcome } from '../metrics/request-observation.ts'
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts'
import { type ObservationMemory, slotMs, slotsOfHour, slotsOfMinute } from './observation-memory.ts'
import type { ObservationSlot } from './observation-slot.ts'
import type { LatencyFigures, OperationsFigures, PeriodFigures, RegionFigures, SeriesFigures } from './operations-figures.ts'
import { countAnswered, toRegionNotices } from './region-notices.ts'

/** What is known from elsewhere than from requests. */
export type PresentState = Pick<OperationsFigures, 'asOfMs' | 'sinceMs' | 'inFlight' | 'cache'> & { readonly regions: readonly RegionFigures[] }

const slotsOfTenMinutes = 60
const maxSlowest = 12

/** The figures of this moment. Pure: what differs between two calls is what was observed. */
export function toFigures(memory: Pick<ObservationMemory, 'last' | 'hour'>, state: PresentState): OperationsFigures {
  const minute = toPeriod(memory.last(slotsOfMinute))
  return {
    ...state,
    notices: toRegionNotices(state.regions, minute, state.asOfMs),
    minute,
    hour: toPeriod(memory.last(slotsOfHour)),
    series: toSeries(memory.hour(), state),
    slowest: memory.last(slotsOfTenMinutes, { maxSlowest }).slowest,
  }
}

function toPeriod(slot: ObservationSlot): PeriodFigures {
  const operations = [...slot.operations].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    requests: toLatency(allOf(slot.operations)),
    gateway: toLatency(slot.gateway),
    waiting: toLatency(slot.waiting),
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

function allOf(histograms: ReadonlyMap<string, LatencyHistogram>): LatencyHistogram {
  const all = createLatencyHistogram()
  for (const histogram of histograms.values()) all.addAll(histogram)
  return all
}

/** Three digits say all that a histogram knows. */
function toLatency(histogram: LatencyHistogram): LatencyFigures {
  const at = (share: number) => rounded(histogram.percentileMs(share))
  return { count: histogram.count, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(3))
}

function toSeries(hour: ReturnType<ObservationMemory['hour']>, { regions }: PresentState): SeriesFigures {
  const each = <Value>(read: (slot: ObservationSlot) => Value) => hour.map(({ slot }) => (slot ? read(slot) : null))
  const outcome = (name: RequestOutcome) => each(({ outcomes }) => outcomes[name])
  return {
    slotMs,
    startMs: hour.map(({ startMs }) => startMs),
    requests: each(({ outcomes }) => Object.values(outcomes).reduce((sum, one) => sum + one, 0)),
    gatewayP95Ms: each(({ gateway }) => rounded(gateway.percentileMs(0.95))),
    complete: each(({ outcomes: { COMPLETE, INCOMPLETE } }) => share(COMPLETE, COMPLETE + INCOMPLETE)),
    outcomes: { COMPLETE: outcome('COMPLETE'), INCOMPLETE: outcome('INCOMPLETE'), DONE: outcome('DONE'), REFUSED: outcome('REFUSED'), FAILED: outcome('FAILED') },
    regions: regions.map(({ code }) => ({
      code,
      p95Ms: each((slot) => rounded(slot.regions.get(code)?.waits.percentileMs(0.95) ?? null)),
      answered: each((slot) => {
        const { answered, all } = countAnswered(Object.fromEntries(slot.regions.get(code)?.statuses ?? []))
        return share(answered, all)
      }),
    })),
  }
}

function share(part: number, all: number): number | null {
  return all === 0 ? null : rounded(part / all)
}
