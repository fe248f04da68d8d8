import { GraphQLNonNull, type GraphQLSchema, parse } from 'graphql'
import { parseReply } from './parse-reply.ts'
import { type ItemLayout, ReplyItem, readInstant } from './reply-item.ts'
import { type EnumToken, type ReplySchema, toReplySchema } from './reply-schema.ts'
import {
  closingBrace,
  closingBracket,
  comma,
  lowerT,
  openingBracket,
  type ReplyText,
  ScanMismatch,
  scanBoolean,
  scanByte,
  scanNull,
  scanNumber,
  scanString,
  scanText,
  startsWithAt,
  toExpectedText,
  toReplyText,
} from './reply-text.ts'
import { createReplyValidator, isInt, type ReplyValidator } from './reply-validator.ts'

/** Reads the body of a reply into its data. Throws RegionFault or ReplyShapeError where it is not what its query and the region's SDL promise. */
export type ReplyReader = (body: Buffer) => Readonly<Record<string, unknown>>

/**
 * A reader of the replies to one query, made once. It goes over the text a single time, checking it by the query and the SDL, and leaves
 * items where they are (reply-item.ts): most of a reply is shown as it came. A reply in another order, or with white space, is as good; it
 * is parsed and put in order first.
 */
export function createReplyReader(schema: GraphQLSchema, query: string): ReplyReader {
  const [operation] = parse(query).definitions
  if (operation?.kind !== 'OperationDefinition') throw new Error('Expected one operation')
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Error(`Regional SDL: expected a root type for a ${operation.operation}`)
  const { selections } = operation.selectionSet
  const form = toReplySchema(new GraphQLNonNull(root), selections)
  let check: ReplyValidator | null = null
  const readOrdered = (body: Buffer) => {
    const reply = toReplyText(body)
    const reading = { reply, at: scanText(reply, 0, beforeData) }
    const data = read(reading, form) as Readonly<Record<string, unknown>>
    if (scanByte(reply, reading.at, closingBrace) !== reply.text.length) throw new ScanMismatch()
    return data
  }
  return (body) => {
    try {
      return readOrdered(body)
    } catch (error) {
      if (!(error instanceof ScanMismatch)) throw error
      // Made when it is needed: most regions write as they are asked.
      check ??= createReplyValidator(root, selections)
      return readOrdered(Buffer.from(JSON.stringify({ data: check(parseReply(body.toString())) })))
    }
  }
}

const beforeData = toExpectedText('{"data":')

/** A reply that is being read, and where. */
interface ReadState {
  readonly reply: ReplyText
  at: number
}

/** The value that comes next, which is moved over. */
function read(reading: ReadState, form: ReplySchema): unknown {
  const { reply, at } = reading
  if (form.isNullable) {
    reading.at = scanNull(reply, at)
    if (reading.at > at) return null
  }
  if (form.layout) return readItem(reading, form, form.layout)
  if (form.holdsItems) return form.element ? readList(reading, form.element) : readObject(reading, form)
  if (form.kind === 'ENUM') {
    const { name: word, expected } = findEnumToken(reply, at, form.enumTokens)
    reading.at = at + expected.length
    return word
  }
  const end = scan(reply, at, form)
  reading.at = end
  // Parsed, not cut out: V8 keeps the whole text of what is cut out of it, and this may be kept without the rest.
  return form.kind === 'BOOLEAN' ? reply.bytes[at] === lowerT : JSON.parse(reply.text.slice(at, end))
}

function readObject(reading: ReadState, { fields }: ReplySchema): unknown {
  const { reply } = reading
  const object: Record<string, unknown> = {}
  for (const { key, prefix: lead, schema: form } of fields) {
    reading.at = scanText(reply, reading.at, lead)
    object[key] = read(reading, form)
  }
  reading.at = scanByte(reply, reading.at, closingBrace)
  return object
}

