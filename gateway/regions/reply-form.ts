import { type GraphQLObjectType, type GraphQLOutputType, getNamedType, isEnumType, isListType, isNonNullType, isObjectType, isScalarType, type SelectionNode } from 'graphql'
import { type ReplyField, toReplyFields } from './reply-fields.ts'
import { createItemShape, type ItemShape } from './reply-item.ts'
import { type ExpectedText, toExpected } from './reply-text.ts'
import { toValueForm } from './value-form.ts'

/** What a value of a reply is, by its query and the region's SDL. All are made alike, whatever their kind: V8 is quick with objects of one form. */
export interface ReplyForm {
  readonly kind: 'STRING' | 'WORD' | 'BOOLEAN' | 'INT' | 'FLOAT' | 'OBJECT' | 'LIST'
  readonly isNullable: boolean
  /** Of an enumeration. */
  readonly words: readonly FormWord[]
  /** Of an object, in the order of the query. */
  readonly fields: readonly FormField[]
  /** Of a list, what each of its values is. */
  readonly each: ReplyForm | null
  /** Set where the object is an item, which is left in the text. */
  readonly shape: ItemShape | null
  readonly holdsItems: boolean
  /** One may be kept without the others of its list. */
  readonly isKeptApart: boolean
}

export interface FormWord {
  readonly word: string
  /** With its quotes. */
  readonly expected: ExpectedText
}

export interface FormField {
  readonly key: string
  /** What stands before its value: `{"id":`, `,"title":`. */
  readonly lead: ExpectedText
  readonly form: ReplyForm
}

/** The form of what a query selects of a type. */
export function toReplyForm(type: GraphQLOutputType, selections: readonly SelectionNode[]): ReplyForm {
  return isNonNullType(type) ? toPresentForm(type.ofType, selections, false) : toPresentForm(type, selections, true)
}

function toPresentForm(type: GraphQLOutputType, selections: readonly SelectionNode[], isNullable: boolean): ReplyForm {
  if (isListType(type)) {
    const each = toReplyForm(type.ofType, selections)
    return createForm('LIST', isNullable, { each, holdsItems: each.holdsItems })
  }
  if (isObjectType(type)) {
    const own = toReplyFields(type, selections)
    const fields = own.map((field, place) => ({ key: field.key, lead: toLead(field.key, place), form: field.type ? toReplyForm(field.type, field.selections) : typeName }))
    const shape = isItem(type) ? createItemShape(own.map((field) => ({ key: field.key, form: toForm(field) }))) : null
    const holdsItems = shape !== null || fields.some(({ form }) => form.holdsItems)
    return createForm('OBJECT', isNullable, { fields, shape, holdsItems, isKeptApart: type.name === 'PatientReply' })
  }
  if (isEnumType(type)) {
    return createForm('WORD', isNullable, { words: type.getValues().map(({ name }) => ({ word: name, expected: toExpected(JSON.stringify(name)) })) })
  }
  return createForm((isScalarType(type) && leafKinds[type.name]) || 'STRING', isNullable)
}

const leafKinds: Readonly<Record<string, ReplyForm['kind']>> = { Int: 'INT', Float: 'FLOAT', Boolean: 'BOOLEAN' }

function createForm(
  kind: ReplyForm['kind'],
  isNullable: boolean,
  { words = [], fields = [], each = null, shape = null, holdsItems = false, isKeptApart = false }: Partial<Omit<ReplyForm, 'kind' | 'isNullable'>> = {},
): ReplyForm {
  return { kind, isNullable, words, fields, each, shape, holdsItems, isKeptApart }
}

const typeName = createForm('STRING', false)

/** Items are what implements Entry, and demographics. */
function isItem(type: GraphQLObjectType): boolean {
  return type.name === 'Demographics' || type.getInterfaces().some(({ name }) => name === 'Entry')
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

/** What stands before a field's value. */
function toLead(key: string, place: number): ExpectedText {
  return toExpected(`${place === 0 ? '{' : ','}${JSON.stringify(key)}:`)
}
