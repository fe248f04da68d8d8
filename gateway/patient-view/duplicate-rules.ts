import type * as Region from '../../schema/generated/region.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import { toInstantMs, toPeriod } from '../../schema/partial-date-time.ts'

/** Decides whether two items of a section look alike although no identifier proves that they are one. */
export interface DuplicateRule<Item> {
  /** The fields it reads, beside those that every item has. */
  readonly fields: readonly (keyof Item & string)[]
  /** Items are alike only if they share a key; an item without keys is like no other. */
  readonly keys: (item: Item) => readonly string[]
  /**
   * The keys contain locations. Naming duplicates would then reveal equal locations, so it stops where the location
   * is protected.
   */
  readonly comparesLocations: boolean
  /** Tells whether two items that share a key are alike. @default all are */
  readonly isDuplicate?: (a: Item, b: Item) => boolean
}

/** Combines keys that must all match. Empty if either list is, because an unknown value equals nothing. */
export function combineKeys(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.flatMap((one) => others.map((other) => `${one} ${other}`))
}

/** A concept's codes, or its text if it has none. */
export function conceptKeys({ codings, text }: Region.Concept): readonly string[] {
  return codings.length > 0 ? codings.map(({ system, code }) => `${system ?? ''}|${code}`) : [normalise(text)]
}

/** A concept's codes and its text, because another source may have only one of them. */
export function textKeys(concept: Region.Concept): readonly string[] {
  return [normalise(concept.text), ...conceptKeys(concept)]
}

export function normalise(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase()
}

/** The first recorded organisation, by its code or else its name. */
export function organisationKeys(
  ...organisations: readonly (Region.Organisation | null | undefined)[]
): readonly string[] {
  const [key] = organisations.flatMap(
    (organisation) => organisation?.odsCode ?? (organisation?.name ? normalise(organisation.name) : []),
  )
  return key === undefined ? [] : [key]
}

/** Instants compare by their moment, whatever their offset; partial dates by what is known. */
export function instantKeys(date: string | null): readonly string[] {
  if (date === null) return []
  return [date.includes('T') ? String(toInstantMs(date)) : date]
}

/** Dates compare by day in Europe/London; partial dates by what is known. */
export function dayKeys(date: string | null): readonly string[] {
  if (date === null) return []
  const instantMs = date.includes('T') ? toInstantMs(date) : null
  return [instantMs === null ? date : toLondonDay(instantMs)]
}

/** A result's value as one key: the amount without trailing zeros, the text, and those of its components. */
export function valueKey({ quantity, value, components }: Region.Result): string {
  const own = quantity
    ? `${quantity.comparator ?? ''} ${withoutTrailingZeros(quantity.value)} ${quantity.unit ?? quantity.code ?? ''}`
    : (value ?? '')
  return JSON.stringify([own, ...components.map((component) => [conceptKeys(component.code), component.value])])
}

function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}

const monthMs = 31 * 24 * 60 * 60 * 1000

export function withinAMonth(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true
  return gapMs(a, b) <= monthMs
}

export function withinAnHour(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && gapMs(a, b) <= 60 * 60 * 1000
}

/** The smallest distance between two periods, in milliseconds; 0 if they overlap. */
function gapMs(a: string, b: string): number {
  const first = toPeriod(a)
  const second = toPeriod(b)
  if (!first || !second) return Number.POSITIVE_INFINITY
  return Math.max(0, first.startMs - second.endMs, second.startMs - first.endMs)
}

/** Tells whether two medicines' periods overlap. Without a start it began before, without an end it continues. */
export function periodsOverlap(a: Region.Medication, b: Region.Medication): boolean {
  const span = ({ started, ended }: Region.Medication) =>
    [
      (started && toPeriod(started)?.startMs) ?? Number.NEGATIVE_INFINITY,
      (ended && toPeriod(ended)?.endMs) ?? Number.POSITIVE_INFINITY,
    ] as const
  const [aFrom, aTo] = span(a)
  const [bFrom, bTo] = span(b)
  return aFrom <= bTo && bFrom <= aTo
}
