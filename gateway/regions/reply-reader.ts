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

/**
 * Reads the body of a reply and returns its data. Throws RegionFault or ReplyShapeError if the data contradicts the
 * query or the region's SDL.
 */
export type ReplyReader = (body: Buffer) => Readonly<Record<string, unknown>>

/**
 * Creates the reader of the replies to one query. It scans the text once, validates it against the query and the SDL,
 * and leaves items in the text (reply-item.ts), because most are shown unchanged. A reply in another order or with
 * white space is valid too; it is first parsed and reordered. Measured: 19 µs for 12 kB, where JSON.parse alone takes
 * 40; `npm run bench profile` shows its share (test/bench/README.md).
 */
export function createReplyReader(schema: GraphQLSchema, query: string): ReplyReader {
  const [operation] = parse(query).definitions
  if (operation?.kind !== 'OperationDefinition') throw new Error('Expected one operation')
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Error(`Regional SDL: expected a root type for a ${operation.operation}`)
  const { selections } = operation.selectionSet
  const valueSchema = toReplySchema(new GraphQLNonNull(root), selections)
  let check: ReplyValidator | null = null
  const readOrdered = (body: Buffer) => {
    const reply = toReplyText(body)
    const state = { reply, at: scanText(reply, 0, beforeData) }
    const data = read(state, valueSchema) as Readonly<Record<string, unknown>>
    if (scanByte(reply, state.at, closingBrace) !== reply.text.length) throw new ScanMismatch()
    return data
  }
  return (body) => {
    try {
      return readOrdered(body)
    } catch (error) {
      if (!(error instanceof ScanMismatch)) throw error
      // Created on first use, because most regions reply in the order of the query.
      check ??= createReplyValidator(root, selections)
      return readOrdered(Buffer.from(JSON.stringify({ data: check(parseReply(body.toString())) })))
    }
  }
}

const beforeData = toExpectedText('{"data":')

/** A reply and the index of the next character to read. */
interface ReadState {
  readonly reply: ReplyText
  at: number
}

/** Reads the next value and advances past it. */
function read(state: ReadState, valueSchema: ReplySchema): unknown {
  const { reply, at } = state
  if (valueSchema.isNullable) {
    state.at = scanNull(reply, at)
    if (state.at > at) return null
  }
  if (valueSchema.layout) return readItem(state, valueSchema, valueSchema.layout)
  if (valueSchema.holdsItems)
    return valueSchema.element ? readList(state, valueSchema.element) : readObject(state, valueSchema)
  if (valueSchema.kind === 'ENUM') {
    const { name, expected } = findEnumToken(reply, at, valueSchema.enumTokens)
    state.at = at + expected.length
    return name
  }
  const end = scan(reply, at, valueSchema)
  state.at = end
  // The value is parsed and not sliced, because V8 retains the whole text of a slice, and the value may outlive the
  // text.
  return valueSchema.kind === 'BOOLEAN' ? reply.bytes[at] === lowerT : JSON.parse(reply.text.slice(at, end))
}

function readObject(state: ReadState, { fields }: ReplySchema): unknown {
  const { reply } = state
  const object: Record<string, unknown> = {}
  for (const { key, prefix, schema: valueSchema } of fields) {
    state.at = scanText(reply, state.at, prefix)
    object[key] = read(state, valueSchema)
  }
  state.at = scanByte(reply, state.at, closingBrace)
  return object
}

function readItem(state: ReadState, { fields }: ReplySchema, layout: ItemLayout): ReplyItem {
  const { reply, at: start } = state
  const { escapeCount } = reply
  const ends: number[] = new Array(fields.length)
  let at = start
  for (let index = 0; index < fields.length; index++) {
    const { prefix, schema: valueSchema } = fields[index] as ReplySchema['fields'][number]
    at = scan(reply, scanText(reply, at, prefix), valueSchema)
    ends[index] = at
  }
  state.at = scanByte(reply, at, closingBrace)
  const isEscaped = reply.escapeCount > escapeCount
  const { orderedAtIndex } = layout
  const orderedAtMs =
    orderedAtIndex < 0
      ? Number.NaN
      : readOrderedAt(
          reply,
          (ends[orderedAtIndex - 1] ?? start) + (layout.prefixLengths[orderedAtIndex] ?? 0),
          ends[orderedAtIndex] ?? 0,
        )
  return new ReplyItem({ layout, text: reply.text, start, ends, isEscaped, orderedAtMs })
}

/** Reads an instant or null, as milliseconds since 1970. NaN: it is null. */
function readOrderedAt({ bytes, text }: ReplyText, start: number, end: number): number {
  const instantMs = end - start === instantLength ? readInstant(bytes, start + 1) : null
  return instantMs ?? Date.parse(JSON.parse(text.slice(start, end)))
}

/** Includes the quotes. */
const instantLength = 26

function readList(state: ReadState, element: ReplySchema): readonly unknown[] {
  const { reply } = state
  const { bytes } = reply
  const list: unknown[] = []
  state.at = scanByte(reply, state.at, openingBracket)
  if (bytes[state.at] === closingBracket) {
    state.at++
    return list
  }
  for (;;) {
    list.push(element.isSeparable ? readSeparately(state, element) : read(state, element))
    const byte = bytes[state.at++]
    if (byte === closingBracket) return list
    if (byte !== comma) throw new ScanMismatch()
  }
}

/** Reads one element from a copy of its text. A cached reply of one patient must not retain the others' text. */
function readSeparately(state: ReadState, valueSchema: ReplySchema): unknown {
  const { reply, at } = state
  const value = read(state, valueSchema)
  const isMostOfIt = 2 * (state.at - at) > reply.text.length
  return isMostOfIt
    ? value
    : read({ reply: toReplyText(Buffer.from(reply.text.slice(at, state.at))), at: 0 }, valueSchema)
}

/** Scans a value and returns the index after it. */
function scan(reply: ReplyText, start: number, valueSchema: ReplySchema): number {
  let at = start
  if (valueSchema.isNullable) {
    at = scanNull(reply, start)
    if (at > start) return at
  }
  switch (valueSchema.kind) {
    case 'STRING':
      return scanString(reply, at)
    case 'ENUM':
      return at + findEnumToken(reply, at, valueSchema.enumTokens).expected.length
    case 'OBJECT':
      for (const field of valueSchema.fields) at = scan(reply, scanText(reply, at, field.prefix), field.schema)
      return scanByte(reply, at, closingBrace)
    case 'LIST':
      return valueSchema.element ? scanList(reply, at, valueSchema.element) : at
    case 'BOOLEAN':
      return scanBoolean(reply, at)
    case 'INT':
      return scanNumber(reply, at, isInt)
    case 'FLOAT':
      return scanNumber(reply, at, Number.isFinite)
  }
}

function scanList(reply: ReplyText, start: number, element: ReplySchema): number {
  const { bytes } = reply
  let at = scanByte(reply, start, openingBracket)
  if (bytes[at] === closingBracket) return at + 1
  for (;;) {
    at = scan(reply, at, element)
    const byte = bytes[at++]
    if (byte === closingBracket) return at
    if (byte !== comma) throw new ScanMismatch()
  }
}

function findEnumToken(reply: ReplyText, at: number, words: readonly EnumToken[]): EnumToken {
  for (const one of words) if (startsWithAt(reply, at, one.expected)) return one
  throw new ScanMismatch()
}
