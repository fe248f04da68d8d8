/** Layout of the items of one selection in a region's reply text: their fields, in order, each with its key. */
export interface ItemLayout {
  /** Response keys, in order. */
  readonly fields: readonly string[]
  /** Length of the text before each value: `{"id":`, `,"title":`. */
  readonly prefixLengths: readonly number[]
  /** Signature of each field's value (value-signature.ts). */
  readonly signatures: readonly (string | null)[]
  /** Index among `fields`, by response key. */
  readonly fieldIndexes: ReadonlyMap<string, number>
  /** Index of `orderedAt`; -1: it is not selected. */
  readonly orderedAtIndex: number
}

/** The slice of a reply's text that holds an item. */
export interface ItemSlice {
  readonly layout: ItemLayout
  readonly text: string
  /** Index at which the item begins. */
  readonly start: number
  /** Index after each value. */
  readonly ends: readonly number[]
  /** Whether any of its strings contains an escape. */
  readonly isEscaped: boolean
  /** The item's `orderedAt`, in milliseconds since 1970. NaN: it is null or not selected. */
  readonly orderedAtMs: number
}

/**
 * An item that stays in the reply's text. A property is parsed when it is read, and what is shown unchanged is never
 * parsed. The text is validated before the item is created. Items of all layouts share one class with a getter for
 * every field of any, because V8 is fast with few classes. All other methods are static, so that they take no field's
 * name. Measured with the reader: reply-reader.ts.
 */
export class ReplyItem {
  readonly #slice: ItemSlice

  /** Given another item, creates a copy. */
  constructor(place: ItemSlice | ReplyItem) {
    this.#slice = place instanceof ReplyItem ? place.#slice : place
  }

  static getLayout(item: ReplyItem): ItemLayout {
    return item.#slice.layout
  }

  /**
   * Returns the JSON of neighbouring fields with their keys, from the comma or brace before the first. With `ends`, it
   * includes the closing brace.
   */
  static sliceFields(item: ReplyItem, first: number, last: number, ends: boolean): string {
    const place = item.#slice
    const end = place.ends[last] ?? 0
    return place.text.slice(startOfField(place, first), ends ? end + 1 : end)
  }

  /** Returns the JSON of one field's value. */
  static sliceValue(item: ReplyItem, field: number): string {
    const place = item.#slice
    return place.text.slice(startOfField(place, field) + (place.layout.prefixLengths[field] ?? 0), place.ends[field])
  }

  /** Returns one field's value. Most values are strings without an escape and need no parsing. */
  static readValue(item: ReplyItem, field: number): unknown {
    const place = item.#slice
    const { text, isEscaped } = place
    const start = startOfField(place, field) + (place.layout.prefixLengths[field] ?? 0)
    const end = place.ends[field] ?? start
    return !isEscaped && text.charCodeAt(start) === quote
      ? text.slice(start + 1, end - 1)
      : JSON.parse(text.slice(start, end))
  }

