import type { RequestOutcome } from '../metrics/request-observation.ts'
import type { ObservationSlot } from './observation-slot.ts'
import { countAnswered } from './region-notices.ts'

/** What is kept of ten seconds for an hour, to be drawn; null where there is nothing to tell. */
export interface SeriesPoint {
  readonly gatewayP95Ms: number | null
  readonly outcomes: Readonly<Record<RequestOutcome, number>>
  /** By code. */
  readonly regions: ReadonlyMap<string, { readonly p95Ms: number | null; readonly answered: number | null }>
}

/** The point of a slot. */
export function toSeriesPoint({ gateway, outcomes, regions }: ObservationSlot): SeriesPoint {
  return {
    gatewayP95Ms: gateway.percentileMs(0.95),
    outcomes: { ...outcomes },
    regions: new Map(
      [...regions].map(([code, { waits, statuses }]) => {
        const { answered, all } = countAnswered(Object.fromEntries(statuses))
        return [code, { p95Ms: waits.percentileMs(0.95), answered: all === 0 ? null : answered / all }]
      }),
    ),
  }
}
