import { isAscii } from 'node:buffer'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'

/** A reply's text, JSON in ASCII, as it is gone over. */
export interface ReplyText {
  readonly text: string
  /** The text's bytes: they are compared far quicker than its characters, and four at a time. */
  readonly bytes: Uint8Array
  readonly words: DataView
  /** How many escapes were met in strings so far. */
  escapes: number
}

/** The text goes on in another way than was expected: another order or kind, white space, or no JSON at all. */
export class Unexpected extends Error {}

/** A JSON text in UTF-8. Throws Unexpected where it is none. What is not ASCII in it can stand in strings alone, and is written there as an escape. */
export function toReplyText(body: Buffer): ReplyText {
  const bytes = isAscii(body) ? body : toAscii(body.toString())
  return { text: bytes.toString('latin1'), bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), escapes: 0 }
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

/** Characters that are to come, four bytes at a time; the last four may overlap those before them. */
export interface ExpectedText {
  readonly length: number
  readonly words: readonly number[]
  /** Where the last word begins, and which of its bits are meant. */
  readonly lastAt: number
  readonly last: number
  readonly lastMask: number
}

// The keys and words of the SDLs are few; what clients name is not.
const expectedTexts = createBoundedMemo<ExpectedText>(10_000, 1_000_000)

/** Makes an ASCII text ready to be compared. */
export function toExpected(text: string): ExpectedText {
  return expectedTexts(text, () => makeExpected(text))
}

function makeExpected(text: string): ExpectedText {
  const { length } = text
  const bytes = Buffer.from(text.padEnd(4, '\0'), 'latin1')
  const lastAt = bytes.length - 4
  const words = Array.from({ length: Math.ceil(lastAt / 4) }, (_, index) => bytes.readInt32LE(4 * index))
  return { length, words, lastAt, last: bytes.readInt32LE(lastAt), lastMask: length < 4 ? (1 << (8 * length)) - 1 : -1 }
}

// Each gives where the text stands after what it moved over, and throws Unexpected where another stands there. No object holds the place: it stays in a register.

/** Moves over these very characters. */
export function skimText(reply: ReplyText, at: number, expected: ExpectedText): number {
  if (!comesNext(reply, at, expected)) throw new Unexpected()
  return at + expected.length
}

/** Whether these characters come next. Where fewer than four bytes are left they are not taken to; in a whole reply no value is the last. */
export function comesNext({ text, words: found }: ReplyText, at: number, { words, lastAt, last, lastMask }: ExpectedText): boolean {
  if (at + lastAt + 4 > text.length || (found.getInt32(at + lastAt, true) & lastMask) !== last) return false
  for (let index = 0; index < words.length; index++) if (found.getInt32(at + 4 * index, true) !== words[index]) return false
  return true
}

/** Moves over one character, given by its code. */
export function skimByte({ bytes }: ReplyText, at: number, expected: number): number {
  if (bytes[at] !== expected) throw new Unexpected()
  return at + 1
}

/** Moves over a string (RFC 8259, section 7). */
export function skimString(reply: ReplyText, start: number): number {
  const { bytes } = reply
  if (bytes[start] !== quote) throw new Unexpected()
  let at = start + 1
  for (;;) {
    while (isPlain[bytes[at] ?? 0] === 1) at++
    if (bytes[at] === quote) return at + 1
    // A control character, or the text's end.
    if (bytes[at] !== backslash) throw new Unexpected()
    at = skimEscape(reply, at)
  }
}

/** Moves over a number (RFC 8259, section 6) that is as it should be. */
export function skimNumber({ text }: ReplyText, at: number, isFit: (value: unknown) => boolean): number {
  number.lastIndex = at
  if (!number.test(text)) throw new Unexpected()
  const found = text.slice(at, number.lastIndex)
  // Written as JSON.stringify does, for it is shown as it stands.
  if (!isFit(Number(found)) || String(Number(found)) !== found) throw new Unexpected()
  return number.lastIndex
}

export function skimBoolean(reply: ReplyText, at: number): number {
  return skimText(reply, at, reply.bytes[at] === lowerT ? trueText : falseText)
}

/** Moves over null, where it comes next. */
export function skimNull(reply: ReplyText, at: number): number {
  return reply.bytes[at] === lowerN ? skimText(reply, at, nullText) : at
}

/** Of an escape that begins there, where it ends. */
function skimEscape(reply: ReplyText, at: number): number {
  escaped.lastIndex = at
  if (!escaped.test(reply.text)) throw new Unexpected()
  reply.escapes++
  return escaped.lastIndex
}

export const [comma, openingBracket, closingBracket, lowerT, closingBrace] = [44, 91, 93, 116, 125] as const
const [quote, backslash, space, lowerN] = [34, 92, 32, 110]
const [trueText, falseText, nullText] = [toExpected('true'), toExpected('false'), toExpected('null')]
/** Of each byte whether it stands for itself in a string. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) => (byte < space || byte === quote || byte === backslash ? 0 : 1))
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
