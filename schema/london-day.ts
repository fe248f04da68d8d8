/** The calendar day in Europe/London at an instant in milliseconds since 1970, such as 2026-11-22. */
export function toLondonDay(ms: number): string {
  // Clocks change on the full hour, so an hour of UTC lies within one day of London.
  const hour = Math.floor(ms / 3_600_000)
  const known = days.get(hour)
  if (known !== undefined) return known
  const day = london.format(hour * 3_600_000)
  if (days.size >= 100_000) days.clear()
  days.set(hour, day)
  return day
}

const days = new Map<number, string>()
// This locale writes dates as ISO 8601 does.
const london = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})
