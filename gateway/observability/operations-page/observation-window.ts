import type { ObserveRequest, RequestObservation, RequestOutcome } from '../metrics/request-observation.ts'
import { createObservationSlot, type ObservationSlot } from './observation-slot.ts'
import { countAnswered } from './region-notices.ts'
import { createRingBuffer } from './ring-buffer.ts'

/** What was observed in the last hour. */
export interface ObservationWindow {
  readonly observe: ObserveRequest
  /** Of the last minute: six slots of ten seconds, of which the last is not over. */
  minute(): ObservationSlot
  /** Of the last hour: sixty minutes, of which the last is not over. */
  hour(): ObservationSlot
  /**
   * Of the longest requests of each of the last ten minutes, the longest first: no minute's stall leaves another's out.
   */
  slowest(): readonly RequestObservation[]
  /** The last hour, slot by slot, oldest first; null where nothing was observed. */
  series(): readonly { readonly startMs: number; readonly point: SeriesPoint | null }[]
}

export interface ObservationWindowOptions {
  /** Codes. */
  readonly regions: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export const slotMs = 10_000
const slotsPerHour = 360
const slotsPerMinute = 6
const minutesPerHour = 60
const slowestWindowMinutes = 10
const maxSlowest = 12

/**
 * Remembers an hour and nothing before it: slots for a minute, minutes for an hour, and of each slot a point of the
 * series. With two regions and twenty operations it takes 2.5 MB at most; what is remembered does not grow with the
 * number of requests.
 */
export function createObservationWindow({ regions, now }: ObservationWindowOptions): ObservationWindow {
  const slots = createRingBuffer<ObservationSlot>(slotsPerMinute)
  const minutes = createRingBuffer<ObservationSlot>(minutesPerHour)
  const points = createRingBuffer<SeriesPoint>(slotsPerHour)
  let open: { readonly number: number; readonly slot: ObservationSlot } | null = null

  const minuteOf = (number: number) => Math.floor(number / slotsPerMinute)
  /** The number of the slot that is not over. One that is, is added to its minute: once, whenever that is noticed. */
  const advance = (): number => {
    const number = Math.floor(now() / slotMs)
    if (open && open.number !== number) {
      const minute = minutes.get(minuteOf(open.number)) ?? createObservationSlot({ regions, maxSlowest })
      minute.addAll(open.slot)
      minutes.set(minuteOf(open.number), minute)
      points.set(open.number, toSeriesPoint(open.slot))
      open = null
    }
    return number
  }
  const sum = (parts: readonly (ObservationSlot | null)[]) => {
    const all = createObservationSlot({ regions, maxSlowest })
    for (const part of parts) if (part) all.addAll(part)
    return all
  }
  return {
    observe(observation) {
      const number = advance()
      if (!open) {
        open = { number, slot: createObservationSlot({ regions, maxSlowest }) }
        slots.set(number, open.slot)
      }
      open.slot.add(observation)
    },
    minute: () => sum(slots.upTo(advance(), slotsPerMinute)),
    hour() {
      const number = advance()
      return sum([...minutes.upTo(minuteOf(number), minutesPerHour), open?.slot ?? null])
    },
    slowest() {
      const number = advance()
      const over = minutes.upTo(minuteOf(number), slowestWindowMinutes).map((minute) => minute?.slowest ?? [])
      const present = [...(over.at(-1) ?? []), ...(open?.slot.slowest ?? [])]
      return chooseSlowest([...over.slice(0, -1), present])
    },
    series() {
      const number = advance()
      const known = [...points.upTo(number - 1, slotsPerHour - 1), open && toSeriesPoint(open.slot)]
      return known.map((point, index) => ({ startMs: (number - slotsPerHour + 1 + index) * slotMs, point }))
    },
  }
}

/** In turn the longest of each minute, then the second of each, until there are enough. */
function chooseSlowest(minutes: readonly (readonly RequestObservation[])[]): readonly RequestObservation[] {
  const ranked = minutes.flatMap((minute) =>
    minute.toSorted(byDuration).map((observation, rank) => ({ observation, rank })),
  )
  return ranked
    .sort((a, b) => a.rank - b.rank || byDuration(a.observation, b.observation))
    .slice(0, maxSlowest)
    .map(({ observation }) => observation)
    .sort(byDuration)
}

function byDuration(one: RequestObservation, other: RequestObservation): number {
  return other.durationMs - one.durationMs
}

/** One point of the hour's charts, over ten seconds; null where no request fell into them. */
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
