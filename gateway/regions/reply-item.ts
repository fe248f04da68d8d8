/** How the items of one selection stand in a region's reply: their fields, in order, each under its key. */
export interface ItemLayout {
  /** Response keys. */
  readonly fields: readonly string[]
  /** How long what stands before each value is: `{"id":`, `,"title":`. */
  readonly prefixLengths: readonly number[]
  /** What each value is made of (value-form.ts). */
  readonly signatures: readonly (string | null)[]
  /** Of a response key its place among the fields. */
  readonly fieldIndexes: ReadonlyMap<string, number>
  /** The place of `orderedAt`; -1: it is not among them. */
  readonly orderedAtIndex: number
}

/** Where an item stands in the text of a reply. */
export interface ItemSlice {
  readonly layout: ItemLayout
  readonly text: string
  /** Where it begins. */
  readonly start: number
  /** Where its values end. */
  readonly ends: readonly number[]
  /** Some string of it is written with an escape. */
  readonly isEscaped: boolean
  /** Of `orderedAt`, in milliseconds since 1970; NaN: it is none. */
  readonly orderedAtMs: number
}

/**
 * An item as a region served it, left in the reply's text: a property is read when it is asked for, and what is shown as it came is never read
 * at all. The text has been checked when the item is made. Items of all shapes are of one class, whose prototype has a getter for every field of
 * any: V8 is quick with few classes. Whatever else there is to ask is static, so that no field's name is taken.
 */
export class ReplyItem {
  readonly #slice: ItemSlice

  /** Given another item, the same once more. */
  constructor(place: ItemSlice | ReplyItem) {
    this.#slice = place instanceof ReplyItem ? place.#slice : place
  }

  static getLayout(item: ReplyItem): ItemLayout {
    return item.#slice.layout
  }

  /** The JSON of some neighbouring fields with their keys, from the comma or brace before them; with the brace after them, where the item ends there. */
  static sliceFields(item: ReplyItem, first: number, last: number, ends: boolean): string {
    const place = item.#slice
    const end = place.ends[last] ?? 0
    return place.text.slice(startOfField(place, first), ends ? end + 1 : end)
  }

  /** The JSON of one field's value. */
  static sliceValue(item: ReplyItem, field: number): string {
    const place = item.#slice
    return place.text.slice(startOfField(place, field) + (place.layout.prefixLengths[field] ?? 0), place.ends[field])
  }

  /** One field's value; most are strings without an escape, and need no parsing. */
  static readValue(item: ReplyItem, field: number): unknown {
    const place = item.#slice
    const { text, isEscaped } = place
    const start = startOfField(place, field) + (place.layout.prefixLengths[field] ?? 0)
    const end = place.ends[field] ?? start
    return !isEscaped && text.charCodeAt(start) === quote
      ? text.slice(start + 1, end - 1)
      : JSON.parse(text.slice(start, end))
  }

  /** All of its fields, in an object that bears no text. */
  static toObject(item: ReplyItem): Readonly<Record<string, unknown>> {
    return { ...JSON.parse(ReplyItem.sliceFields(item, 0, item.#slice.layout.fields.length - 1, true)), ...item }
  }

  /** In milliseconds since 1970; NaN: it is at no instant. */
  static orderedAtMs(item: ReplyItem): number {
    return item.#slice.orderedAtMs
  }
}

/** Where what stands before a field begins. */
function startOfField({ start, ends }: ItemSlice, field: number): number {
  return field === 0 ? start : (ends[field - 1] ?? 0)
}

const quote = 34

/** The shape of items with these fields. */
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
    // What is added under a field's name goes before it.
    set(this: ReplyItem, value: unknown) {
      Object.defineProperty(this, key, { value, enumerable: true })
    },
  })
}

/** An item as an object with all of its fields, wherever it comes from. */
export function toPlainItem<Item extends object>(item: Item): Item {
  return item instanceof ReplyItem ? (ReplyItem.toObject(item) as Item) : item
}

/** When an item is ordered, wherever it comes from, in milliseconds since 1970; NaN: at no instant. */
export function readOrderedAtMs(item: { readonly orderedAt: string | null }): number {
  if (item instanceof ReplyItem) return ReplyItem.orderedAtMs(item)
  return item.orderedAt === null ? Number.NaN : Date.parse(item.orderedAt)
}

/**
 * The instant whose 24 characters, as stores write them (`2026-11-27T16:06:09.935Z`), begin there, in milliseconds since 1970. Null: it is written
 * in another way, or of a day that not every month has, and is for Date.parse, which takes five times as long.
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
  // A leap day comes before the months after it.
  const leapYear = month > 2 ? year : year - 1
  const leapDays = Math.floor(leapYear / 4) - Math.floor(leapYear / 100) + Math.floor(leapYear / 400)
  const days = 365 * year + leapDays + (daysBefore[month] ?? 0) + day - daysBefore1970
  return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milliseconds
}

const [dash, colon, stop, letterT, letterZ] = Array.from('-:.TZ', (character) => character.charCodeAt(0))
const daysBefore = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
/** With 477 leap days, and the first of January. */
const daysBefore1970 = 365 * 1970 + 477 + 1

/** Of each byte the digit that it is; so little for any other that no number with it is in range. */
const digits = Int32Array.from({ length: 256 }, (_, byte) => (byte >= 48 && byte <= 57 ? byte - 48 : -1_000_000))

function digitAt(bytes: Uint8Array, at: number): number {
  return digits[bytes[at] ?? 0] ?? 0
}

function twoDigitsAt(bytes: Uint8Array, at: number): number {
  return 10 * digitAt(bytes, at) + digitAt(bytes, at + 1)
}
