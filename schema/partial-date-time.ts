import { toLondonOffsetMs } from './london-day.ts'

const form =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T([01]\d|2[0-3]):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/

/**
 * Converts a FHIR R4 date or dateTime to the instants that it covers, in milliseconds since 1970; `endMs` is the last.
 * A year, month or day is read in Europe/London, as the NHS reads it. Null if the text is neither (24:00 is invalid).
 */
export function toPeriod(text: string): { readonly startMs: number; readonly endMs: number } | null {
  const match = form.exec(text)
  if (!match) return null
  const [, year = '', month, day, hour, minute, second = '00', fraction = '', offset] = match
  if (hour !== undefined) {
    if (!isDay(Number(year), Number(month), Number(day))) return null
    const milliseconds = fraction.padEnd(3, '0').slice(0, 3)
    const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`)
    return Number.isNaN(instant) ? null : { startMs: instant, endMs: instant }
  }
  const y = Number(year)
  const m = month === undefined ? 1 : Number(month)
  const d = day === undefined ? 1 : Number(day)
  if (!isDay(y, m, d)) return null
  const next: [number, number, number] =
    month === undefined ? [y + 1, 1, 1] : day === undefined ? [y, m + 1, 1] : [y, m, d + 1]
  return { startMs: londonMidnightMs(y, m, d), endMs: londonMidnightMs(...next) - 1 }
}

/** The first instant that a FHIR date or dateTime covers, in milliseconds since 1970; null if the text is neither. */
export function toInstantMs(text: string): number | null {
  return toPeriod(text)?.startMs ?? null
}

/** Whether the text is a FHIR date or dateTime that names a real day. */
export function isPartialDateTime(text: string): boolean {
  return toPeriod(text) !== null
}

/** The instant at which a day begins in Europe/London. Month and day may overflow, as in Date.UTC. */
function londonMidnightMs(year: number, month: number, day: number): number {
  const utc = utcMs(year, month, day)
  // Clocks change at 01:00 UTC, so midnight UTC has the offset of the local midnight.
  return utc - toLondonOffsetMs(utc)
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(utcMs(year, month, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Date.UTC, except that the years 0 to 99 are not read as 1900 to 1999. */
function utcMs(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}
