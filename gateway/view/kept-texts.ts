/** How much of what is printed of a view is kept. */
export interface KeptTexts {
  readonly mostCharacters: number
}

interface Texts extends KeptTexts {
  readonly byKey: Map<string, string>
  characters: number
}

// Of kept views alone: a view that is seen once leaves nothing behind.
const texts = new WeakMap<object, Texts>()

/** From now on, what is printed of a view is kept with it. */
export function keepTexts(view: object, { mostCharacters }: KeptTexts): void {
  texts.set(view, { mostCharacters, byKey: new Map(), characters: 0 })
}

/** Whether anything is kept of a view. */
export function keepsTexts(view: object): boolean {
  return texts.has(view)
}

/** What was printed of a view under a key. */
export function findText(view: object, key: string): string | undefined {
  return texts.get(view)?.byKey.get(key)
}

/** Keeps what was printed of a view, where there is room; what was kept before goes where there is not. */
export function keepText(view: object, key: string, text: string): void {
  const own = texts.get(view)
  if (!own || text.length > own.mostCharacters) return
  if (own.characters + text.length > own.mostCharacters) {
    own.byKey.clear()
    own.characters = 0
  }
  // A string that was put together of pieces is a tree of them in V8, walked again each time it is sent: kept is a copy in one piece.
  own.byKey.set(key, Buffer.from(text).toString())
  own.characters += text.length
}
