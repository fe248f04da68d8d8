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
  /** Makes an item that begins at `start`; `ends` are those of its values. */
  readonly item: (text: string, start: number, ends: readonly number[]) => ReplyItem
}

/**
 * An item as a region served it, left in the reply's text: a property is read when it is asked for, and what is shown as it came is never read
 * at all. The text has been checked when the item is made.
 */
export abstract class ReplyItem {
  abstract readonly shape: ItemShape
  readonly #text: string
  readonly #start: number
  readonly #ends: readonly number[]

  constructor(text: string, start: number, ends: readonly number[]) {
    this.#text = text
    this.#start = start
    this.#ends = ends
  }

  /** The JSON of some neighbouring fields, their keys and the commas between them included. */
  textOf(first: number, last: number): string {
    return this.#text.slice(this.#startOf(first) + 1, this.#ends[last])
  }

  /** The JSON of one field's value. */
  valueText(place: number): string {
    return this.#text.slice(this.#startOf(place) + (this.shape.leadLengths[place] ?? 0), this.#ends[place])
  }

  /** All of its fields, in an object that bears no text. */
  toObject(): Readonly<Record<string, unknown>> {
    return { ...JSON.parse(`{${this.textOf(0, this.shape.fields.length - 1)}}`), ...this }
  }

  /** The item with more to it, which goes before what it has itself. */
  with<Added extends object>(added: Added): this & Added {
    return Object.assign(this.shape.item(this.#text, this.#start, this.#ends), added) as this & Added
  }

  #startOf(place: number): number {
    return place === 0 ? this.#start : (this.#ends[place - 1] ?? 0)
  }
}

/** The shape of items with these fields. */
export function createItemShape(fields: readonly { readonly key: string; readonly form: string | null }[]): ItemShape {
  class ShapedItem extends ReplyItem {
    override get shape(): ItemShape {
      return shape
    }
  }
  fields.forEach(({ key }, place) => {
    Object.defineProperty(ShapedItem.prototype, key, {
      get(this: ShapedItem) {
        return toValue(this.valueText(place))
      },
      // What is added to an item goes before what it has.
      set(this: ShapedItem, value: unknown) {
        Object.defineProperty(this, key, { value, enumerable: true })
      },
    })
  })
  const shape: ItemShape = {
    fields: fields.map(({ key }) => key),
    leadLengths: fields.map(({ key }) => `,${JSON.stringify(key)}:`.length),
    forms: fields.map(({ form }) => form),
    places: new Map(fields.map(({ key }, place) => [key, place])),
    item: (text, start, ends) => new ShapedItem(text, start, ends),
  }
  return shape
}

/** The value of a JSON text; most are strings without an escape. */
function toValue(text: string): unknown {
  return text.startsWith('"') && !text.includes('\\') ? text.slice(1, -1) : JSON.parse(text)
}

/** An item as an object with all of its fields, wherever it comes from. */
export function toPlainItem<Item extends object>(item: Item): Item {
  return item instanceof ReplyItem ? (item.toObject() as Item) : item
}
