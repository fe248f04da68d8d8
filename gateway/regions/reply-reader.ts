import {
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  parse,
  type SelectionNode,
} from 'graphql'
import {
  closingBrace,
  comesNext,
  type ExpectedText,
  type JsonCursor,
  type Skim,
  skimBoolean,
  skimByte,
  skimList,
  skimNull,
  skimNumber,
  skimString,
  skimText,
  toCursor,
  toExpected,
  Unexpected,
} from './json-cursor.ts'
import { parseReply } from './parse-reply.ts'
import { type ReplyField, toReplyFields } from './reply-fields.ts'
import { createItemShape, ReplyItem } from './reply-item.ts'
import { createReplyCheck, isInt, type ReplyCheck } from './reply-shape.ts'
import { toValueForm } from './value-form.ts'

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
  let check: ReplyCheck | null = null
  const readData = compileReader(new GraphQLNonNull(root), selections)
  const readUsual = (body: Buffer) => {
    const cursor = toCursor(body)
    skimText(cursor, beforeData)
    const data = readData(cursor) as Readonly<Record<string, unknown>>
    skimByte(cursor, closingBrace)
    if (cursor.at !== cursor.text.length) throw new Unexpected()
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

type Read = (cursor: JsonCursor) => unknown

/** Reads a value; what holds no items is parsed whole. */
function compileReader(type: GraphQLOutputType, selections: readonly SelectionNode[]): Read {
  if (!holdsItems(type, selections)) {
    const skim = compileSkim(type, selections)
    return (cursor) => {
      const start = cursor.at
      skim(cursor)
      return JSON.parse(cursor.text.slice(start, cursor.at))
    }
  }
  if (isNonNullType(type)) return compilePresent(type.ofType, selections)
  const read = compilePresent(type, selections)
  return (cursor) => (skimNull(cursor) ? null : read(cursor))
}

/** Items are what implements Entry, and demographics. */
function isItem(type: GraphQLOutputType): type is GraphQLObjectType {
  return isObjectType(type) && (type.name === 'Demographics' || type.getInterfaces().some(({ name }) => name === 'Entry'))
}

function holdsItems(type: GraphQLOutputType, selections: readonly SelectionNode[]): boolean {
  const named = getNamedType(type)
  if (!isObjectType(named)) return false
  return isItem(named) || toReplyFields(named, selections).some((field) => field.type && holdsItems(field.type, field.selections))
}

function compilePresent(type: GraphQLOutputType, selections: readonly SelectionNode[]): Read {
  if (isListType(type)) return compileList(type.ofType, selections)
  if (!isObjectType(type)) throw new Error(`Expected a list or an object, found ${String(type)}`)
  return isItem(type) ? compileItem(type, selections) : compileObject(type, selections)
}

function compileList(type: GraphQLOutputType, selections: readonly SelectionNode[]): Read {
  const read = compileReader(type, selections)
  const readEach = getNamedType(type).name === 'PatientReply' ? apart(read) : read
  return (cursor) => {
    const list: unknown[] = []
    skimList(cursor, (begun) => list.push(readEach(begun)))
    return list
  }
}

/** Reads each of several in a text of its own: one patient's reply may be kept for long, and must not keep the others'. */
function apart(read: Read): Read {
  return (cursor) => {
    const { text, at } = cursor
    const value = read(cursor)
    const isMostOfIt = 2 * (cursor.at - at) > text.length
    return isMostOfIt ? value : read(toCursor(Buffer.from(text.slice(at, cursor.at))))
  }
}

function compileObject(type: GraphQLObjectType, selections: readonly SelectionNode[]): Read {
  const fields = toReplyFields(type, selections).map((field, place) => ({
    key: field.key,
    lead: toLead(field.key, place),
    read: field.type ? compileReader(field.type, field.selections) : readTypeName,
  }))
  return (cursor) => {
    const object: Record<string, unknown> = {}
    for (const { key, lead, read } of fields) {
      skimText(cursor, lead)
      object[key] = read(cursor)
    }
    skimByte(cursor, closingBrace)
    return object
  }
}

function readTypeName(cursor: JsonCursor): unknown {
  const start = cursor.at
  skimString(cursor)
  return JSON.parse(cursor.text.slice(start, cursor.at))
}

function compileItem(type: GraphQLObjectType, selections: readonly SelectionNode[]): Read {
  const fields = toReplyFields(type, selections)
  const shape = createItemShape(fields.map((field) => ({ key: field.key, form: toForm(field) })))
  const steps = fields.map((field, place) => ({ lead: toLead(field.key, place), skim: skimOf(field) }))
  return (cursor) => {
    const { at: start, escapes } = cursor
    const ends: number[] = []
    for (const { lead, skim } of steps) {
      skimText(cursor, lead)
      skim(cursor)
      ends.push(cursor.at)
    }
    skimByte(cursor, closingBrace)
    return new ReplyItem({ shape, text: cursor.text, start, ends, isEscaped: cursor.escapes > escapes })
  }
}

function toForm({ type, selections, isPlain }: ReplyField): string | null {
  if (!type || !isPlain) return null
  const named = getNamedType(type)
  const inner = isObjectType(named) ? toReplyFields(named, selections) : []
  return toValueForm(
    type,
    inner.map((field) => ({ name: field.key, form: toForm(field) })),
  )
}

function skimOf({ type, selections }: ReplyField): Skim {
  return type ? compileSkim(type, selections) : skimString
}

function compileSkim(type: GraphQLOutputType, selections: readonly SelectionNode[]): Skim {
  if (isNonNullType(type)) return compilePresentSkim(type.ofType, selections)
  const skim = compilePresentSkim(type, selections)
  if (skim === skimString) return skimNullableString
  return (cursor) => {
    if (!skimNull(cursor)) skim(cursor)
  }
}

function skimNullableString(cursor: JsonCursor): void {
  if (!skimNull(cursor)) skimString(cursor)
}

function compilePresentSkim(type: GraphQLOutputType, selections: readonly SelectionNode[]): Skim {
  if (isListType(type)) {
    const skim = compileSkim(type.ofType, selections)
    return (cursor) => skimList(cursor, skim)
  }
  if (isObjectType(type)) {
    const steps = toReplyFields(type, selections).map((field, place) => ({ lead: toLead(field.key, place), skim: skimOf(field) }))
    return (cursor) => {
      for (const { lead, skim } of steps) {
        skimText(cursor, lead)
        skim(cursor)
      }
      skimByte(cursor, closingBrace)
    }
  }
  if (isEnumType(type)) {
    const words = type.getValues().map(({ name }) => toExpected(JSON.stringify(name)))
    return (cursor) => {
      for (const word of words) {
        if (!comesNext(cursor, word)) continue
        cursor.at += word.bytes.length
        return
      }
      throw new Unexpected()
    }
  }
  return (isScalarType(type) && leafSkims[type.name]) || skimString
}

const leafSkims: Readonly<Record<string, Skim>> = {
  Int: (cursor) => skimNumber(cursor, isInt),
  Float: (cursor) => skimNumber(cursor, Number.isFinite),
  Boolean: skimBoolean,
}

/** What stands before a field's value. */
function toLead(key: string, place: number): ExpectedText {
  return toExpected(`${place === 0 ? '{' : ','}${JSON.stringify(key)}:`)
}
