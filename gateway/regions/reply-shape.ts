import { type FieldNode, type GraphQLOutputType, type GraphQLSchema, isEnumType, isLeafType, isListType, isNonNullType, isObjectType, parse, type SelectionSetNode } from 'graphql'

/** Throws ReplyShapeError at the first place where a reply is not what its query and the region's SDL promise. */
export type ReplyCheck = (data: unknown) => void

/** Names the place by response keys and list brackets, and what was expected; never a value. */
export class ReplyShapeError extends Error {}

/** A check for replies to a query text, made once and run on each: nulls where none may be, lists, objects, words of enums, leaf kinds. */
export function createReplyCheck(schema: GraphQLSchema, text: string): ReplyCheck {
  const [operation] = parse(text).definitions
  if (operation?.kind !== 'OperationDefinition') throw new Error('Expected one operation')
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Error(`Regional SDL: expected a root type for a ${operation.operation}`)
  return checkOf(root, operation.selectionSet, 'data')
}

function checkOf(type: GraphQLOutputType, selections: SelectionSetNode | undefined, place: string): ReplyCheck {
  if (isNonNullType(type)) {
    const check = checkOf(type.ofType, selections, place)
    return (value) => {
      if (value === null || value === undefined) throw new ReplyShapeError(`${place}: expected a value, found null`)
      check(value)
    }
  }
  const check = checkOfValue(type, selections, place)
  return (value) => {
    if (value !== null && value !== undefined) check(value)
  }
}

function checkOfValue(type: GraphQLOutputType, selections: SelectionSetNode | undefined, place: string): ReplyCheck {
  if (isListType(type)) {
    const check = checkOf(type.ofType, selections, `${place}[]`)
    return (value) => {
      if (!Array.isArray(value)) throw new ReplyShapeError(`${place}: expected a list`)
      for (const one of value) check(one)
    }
  }
  if (isObjectType(type)) {
    const fields = (selections?.selections ?? []).flatMap((selection) =>
      selection.kind === 'Field' ? [fieldCheck(type.getFields()[selection.name.value]?.type, selection, place)] : [],
    )
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ReplyShapeError(`${place}: expected an object`)
      for (const [key, check] of fields) check((value as Record<string, unknown>)[key])
    }
  }
  if (isEnumType(type)) {
    return (value) => {
      if (typeof value !== 'string' || !type.getValue(value)) throw new ReplyShapeError(`${place}: expected a value of ${type.name}`)
    }
  }
  const expected = isLeafType(type) ? (leafKinds[type.name] ?? 'string') : 'string'
  return (value) => {
    if (typeof value !== expected) throw new ReplyShapeError(`${place}: expected a ${expected}`)
  }
}

const leafKinds: Readonly<Record<string, string>> = { Int: 'number', Float: 'number', Boolean: 'boolean' }

function fieldCheck(type: GraphQLOutputType | undefined, field: FieldNode, place: string): readonly [string, ReplyCheck] {
  const key = field.alias?.value ?? field.name.value
  if (field.name.value === '__typename') return [key, () => {}]
  if (!type) throw new Error(`Regional SDL: no field ${field.name.value} at ${place}`)
  return [key, checkOf(type, field.selectionSet, `${place}.${key}`)]
}
