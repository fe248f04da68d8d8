import { toPeriod } from '../../../schema/partial-date-time.ts'

/**
 * When something was, as a story tells it: a FHIR date or dateTime that stands for itself, or days before the day of
 * the build (negative: after it), with a time of day in Europe/London where one was recorded.
 */
export type Moment = string | RelativeMoment

export interface RelativeMoment {
  readonly daysAgo: number
  /** `HH:MM`, after 02:00, when London's clocks have changed if they change that day. */
  readonly at?: string
  /** Only this much of the date was recorded. */
  readonly precision?: 'month' | 'year'
}

export function daysAgo(days: number, at?: string): RelativeMoment {
  return at === undefined ? { daysAgo: days } : { daysAgo: days, at }
}

export function inDays(days: number, at?: string): RelativeMoment {
  return daysAgo(-days, at)
}

/** A moment of which only the month or the year was recorded. */
export function onlyThe(precision: 'month' | 'year', moment: RelativeMoment): RelativeMoment {
  return { daysAgo: moment.daysAgo, precision }
}

const dayMs = 86_400_000
const londonDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' })

/** The day on which people are built, and what every relative moment is counted from. */
export class Calendar {
  readonly #todayMs: number
  readonly #midnightMs: number

  constructor(now: Date) {
    const today = londonDay.format(now)
    this.#todayMs = Date.parse(`${today}T00:00:00Z`)
    this.#midnightMs = londonMidnightMs(today)
  }

  /** The moment as a FHIR date or dateTime. */
  toFhir(moment: Moment): string {
    if (typeof moment === 'string') return moment
    const day = this.#dayOf(moment.daysAgo)
    if (moment.precision !== undefined) return day.slice(0, moment.precision === 'year' ? 4 : 7)
    return moment.at === undefined ? day : `${day}T${moment.at}:00${this.#offsetOf(moment.daysAgo)}`
  }

  /**
   * The instant that version was made: a fixed number of days before the build day begins, so that a later build is
   * always newer.
   */
  toInstant(days: number): string {
    return new Date(this.#midnightMs - days * dayMs).toISOString()
  }

  /** The year that an age in whole years, reached at some time in the build year, began in. */
  yearBefore(years: number): number {
    return Number(this.#dayOf(0).slice(0, 4)) - years
  }

  #dayOf(days: number): string {
    return new Date(this.#todayMs - days * dayMs).toISOString().slice(0, 10)
  }

  /** The next midnight has the offset of the day before it from 02:00 on. */
  #offsetOf(days: number): string {
    const next = this.#dayOf(days - 1)
    const hours = (Date.parse(`${next}T00:00:00Z`) - londonMidnightMs(next)) / 3_600_000
    return `+0${hours}:00`
  }
}

function londonMidnightMs(day: string): number {
  const period = toPeriod(day)
  if (period === null) throw new Error(`Expected a day, found ${day}`)
  return period.startMs
}
