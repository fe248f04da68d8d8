import type * as Region from '../../schema/generated/region.ts'
import { toPeriod } from '../../schema/partial-date-time.ts'

/** A section's window: the instants that it covers, inclusive, and its stated form. All null means everything. */
export interface SectionWindow {
  readonly fromMs: number | null
  readonly toMs: number | null
  readonly window: Region.Window | null
}

export interface WindowRequest {
  readonly since?: string | null
  readonly until?: string | null
  readonly all?: boolean | null
}

/**
 * Decides the window: the client's dates; else, unless `all`, the default number of months up to now and later; else
 * everything.
 */
export function toWindow(
  { since, until, all }: WindowRequest,
  nowMs: number,
  defaultMonths: number | null,
): SectionWindow {
  if (since || until) {
    const window = { from: since ?? null, to: until ?? null }
    return {
      fromMs: since ? (toPeriod(since)?.startMs ?? null) : null,
      toMs: until ? (toPeriod(until)?.endMs ?? null) : null,
      window,
    }
  }
  if (all || defaultMonths === null) return { fromMs: null, toMs: null, window: null }
  const from = toDayMonthsBefore(nowMs, defaultMonths)
  return { fromMs: toPeriod(from)?.startMs ?? null, toMs: null, window: { from, to: null } }
}

const london = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/**
 * The day in Europe/London some months ago, or its month's last day. It is a day, so that the window is the same all
 * day.
 */
export function toDayMonthsBefore(nowMs: number, months: number): string {
  const parts = Object.fromEntries(london.formatToParts(nowMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1 } = parts
  const lastDay = new Date(Date.UTC(year, month - months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 - months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}
