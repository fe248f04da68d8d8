import { isAscii } from 'node:buffer'

/** Where reading stands in a JSON text, which is ASCII. */
export interface JsonCursor {
  readonly text: string
  /** The text's bytes: they are compared far quicker than its characters, and four at a time. */
  readonly bytes: Uint8Array
  readonly words: DataView
  at: number
  /** How many escapes were met in strings so far. */
  escapes: number
}

/** Moves over one value; throws Unexpected where another stands. */
export type Skim = (cursor: JsonCursor) => void

/** The text goes on in another way than was expected: another order or kind, white space, or no JSON at all. */
export class Unexpected extends Error {}

/** At the beginning of a JSON text in UTF-8. Throws Unexpected where it is none. What is not ASCII in it can stand in strings alone, and is written there as an escape. */
export function toCursor(body: Buffer): JsonCursor {
  const bytes = isAscii(body) ? body : toAscii(body.toString())
  return { text: bytes.toString('latin1'), bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0, escapes: 0 }
}

function toAscii(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(6 * text.length)
  let length = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 128) {
      bytes[length++] = unit
      // What it escapes must not become another escape.
      if (unit === backslash && text.charCodeAt(index + 1) < 128) bytes[length++] = text.charCodeAt(++index)
      else if (unit === backslash) throw new Unexpected()
    } else length += bytes.write(`\\u${unit.toString(16).padStart(4, '0')}`, length, 'latin1')
  }
  return bytes.subarray(0, length)
}

/** Characters that are to come, as bytes: whole words of four, and the rest. */
export interface ExpectedText {
  readonly bytes: Uint8Array
  readonly words: Int32Array
}

const expectedTexts = new Map<string, ExpectedText>()

/** Makes an ASCII text ready to be compared. They are the keys and words of an SDL: few, and remembered. */
export function toExpected(text: string): ExpectedText {
  const known = expectedTexts.get(text) ?? makeExpected(text)
  expectedTexts.set(text, known)
  return known
}

function makeExpected(text: string): ExpectedText {
  const bytes = new Uint8Array(Buffer.from(text, 'latin1'))
  const view = new DataView(bytes.buffer)
  return { bytes, words: Int32Array.from({ length: bytes.length >> 2 }, (_, index) => view.getInt32(4 * index, true)) }
}

/** Moves over these very characters. */
export function skimText(cursor: JsonCursor, expected: ExpectedText): void {
  if (!comesNext(cursor, expected)) throw new Unexpected()
  cursor.at += expected.bytes.length
}

/** Whether these characters come next. */
export function comesNext({ bytes, words, at }: JsonCursor, expected: ExpectedText): boolean {
  const { length } = expected.bytes
  if (at + length > bytes.length) return false
  const count = expected.words.length
  for (let index = 0; index < count; index++) if (words.getInt32(at + 4 * index, true) !== expected.words[index]) return false
  for (let index = 4 * count; index < length; index++) if (bytes[at + index] !== expected.bytes[index]) return false
  return true
}

/** Moves over one character, given by its code. */
export function skimByte(cursor: JsonCursor, expected: number): void {
  if (cursor.bytes[cursor.at] !== expected) throw new Unexpected()
  cursor.at++
}

/** Moves over a string (RFC 8259, section 7). */
export function skimString(cursor: JsonCursor): void {
  const { bytes } = cursor
  let at = cursor.at
  if (bytes[at] !== quote) throw new Unexpected()
  for (;;) {
    const byte = bytes[++at] ?? 0
    if (byte === quote) break
    if (byte === backslash) at = skimEscape(cursor, at)
    // A control character, or the text's end.
    else if (byte < space) throw new Unexpected()
  }
  cursor.at = at + 1
}

/** Moves over a number (RFC 8259, section 6) that is as it should be. */
export function skimNumber(cursor: JsonCursor, isFit: (value: unknown) => boolean): void {
  number.lastIndex = cursor.at
  if (!number.test(cursor.text)) throw new Unexpected()
  const text = cursor.text.slice(cursor.at, number.lastIndex)
  // Written as JSON.stringify does, for it is shown as it stands.
  if (!isFit(Number(text)) || String(Number(text)) !== text) throw new Unexpected()
  cursor.at = number.lastIndex
}

export function skimBoolean(cursor: JsonCursor): void {
  skimText(cursor, cursor.bytes[cursor.at] === lowerT ? trueText : falseText)
}

/** Whether null comes next, which is moved over then. */
export function skimNull(cursor: JsonCursor): boolean {
  if (cursor.bytes[cursor.at] !== lowerN) return false
  skimText(cursor, nullText)
  return true
}

/** Moves over a list, calling `each` where one of its values begins; it moves over that. */
export function skimList(cursor: JsonCursor, each: (cursor: JsonCursor) => void): void {
  const { bytes } = cursor
  skimByte(cursor, openingBracket)
  if (bytes[cursor.at] === closingBracket) {
    cursor.at++
    return
  }
  for (;;) {
    each(cursor)
    const byte = bytes[cursor.at++]
    if (byte === closingBracket) return
    if (byte !== comma) throw new Unexpected()
  }
}

export const closingBrace = 125
const [quote, backslash, space, comma, openingBracket, closingBracket, lowerN, lowerT] = [34, 92, 32, 44, 91, 93, 110, 116]
const [trueText, falseText, nullText] = [toExpected('true'), toExpected('false'), toExpected('null')]
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/** Of an escape that begins there, where its last character is. */
function skimEscape(cursor: JsonCursor, at: number): number {
  escaped.lastIndex = at
  if (!escaped.test(cursor.text)) throw new Unexpected()
  cursor.escapes++
  return escaped.lastIndex - 1
}
