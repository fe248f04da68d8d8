/** What was made for a text; null where it is not remembered. */
export interface DocumentMemory<T> {
  get(text: string): T | null
  set(text: string, made: T): void
}

/** What a text weighs beside its characters, so that many short ones weigh something too. */
const entryCharacters = 500

/** Remembers what was made for texts, those asked for last, of so many characters together: a document takes memory by the length of its text. */
export function createDocumentMemory<T>(maxCharacters: number): DocumentMemory<T> {
  const known = new Map<string, T>()
  let characters = 0
  const weigh = (text: string) => text.length + entryCharacters
  const forget = (text: string) => {
    if (known.delete(text)) characters -= weigh(text)
  }
  return {
    get(text) {
      const found = known.get(text)
      if (found === undefined) return null
      known.delete(text)
      known.set(text, found)
      return found
    },
    set(text, made) {
      forget(text)
      known.set(text, made)
      characters += weigh(text)
      for (const oldest of known.keys()) {
        if (characters <= maxCharacters) return
        forget(oldest)
      }
    },
  }
}
