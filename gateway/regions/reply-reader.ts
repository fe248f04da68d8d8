import { GraphQLNonNull, type GraphQLSchema, parse } from 'graphql'
import { parseReply } from './parse-reply.ts'
import { readInstant } from './read-instant.ts'
import { type FormWord, type ReplyForm, toReplyForm } from './reply-form.ts'
import { type ItemShape, ReplyItem } from './reply-item.ts'
import { createReplyCheck, isInt, type ReplyCheck } from './reply-shape.ts'
import {
  closingBrace,
  closingBracket,
  comesNext,
  comma,
  lowerT,
  openingBracket,
  type ReplyText,
  skimBoolean,
  skimByte,
  skimNull,
  skimNumber,
  skimString,
  skimText,
  toExpected,
  toReplyText,
  Unexpected,
} from './reply-text.ts'

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
  const form = toReplyForm(new GraphQLNonNull(root), selections)
  let check: ReplyCheck | null = null
  const readUsual = (body: Buffer) => {
    const reply = toReplyText(body)
    const reading = { reply, at: skimText(reply, 0, beforeData) }
    const data = read(reading, form) as Readonly<Record<string, unknown>>
    if (skimByte(reply, reading.at, closingBrace) !== reply.text.length) throw new Unexpected()
    return data
  }
  return (body) => {
    try {
      return readUsual(body)
    } catch (error) {
      if (!(error instanceof Unexpected)) throw error
      // Made when it is needed: most regions write as they are asked.
      check ??= createReplyCheck(root, selections)
      return readUsual(Buffer.from(JSON.stringify({ data: check(parseReply(body.toString())) })))
    }
  }
}

const beforeData = toExpected('{"data":')

/** A reply that is being read, and where. */
interface Reading {
  readonly reply: ReplyText
  at: number
}

/** The value that comes next, which is moved over. */
function read(reading: Reading, form: ReplyForm): unknown {
  const { reply, at } = reading
  if (form.isNullable) {
    reading.at = skimNull(reply, at)
    if (reading.at > at) return null
  }
  if (form.shape) return readItem(reading, form, form.shape)
  if (form.holdsItems) return form.each ? readList(reading, form.each) : readObject(reading, form)
  if (form.kind === 'WORD') {
    const { word, expected } = findWord(reply, at, form.words)
    reading.at = at + expected.length
    return word
  }
  const end = skim(reply, at, form)
  reading.at = end
  // Parsed, not cut out: V8 keeps the whole text of what is cut out of it, and this may be kept without the rest.
  return form.kind === 'BOOLEAN' ? reply.bytes[at] === lowerT : JSON.parse(reply.text.slice(at, end))
}

function readObject(reading: Reading, { fields }: ReplyForm): unknown {
  const { reply } = reading
  const object: Record<string, unknown> = {}
  for (const { key, lead, form } of fields) {
    reading.at = skimText(reply, reading.at, lead)
    object[key] = read(reading, form)
  }
  reading.at = skimByte(reply, reading.at, closingBrace)
  return object
}

function readItem(reading: Reading, { fields }: ReplyForm, shape: ItemShape): ReplyItem {
  const { reply, at: start } = reading
  const { escapes } = reply
  const ends: number[] = new Array(fields.length)
  let at = start
  for (let place = 0; place < fields.length; place++) {
    const { lead, form } = fields[place] as ReplyForm['fields'][number]
    at = skim(reply, skimText(reply, at, lead), form)
    ends[place] = at
  }
  reading.at = skimByte(reply, at, closingBrace)
  const isEscaped = reply.escapes > escapes
  const { orderedAt } = shape
  const orderedAtMs = orderedAt < 0 ? Number.NaN : readOrder(reply, (ends[orderedAt - 1] ?? start) + (shape.leadLengths[orderedAt] ?? 0), ends[orderedAt] ?? 0)
  return new ReplyItem({ shape, text: reply.text, start, ends, isEscaped, orderedAtMs })
}

/** An instant or null, which stands there, in milliseconds since 1970; NaN: it is none. */
function readOrder({ bytes, text }: ReplyText, start: number, end: number): number {
  const instantMs = end - start === instantLength ? readInstant(bytes, start + 1) : null
  return instantMs ?? Date.parse(JSON.parse(text.slice(start, end)))
}

/** With its quotes. */
const instantLength = 26

function readList(reading: Reading, each: ReplyForm): readonly unknown[] {
  const { reply } = reading
  const { bytes } = reply
  const list: unknown[] = []
  reading.at = skimByte(reply, reading.at, openingBracket)
  if (bytes[reading.at] === closingBracket) {
    reading.at++
    return list
  }
  for (;;) {
    list.push(each.isKeptApart ? readApart(reading, each) : read(reading, each))
    const byte = bytes[reading.at++]
    if (byte === closingBracket) return list
    if (byte !== comma) throw new Unexpected()
  }
}

/** Reads one of several in a text of its own: one patient's reply may be kept for long, and must not keep the others'. */
function readApart(reading: Reading, form: ReplyForm): unknown {
  const { reply, at } = reading
  const value = read(reading, form)
  const isMostOfIt = 2 * (reading.at - at) > reply.text.length
  return isMostOfIt ? value : read({ reply: toReplyText(Buffer.from(reply.text.slice(at, reading.at))), at: 0 }, form)
}

/** Moves over a value; where the text stands then. */
function skim(reply: ReplyText, start: number, form: ReplyForm): number {
  let at = start
  if (form.isNullable) {
    at = skimNull(reply, start)
    if (at > start) return at
  }
  switch (form.kind) {
    case 'STRING':
      return skimString(reply, at)
    case 'WORD':
      return at + findWord(reply, at, form.words).expected.length
    case 'OBJECT':
      for (const field of form.fields) at = skim(reply, skimText(reply, at, field.lead), field.form)
      return skimByte(reply, at, closingBrace)
    case 'LIST':
      return form.each ? skimList(reply, at, form.each) : at
    case 'BOOLEAN':
      return skimBoolean(reply, at)
    case 'INT':
      return skimNumber(reply, at, isInt)
    case 'FLOAT':
      return skimNumber(reply, at, Number.isFinite)
  }
}

function skimList(reply: ReplyText, start: number, each: ReplyForm): number {
  const { bytes } = reply
  let at = skimByte(reply, start, openingBracket)
  if (bytes[at] === closingBracket) return at + 1
  for (;;) {
    at = skim(reply, at, each)
    const byte = bytes[at++]
    if (byte === closingBracket) return at
    if (byte !== comma) throw new Unexpected()
  }
}

function findWord(reply: ReplyText, at: number, words: readonly FormWord[]): FormWord {
  for (const one of words) if (comesNext(reply, at, one.expected)) return one
  throw new Unexpected()
}
