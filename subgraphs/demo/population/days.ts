import { toInstantMs } from '../../../schema/partial-date-time.ts'
import { Calendar } from '../vocabulary/moment.ts'

/** When something was: as FHIR writes it, and as timelines order it. */
export interface Moment {
  readonly text: string
  readonly ms: number
}

const dayMs = 86_400_000

/** The Monday, as a date, of the week in Europe/London that an instant lies in. */
export function toWeekStart(now: Date): string {
  const today = Date.parse(`${new Calendar(now).toFhir({ daysAgo: 0 })}T00:00:00Z`)
  const sinceMonday = (new Date(today).getUTCDay() + 6) % 7
  return new Date(today - sinceMonday * dayMs).toISOString().slice(0, 10)
}

/** Days before the Monday that the population's dates are counted from; each is worked out once. */
export class Days {
  readonly #calendar: Calendar
  readonly #mondayMs: number
  readonly #days = new Map<number, Moment & { readonly offset: string; readonly noonMs: number }>()

  constructor(week: string) {
    this.#calendar = new Calendar(new Date(`${week}T12:00:00Z`))
    this.#mondayMs = Date.parse(`${week}T00:00:00Z`)
  }

  /** A date; negative days lie after the Monday. */
  on(daysAgo: number): Moment {
    return this.#day(daysAgo)
  }

  /** A minute of the day in Europe/London, from 02:00 on, when its clocks have changed if they change that day. */
  at(daysAgo: number, minute: number): Moment {
    const { text, offset, noonMs } = this.#day(daysAgo)
    return {
      text: `${text}T${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:00${offset}`,
      ms: noonMs + (minute - 720) * 60_000,
    }
  }

  /** How many days before the Monday a date lies. */
  since(date: string): number {
    return (this.#mondayMs - Date.parse(`${date}T00:00:00Z`)) / dayMs
  }

  #day(daysAgo: number) {
    const known = this.#days.get(daysAgo)
    if (known) return known
    const text = this.#calendar.toFhir({ daysAgo })
    const noon = this.#calendar.toFhir({ daysAgo, at: '12:00' })
    const day = { text, ms: toInstantMs(text) ?? Number.NaN, offset: noon.slice(-6), noonMs: Date.parse(noon) }
    this.#days.set(daysAgo, day)
    return day
  }
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}