  /** Returns all fields as an object that does not reference the reply's text. */
  static toObject(item: ReplyItem): Readonly<Record<string, unknown>> {
    return { ...JSON.parse(ReplyItem.sliceFields(item, 0, item.#slice.layout.fields.length - 1, true)), ...item }
  }

  /** Returns when the item is ordered, in milliseconds since 1970. NaN: it is undated. */
  static orderedAtMs(item: ReplyItem): number {
    return item.#slice.orderedAtMs
  }
}

/** Returns the index of the comma or brace before a field's key. */
function startOfField({ start, ends }: ItemSlice, field: number): number {
  return field === 0 ? start : (ends[field - 1] ?? 0)
}

const quote = 34

/** Creates the layout of items with these fields. */
export function createItemLayout(
  fields: readonly { readonly key: string; readonly signature: string | null }[],
): ItemLayout {
  for (const { key } of fields) addGetter(key)
  const keys = fields.map(({ key }) => key)
  return {
    fields: keys,
    prefixLengths: keys.map((key) => `,${JSON.stringify(key)}:`.length),
    signatures: fields.map(({ signature }) => signature),
    fieldIndexes: new Map(keys.map((key, place) => [key, place])),
    orderedAtIndex: keys.indexOf('orderedAt'),
  }
}

function addGetter(key: string): void {
  if (Object.hasOwn(ReplyItem.prototype, key)) return
  Object.defineProperty(ReplyItem.prototype, key, {
    get(this: ReplyItem) {
      const place = ReplyItem.getLayout(this).fieldIndexes.get(key)
      return place === undefined ? undefined : ReplyItem.readValue(this, place)
    },
    // A value that is assigned to a field takes precedence over the text.
    set(this: ReplyItem, value: unknown) {
      Object.defineProperty(this, key, { value, enumerable: true })
    },
  })
}

/** Converts an item, from a reply or not, to an object with all of its fields. */
export function toPlainItem<Item extends object>(item: Item): Item {
  return item instanceof ReplyItem ? (ReplyItem.toObject(item) as Item) : item
}

/** Returns when an item, from a reply or not, is ordered, in milliseconds since 1970. NaN: it is undated. */
export function readOrderedAtMs(item: { readonly orderedAt: string | null }): number {
  if (item instanceof ReplyItem) return ReplyItem.orderedAtMs(item)
  return item.orderedAt === null ? Number.NaN : Date.parse(item.orderedAt)
}

/**
 * Parses an instant of 24 characters as stores write it (`2026-11-27T16:06:09.935Z`), to milliseconds since 1970.
 * Returns null for another notation or a day that not every month has. Those are left to Date.parse, which takes five
 * times as long.
 */
export function readInstant(bytes: Uint8Array, at: number): number | null {
  const isForm =
    bytes[at + 4] === dash &&
    bytes[at + 7] === dash &&
    bytes[at + 10] === letterT &&
    bytes[at + 13] === colon &&
    bytes[at + 16] === colon &&
    bytes[at + 19] === stop &&
    bytes[at + 23] === letterZ
  if (!isForm) return null
  const year = 100 * twoDigitsAt(bytes, at) + twoDigitsAt(bytes, at + 2)
  const month = twoDigitsAt(bytes, at + 5)
  const day = twoDigitsAt(bytes, at + 8)
  const hour = twoDigitsAt(bytes, at + 11)
  const minute = twoDigitsAt(bytes, at + 14)
  const second = twoDigitsAt(bytes, at + 17)
  const milliseconds = 10 * twoDigitsAt(bytes, at + 20) + digitAt(bytes, at + 22)
  const isDay = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28
  const isTime =
    hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && milliseconds >= 0
  if (!isDay || !isTime) return null
  // A leap day precedes the months from March on.
  const leapYear = month > 2 ? year : year - 1
  const leapDays = Math.floor(leapYear / 4) - Math.floor(leapYear / 100) + Math.floor(leapYear / 400)
  const days = 365 * year + leapDays + (daysBefore[month] ?? 0) + day - daysBefore1970
  return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milliseconds
}

const [dash, colon, stop, letterT, letterZ] = Array.from('-:.TZ', (character) => character.charCodeAt(0))
const daysBefore = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
/** Includes 477 leap days and the first of January. */
const daysBefore1970 = 365 * 1970 + 477 + 1

/** Maps each byte to its digit. Any other byte maps to a number so small that the result is out of range. */
const digits = Int32Array.from({ length: 256 }, (_, byte) => (byte >= 48 && byte <= 57 ? byte - 48 : -1_000_000))

function digitAt(bytes: Uint8Array, at: number): number {
  return digits[bytes[at] ?? 0] ?? 0
}

function twoDigitsAt(bytes: Uint8Array, at: number): number {
  return 10 * digitAt(bytes, at) + digitAt(bytes, at + 1)
}
