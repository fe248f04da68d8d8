import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type SelectionNode,
} from 'graphql'
import { createItemLayout, type ItemLayout } from './reply-item.ts'
import { type ExpectedText, toExpectedText } from './reply-text.ts'
import { collectReplyFields, type ReplyField } from './reply-validator.ts'
import { toValueSignature } from './value-signature.ts'

/**
 * Type of a value in a reply, by its query and the region's SDL. All kinds have the same properties, because V8 is fast
 * with objects of one shape. Measured with the reader: 28 to 19 µs for 12 kB (reply-reader.ts).
 */
export interface ReplySchema {
  readonly kind: 'STRING' | 'ENUM' | 'BOOLEAN' | 'INT' | 'FLOAT' | 'OBJECT' | 'LIST'
  readonly isNullable: boolean
  /** Values of an enumeration; else empty. */
  readonly enumTokens: readonly EnumToken[]
  /** Fields of an object, in the order of the query; else empty. */
  readonly fields: readonly SchemaField[]
  /** Schema of a list's elements; else null. */
  readonly element: ReplySchema | null
  /** Layout of an item, which stays in the text; else null. */
  readonly layout: ItemLayout | null
  readonly holdsItems: boolean
  /** Whether a cache may retain one element of the list without the others. */
  readonly isSeparable: boolean
}

export interface EnumToken {
  readonly name: string
  /** Includes the quotes. */
  readonly expected: ExpectedText
}

export interface SchemaField {
  readonly key: string
  /** Text before the value: `{"id":`, `,"title":`. */
  readonly prefix: ExpectedText
  readonly schema: ReplySchema
}

/** Converts a type and its selection to the schema of the values. */
export function toReplySchema(type: GraphQLOutputType, selections: readonly SelectionNode[]): ReplySchema {
  return isNonNullType(type) ? toNonNullSchema(type.ofType, selections, false) : toNonNullSchema(type, selections, true)
}

function toNonNullSchema(
  type: GraphQLOutputType,
  selections: readonly SelectionNode[],
  isNullable: boolean,
): ReplySchema {
  if (isListType(type)) {
    const element = toReplySchema(type.ofType, selections)
    return createSchema('LIST', isNullable, { element, holdsItems: element.holdsItems })
  }
  if (isObjectType(type)) {
    const selected = collectReplyFields(type, selections)
    const fields = selected.map((field, index) => ({
      key: field.key,
      prefix: toPrefix(field.key, index),
      schema: field.type ? toReplySchema(field.type, field.selections) : typeNameSchema,
    }))
    const layout = isItemType(type)
      ? createItemLayout(selected.map((field) => ({ key: field.key, signature: toSignature(field) })))
      : null
    const holdsItems = layout !== null || fields.some(({ schema }) => schema.holdsItems)
    return createSchema('OBJECT', isNullable, {
      fields,
      layout: layout,
      holdsItems,
      isSeparable: type.name === 'PatientReply',
    })
  }
  if (isEnumType(type)) {
    return createSchema('ENUM', isNullable, {
      enumTokens: type.getValues().map(({ name }) => ({ name, expected: toExpectedText(JSON.stringify(name)) })),
    })
  }
  return createSchema((isScalarType(type) && leafKinds[type.name]) || 'STRING', isNullable)
}

const leafKinds: Readonly<Record<string, ReplySchema['kind']>> = { Int: 'INT', Float: 'FLOAT', Boolean: 'BOOLEAN' }

function createSchema(
  kind: ReplySchema['kind'],
  isNullable: boolean,
  {
    enumTokens = [],
    fields = [],
    element = null,
    layout = null,
    holdsItems = false,
    isSeparable = false,
  }: Partial<Omit<ReplySchema, 'kind' | 'isNullable'>> = {},
): ReplySchema {
  return {
    kind,
    isNullable,
    enumTokens,
    fields,
    element,
    layout: layout,
    holdsItems,
    isSeparable,
  }
}

const typeNameSchema = createSchema('STRING', false)

/** Returns whether a type is an item: it implements Entry, or is Demographics. */
function isItemType(type: GraphQLObjectType): boolean {
  return type.name === 'Demographics' || type.getInterfaces().some(({ name }) => name === 'Entry')
}

function toSignature({ type, selections, isPlain }: ReplyField): string | null {
  if (!type || !isPlain) return null
  const named = getNamedType(type)
  const inner = isObjectType(named) ? collectReplyFields(named, selections) : []
  return toValueSignature(
    type,
    inner.map((field) => ({ name: field.key, signature: toSignature(field) })),
  )
}

/** Returns the text before a field's value. */
function toPrefix(key: string, index: number): ExpectedText {
  return toExpectedText(`${index === 0 ? '{' : ','}${JSON.stringify(key)}:`)
}
