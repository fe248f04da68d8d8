/** How the items of one selection stand in a region's reply: their fields, in order, each under its key. */
export interface ItemShape {
  /** Response keys. */
  readonly fields: readonly string[]
  /** How long what stands before each value is: `{"id":`, `,"title":`. */
  readonly leadLengths: readonly number[]
  /** What each value is made of (value-form.ts). */
  readonly forms: readonly (string | null)[]
  /** Of a response key its place among the fields. */
  readonly places: ReadonlyMap<string, number>
  /** The place of `orderedAt`; -1: it is not among them. */
  readonly orderedAt: number
}

/** Where an item stands in the text of a reply. */
export interface ItemPlace {
  readonly shape: ItemShape
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
  readonly #place: ItemPlace

  /** Given another item, the same once more. */
  constructor(place: ItemPlace | ReplyItem) {
    this.#place = place instanceof ReplyItem ? place.#place : place
  }

  static shapeOf(item: ReplyItem): ItemShape {
    return item.#place.shape
  }

  /** The JSON of some neighbouring fields with their keys, from the comma or brace before them; with the brace after them, where the item ends there. */
  static textOf(item: ReplyItem, first: number, last: number, ends: boolean): string {
    const place = item.#place
    const end = place.ends[last] ?? 0
    return place.text.slice(startOf(place, first), ends ? end + 1 : end)
  }

  /** The JSON of one field's value. */
  static valueText(item: ReplyItem, field: number): string {
    const place = item.#place
    return place.text.slice(startOf(place, field) + (place.shape.leadLengths[field] ?? 0), place.ends[field])
  }

  /** One field's value; most are strings without an escape, and need no parsing. */
  static value(item: ReplyItem, field: number): unknown {
    const place = item.#place
    const { text, isEscaped } = place
    const start = startOf(place, field) + (place.shape.leadLengths[field] ?? 0)
    const end = place.ends[field] ?? start
    return !isEscaped && text.charCodeAt(start) === quote ? text.slice(start + 1, end - 1) : JSON.parse(text.slice(start, end))
  }

  /** All of its fields, in an object that bears no text. */
  static toObject(item: ReplyItem): Readonly<Record<string, unknown>> {
    return { ...JSON.parse(ReplyItem.textOf(item, 0, item.#place.shape.fields.length - 1, true)), ...item }
  }

  /** In milliseconds since 1970; NaN: it is at no instant. */
  static orderedAtMs(item: ReplyItem): number {
    return item.#place.orderedAtMs
  }
}

/** Where what stands before a field begins. */
function startOf({ start, ends }: ItemPlace, field: number): number {
  return field === 0 ? start : (ends[field - 1] ?? 0)
}

const quote = 34

/** The shape of items with these fields. */
export function createItemShape(fields: readonly { readonly key: string; readonly form: string | null }[]): ItemShape {
  for (const { key } of fields) addGetter(key)
  const keys = fields.map(({ key }) => key)
  return {
    fields: keys,
    leadLengths: keys.map((key) => `,${JSON.stringify(key)}:`.length),
    forms: fields.map(({ form }) => form),
    places: new Map(keys.map((key, place) => [key, place])),
    orderedAt: keys.indexOf('orderedAt'),
  }
}

function addGetter(key: string): void {
  if (Object.hasOwn(ReplyItem.prototype, key)) return
  Object.defineProperty(ReplyItem.prototype, key, {
    get(this: ReplyItem) {
      const place = ReplyItem.shapeOf(this).places.get(key)
      return place === undefined ? undefined : ReplyItem.value(this, place)
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
export function orderedAtMsOf(item: { readonly orderedAt: string | null }): number {
  if (item instanceof ReplyItem) return ReplyItem.orderedAtMs(item)
  return item.orderedAt === null ? Number.NaN : Date.parse(item.orderedAt)
}
