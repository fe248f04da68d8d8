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

/** What a value of a reply is, by its query and the region's SDL. All are made alike, whatever their kind: V8 is quick with objects of one form. */
export interface ReplySchema {
  readonly kind: 'STRING' | 'ENUM' | 'BOOLEAN' | 'INT' | 'FLOAT' | 'OBJECT' | 'LIST'
  readonly isNullable: boolean
  /** Of an enumeration. */
  readonly enumTokens: readonly EnumToken[]
  /** Of an object, in the order of the query. */
  readonly fields: readonly SchemaField[]
  /** Of a list, what each of its values is. */
  readonly element: ReplySchema | null
  /** Set where the object is an item, which is left in the text. */
  readonly layout: ItemLayout | null
  readonly holdsItems: boolean
  /** One may be kept without the others of its list. */
  readonly isSeparable: boolean
}

export interface EnumToken {
  readonly name: string
  /** With its quotes. */
  readonly expected: ExpectedText
}

export interface SchemaField {
  readonly key: string
  /** What stands before its value: `{"id":`, `,"title":`. */
  readonly prefix: ExpectedText
  readonly schema: ReplySchema
}

/** The form of what a query selects of a type. */
export function toReplySchema(type: GraphQLOutputType, selections: readonly SelectionNode[]): ReplySchema {
  return isNonNullType(type) ? toNonNullSchema(type.ofType, selections, false) : toNonNullSchema(type, selections, true)
}

function toNonNullSchema(
  type: GraphQLOutputType,
  selections: readonly SelectionNode[],
  isNullable: boolean,
): ReplySchema {
  if (isListType(type)) {
    const each = toReplySchema(type.ofType, selections)
    return createSchema('LIST', isNullable, { element: each, holdsItems: each.holdsItems })
  }
  if (isObjectType(type)) {
    const own = collectReplyFields(type, selections)
    const fields = own.map((field, place) => ({
      key: field.key,
      prefix: toPrefix(field.key, place),
      schema: field.type ? toReplySchema(field.type, field.selections) : typeNameSchema,
    }))
    const shape = isItemType(type)
      ? createItemLayout(own.map((field) => ({ key: field.key, signature: toSignature(field) })))
      : null
    const holdsItems = shape !== null || fields.some(({ schema }) => schema.holdsItems)
    return createSchema('OBJECT', isNullable, {
      fields,
      layout: shape,
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
    enumTokens: words = [],
    fields = [],
    element: each = null,
    layout: shape = null,
    holdsItems = false,
    isSeparable: isKeptApart = false,
  }: Partial<Omit<ReplySchema, 'kind' | 'isNullable'>> = {},
): ReplySchema {
  return {
    kind,
    isNullable,
    enumTokens: words,
    fields,
    element: each,
    layout: shape,
    holdsItems,
    isSeparable: isKeptApart,
  }
}

const typeNameSchema = createSchema('STRING', false)

/** Items are what implements Entry, and demographics. */
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

/** What stands before a field's value. */
function toPrefix(key: string, place: number): ExpectedText {
  return toExpectedText(`${place === 0 ? '{' : ','}${JSON.stringify(key)}:`)
}
