import type { AccessEvent } from '../../../gateway/audit/audit-event.ts'
import type { RawDocument, RawYear } from './raw-year.ts'

/** Where an instant lies, by Temporal's own calendar. */
export function toPeriods(atMs: number): { readonly week: string; readonly month: string } {
  const date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO('Europe/London')
  return {
    week: `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`,
    month: `${date.year}-${String(date.month).padStart(2, '0')}`,
  }
}

/**
 * What the report must say, counted from the raw events by going through all of them for every question. Knows nothing
 * of how the report is made.
 */
export function countRaw({ documents, records }: RawYear) {
  const placed = records.flatMap(({ atMs, events }) => events.map((event) => ({ event, ...toPeriods(atMs) })))
  const firsts = documents
    .filter(
      (one, index) => documents.findIndex(({ region, name }) => region === one.region && name === one.name) === index,
    )
    .map((one) => ({ ...one, ...toPeriods(one.atMs) }))
  const isView = ({ kind, status }: AccessEvent) => kind === 'VIEW' && status === 'ANSWERED'
  return {
    views: (region: string, period: string, isIn: (event: AccessEvent) => boolean = () => true) =>
      placed.filter(
        ({ event, week, month }) =>
          event.region === region && (week === period || month === period) && isView(event) && isIn(event),
      ).length,
    events: (period: string, isIn: (event: AccessEvent) => boolean) =>
      placed.filter(({ event, week, month }) => (week === period || month === period) && isIn(event)).length,
    published: (region: string, period: string, isIn: (document: RawDocument) => boolean = () => true) =>
      firsts.filter((one) => one.region === region && (one.week === period || one.month === period) && isIn(one))
        .length,
    publishedUntil: (region: string, lastWeek: string, isIn: (document: RawDocument) => boolean = () => true) =>
      firsts.filter((one) => one.region === region && one.week <= lastWeek && isIn(one)).length,
    /** All looks of a week, and those without a gap. */
    looks: (week: string) => {
      const byLook = Map.groupBy(
        placed.filter((one) => one.week === week && one.event.kind === 'VIEW'),
        ({ event }) => `${event.requestId} ${event.nhsNumber}`,
      )
      const whole = [...byLook.values()].filter((events) =>
        events.every(({ event }) => ['ANSWERED', 'NOT_KNOWN'].includes(event.status) && event.withheld.length === 0),
      )
      return { all: byLook.size, complete: whole.length }
    },
    latencies: (region: string, week: string) =>
      placed
        .flatMap(({ event, ...place }) =>
          place.week === week && event.kind === 'VIEW' && event.region === region && event.answeredFrom === 'REGION'
            ? [event.latencyMs ?? 0]
            : [],
        )
        .sort((a, b) => a - b),
  }
}