function readItem(reading: ReadState, { fields }: ReplySchema, shape: ItemLayout): ReplyItem {
  const { reply, at: start } = reading
  const { escapeCount } = reply
  const ends: number[] = new Array(fields.length)
  let at = start
  for (let place = 0; place < fields.length; place++) {
    const { prefix: lead, schema: form } = fields[place] as ReplySchema['fields'][number]
    at = scan(reply, scanText(reply, at, lead), form)
    ends[place] = at
  }
  reading.at = scanByte(reply, at, closingBrace)
  const isEscaped = reply.escapeCount > escapeCount
  const { orderedAtIndex } = shape
  const orderedAtMs =
    orderedAtIndex < 0
      ? Number.NaN
      : readOrderedAt(
          reply,
          (ends[orderedAtIndex - 1] ?? start) + (shape.prefixLengths[orderedAtIndex] ?? 0),
          ends[orderedAtIndex] ?? 0,
        )
  return new ReplyItem({ layout: shape, text: reply.text, start, ends, isEscaped, orderedAtMs })
}

/** An instant or null, which stands there, in milliseconds since 1970; NaN: it is none. */
function readOrderedAt({ bytes, text }: ReplyText, start: number, end: number): number {
  const instantMs = end - start === instantLength ? readInstant(bytes, start + 1) : null
  return instantMs ?? Date.parse(JSON.parse(text.slice(start, end)))
}

/** With its quotes. */
const instantLength = 26

function readList(reading: ReadState, each: ReplySchema): readonly unknown[] {
  const { reply } = reading
  const { bytes } = reply
  const list: unknown[] = []
  reading.at = scanByte(reply, reading.at, openingBracket)
  if (bytes[reading.at] === closingBracket) {
    reading.at++
    return list
  }
  for (;;) {
    list.push(each.isSeparable ? readSeparately(reading, each) : read(reading, each))
    const byte = bytes[reading.at++]
    if (byte === closingBracket) return list
    if (byte !== comma) throw new ScanMismatch()
  }
}

/** Reads one of several in a text of its own: one patient's reply may be kept for long, and must not keep the others'. */
function readSeparately(reading: ReadState, form: ReplySchema): unknown {
  const { reply, at } = reading
  const value = read(reading, form)
  const isMostOfIt = 2 * (reading.at - at) > reply.text.length
  return isMostOfIt ? value : read({ reply: toReplyText(Buffer.from(reply.text.slice(at, reading.at))), at: 0 }, form)
}

/** Moves over a value; where the text stands then. */
function scan(reply: ReplyText, start: number, form: ReplySchema): number {
  let at = start
  if (form.isNullable) {
    at = scanNull(reply, start)
    if (at > start) return at
  }
  switch (form.kind) {
    case 'STRING':
      return scanString(reply, at)
    case 'ENUM':
      return at + findEnumToken(reply, at, form.enumTokens).expected.length
    case 'OBJECT':
      for (const field of form.fields) at = scan(reply, scanText(reply, at, field.prefix), field.schema)
      return scanByte(reply, at, closingBrace)
    case 'LIST':
      return form.element ? scanList(reply, at, form.element) : at
    case 'BOOLEAN':
      return scanBoolean(reply, at)
    case 'INT':
      return scanNumber(reply, at, isInt)
    case 'FLOAT':
      return scanNumber(reply, at, Number.isFinite)
  }
}

function scanList(reply: ReplyText, start: number, each: ReplySchema): number {
  const { bytes } = reply
  let at = scanByte(reply, start, openingBracket)
  if (bytes[at] === closingBracket) return at + 1
  for (;;) {
    at = scan(reply, at, each)
    const byte = bytes[at++]
    if (byte === closingBracket) return at
    if (byte !== comma) throw new ScanMismatch()
  }
}

function findEnumToken(reply: ReplyText, at: number, words: readonly EnumToken[]): EnumToken {
  for (const one of words) if (startsWithAt(reply, at, one.expected)) return one
  throw new ScanMismatch()
}
