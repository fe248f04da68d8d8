import { type GraphQLObjectType, type GraphQLOutputType, isEnumType, isLeafType, isListType, isNonNullType, isObjectType, type SelectionNode } from 'graphql'
import { toReplyFields } from './reply-fields.ts'

/** Gives a reply's data in the order of its query; throws ReplyShapeError at the first place where it is not what query and SDL promise. */
export type ReplyCheck = (data: unknown) => unknown

/** Names the place by response keys and list brackets, and what was expected; never a value. */
export class ReplyShapeError extends Error {}

/** A check for the data of replies to a query, made once and run on each: nulls where none may be, lists, objects, words of enums, leaf kinds. */
export function createReplyCheck(root: GraphQLObjectType, selections: readonly SelectionNode[]): ReplyCheck {
  return checkOf(root, selections, 'data')
}

function checkOf(type: GraphQLOutputType, selections: readonly SelectionNode[], place: string): ReplyCheck {
  if (isNonNullType(type)) {
    const check = checkOf(type.ofType, selections, place)
    return (value) => {
      if (value === null || value === undefined) throw new ReplyShapeError(`${place}: expected a value, found null`)
      return check(value)
    }
  }
  const check = checkOfValue(type, selections, place)
  return (value) => (value === null || value === undefined ? null : check(value))
}

function checkOfValue(type: GraphQLOutputType, selections: readonly SelectionNode[], place: string): ReplyCheck {
  if (isListType(type)) {
    const check = checkOf(type.ofType, selections, `${place}[]`)
    return (value) => {
      if (!Array.isArray(value)) throw new ReplyShapeError(`${place}: expected a list`)
      return value.map(check)
    }
  }
  if (isObjectType(type)) {
    const fields = toReplyFields(type, selections).map(({ key, type: fieldType, selections: inner }) => {
      const check: ReplyCheck = fieldType ? checkOf(fieldType, inner, `${place}.${key}`) : checkTypeName(`${place}.${key}`)
      return [key, check] as const
    })
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ReplyShapeError(`${place}: expected an object`)
      return Object.fromEntries(fields.map(([key, check]) => [key, check((value as Record<string, unknown>)[key])]))
    }
  }
  if (isEnumType(type)) {
    return (value) => {
      if (typeof value !== 'string' || !type.getValue(value)) throw new ReplyShapeError(`${place}: expected a value of ${type.name}`)
      return value
    }
  }
  const kind = isLeafType(type) ? (leafKinds[type.name] ?? stringKind) : stringKind
  return (value) => {
    if (!kind.is(value)) throw new ReplyShapeError(`${place}: expected ${kind.words}`)
    return value
  }
}

/** GraphQL's Int. */
export function isInt(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) === ((value as number) | 0)
}

function checkTypeName(place: string): ReplyCheck {
  return (value) => {
    if (typeof value !== 'string') throw new ReplyShapeError(`${place}: expected a string`)
    return value
  }
}

interface LeafKind {
  readonly is: (value: unknown) => boolean
  readonly words: string
}

const stringKind: LeafKind = { is: (value) => typeof value === 'string', words: 'a string' }
const leafKinds: Readonly<Record<string, LeafKind>> = {
  Int: { is: isInt, words: 'an integer of 32 bits' },
  Float: { is: Number.isFinite, words: 'a finite number' },
  Boolean: { is: (value) => typeof value === 'boolean', words: 'a boolean' },
}
