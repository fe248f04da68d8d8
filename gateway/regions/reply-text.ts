import { isAscii } from 'node:buffer'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'

/** A reply's text, JSON in ASCII, as it is gone over. */
export interface ReplyText {
  readonly text: string
  /** The text's bytes: they are compared far quicker than its characters, and four at a time. */
  readonly bytes: Uint8Array
  readonly view: DataView
  /** How many escapes were met in strings so far. */
  escapeCount: number
}

/** The text goes on in another way than was expected: another order or kind, white space, or no JSON at all. */
export class ScanMismatch extends Error {}

/** A JSON text in UTF-8. Throws Unexpected where it is none. What is not ASCII in it can stand in strings alone, and is written there as an escape. */
export function toReplyText(body: Buffer): ReplyText {
  const bytes = isAscii(body) ? body : toAscii(body.toString())
  return {
    text: bytes.toString('latin1'),
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    escapeCount: 0,
  }
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
      else if (unit === backslash) throw new ScanMismatch()
    } else length += bytes.write(`\\u${unit.toString(16).padStart(4, '0')}`, length, 'latin1')
  }
  return bytes.subarray(0, length)
}

/** Characters that are to come, four bytes at a time; the last four may overlap those before them. */
export interface ExpectedText {
  readonly length: number
  readonly chunks: readonly number[]
  /** Where the last word begins, and which of its bits are meant. */
  readonly lastAt: number
  readonly last: number
  readonly lastMask: number
}

// The keys and words of the SDLs are few; what clients name is not.
const expectedTexts = createBoundedMemo<ExpectedText>(10_000, 1_000_000)

/** Makes an ASCII text ready to be compared. */
export function toExpectedText(text: string): ExpectedText {
  return expectedTexts(text, () => createExpectedText(text))
}

function createExpectedText(text: string): ExpectedText {
  const { length } = text
  const bytes = Buffer.from(text.padEnd(4, '\0'), 'latin1')
  const lastAt = bytes.length - 4
  const words = Array.from({ length: Math.ceil(lastAt / 4) }, (_, index) => bytes.readInt32LE(4 * index))
  return {
    length,
    chunks: words,
    lastAt,
    last: bytes.readInt32LE(lastAt),
    lastMask: length < 4 ? (1 << (8 * length)) - 1 : -1,
  }
}

// Each gives where the text stands after what it moved over, and throws Unexpected where another stands there. No object holds the place: it stays in a register.

/** Moves over these very characters. */
export function scanText(reply: ReplyText, at: number, expected: ExpectedText): number {
  if (!startsWithAt(reply, at, expected)) throw new ScanMismatch()
  return at + expected.length
}

/** Whether these characters come next. Where fewer than four bytes are left they are not taken to; in a whole reply no value is the last. */
export function startsWithAt(
  { text, view: found }: ReplyText,
  at: number,
  { chunks, lastAt, last, lastMask }: ExpectedText,
): boolean {
  if (at + lastAt + 4 > text.length || (found.getInt32(at + lastAt, true) & lastMask) !== last) return false
  for (let index = 0; index < chunks.length; index++)
    if (found.getInt32(at + 4 * index, true) !== chunks[index]) return false
  return true
}

/** Moves over one character, given by its code. */
export function scanByte({ bytes }: ReplyText, at: number, expected: number): number {
  if (bytes[at] !== expected) throw new ScanMismatch()
  return at + 1
}

/** Moves over a string (RFC 8259, section 7). */
export function scanString(reply: ReplyText, start: number): number {
  const { bytes } = reply
  if (bytes[start] !== quote) throw new ScanMismatch()
  let at = start + 1
  for (;;) {
    while (isPlainByte[bytes[at] ?? 0] === 1) at++
    if (bytes[at] === quote) return at + 1
    // A control character, or the text's end.
    if (bytes[at] !== backslash) throw new ScanMismatch()
    at = scanEscape(reply, at)
  }
}

/** Moves over a number (RFC 8259, section 6) that is as it should be. */
export function scanNumber({ text }: ReplyText, at: number, isFit: (value: unknown) => boolean): number {
  numberPattern.lastIndex = at
  if (!numberPattern.test(text)) throw new ScanMismatch()
  const found = text.slice(at, numberPattern.lastIndex)
  // Written as JSON.stringify does, for it is shown as it stands.
  if (!isFit(Number(found)) || String(Number(found)) !== found) throw new ScanMismatch()
  return numberPattern.lastIndex
}

export function scanBoolean(reply: ReplyText, at: number): number {
  return scanText(reply, at, reply.bytes[at] === lowerT ? trueText : falseText)
}

/** Moves over null, where it comes next. */
export function scanNull(reply: ReplyText, at: number): number {
  return reply.bytes[at] === lowerN ? scanText(reply, at, nullText) : at
}

/** Of an escape that begins there, where it ends. */
function scanEscape(reply: ReplyText, at: number): number {
  escapePattern.lastIndex = at
  if (!escapePattern.test(reply.text)) throw new ScanMismatch()
  reply.escapeCount++
  return escapePattern.lastIndex
}

export const [comma, openingBracket, closingBracket, lowerT, closingBrace] = [44, 91, 93, 116, 125] as const
const [quote, backslash, space, lowerN] = [34, 92, 32, 110]
const [trueText, falseText, nullText] = [toExpectedText('true'), toExpectedText('false'), toExpectedText('null')]
/** Of each byte whether it stands for itself in a string. */
const isPlainByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < space || byte === quote || byte === backslash ? 0 : 1,
)
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escapePattern = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
