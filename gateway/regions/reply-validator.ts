import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionNode,
} from 'graphql'
/** Gives a reply's data in the order of its query; throws ReplyShapeError at the first place where it is not what query and SDL promise. */
export type ReplyValidator = (data: unknown) => unknown

/** Names the place by response keys and list brackets, and what was expected; never a value. */
export class ReplyShapeError extends Error {}

/** A check for the data of replies to a query, made once and run on each: nulls where none may be, lists, objects, words of enums, leaf kinds. */
export function createReplyValidator(root: GraphQLObjectType, selections: readonly SelectionNode[]): ReplyValidator {
  return createValidator(root, selections, 'data')
}

function createValidator(type: GraphQLOutputType, selections: readonly SelectionNode[], place: string): ReplyValidator {
  if (isNonNullType(type)) {
    const check = createValidator(type.ofType, selections, place)
    return (value) => {
      if (value === null || value === undefined) throw new ReplyShapeError(`${place}: expected a value, found null`)
      return check(value)
    }
  }
  const check = createNonNullValidator(type, selections, place)
  return (value) => (value === null || value === undefined ? null : check(value))
}

function createNonNullValidator(
  type: GraphQLOutputType,
  selections: readonly SelectionNode[],
  place: string,
): ReplyValidator {
  if (isListType(type)) {
    const check = createValidator(type.ofType, selections, `${place}[]`)
    return (value) => {
      if (!Array.isArray(value)) throw new ReplyShapeError(`${place}: expected a list`)
      return value.map(check)
    }
  }
  if (isObjectType(type)) {
    const fields = collectReplyFields(type, selections).map(({ key, type: fieldType, selections: inner }) => {
      const check: ReplyValidator = fieldType
        ? createValidator(fieldType, inner, `${place}.${key}`)
        : checkTypeName(`${place}.${key}`)
      return [key, check] as const
    })
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new ReplyShapeError(`${place}: expected an object`)
      return Object.fromEntries(fields.map(([key, check]) => [key, check((value as Record<string, unknown>)[key])]))
    }
  }
  if (isEnumType(type)) {
    return (value) => {
      if (typeof value !== 'string' || !type.getValue(value))
        throw new ReplyShapeError(`${place}: expected a value of ${type.name}`)
      return value
    }
  }
  const kind = isLeafType(type) ? (leafKinds[type.name] ?? stringKind) : stringKind
  return (value) => {
    if (!kind.accepts(value)) throw new ReplyShapeError(`${place}: expected ${kind.description}`)
    return value
  }
}

/** GraphQL's Int. */
export function isInt(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) === ((value as number) | 0)
}

function checkTypeName(place: string): ReplyValidator {
  return (value) => {
    if (typeof value !== 'string') throw new ReplyShapeError(`${place}: expected a string`)
    return value
  }
}

interface LeafKind {
  readonly accepts: (value: unknown) => boolean
  readonly description: string
}

const stringKind: LeafKind = { accepts: (value) => typeof value === 'string', description: 'a string' }
const leafKinds: Readonly<Record<string, LeafKind>> = {
  Int: { accepts: isInt, description: 'an integer of 32 bits' },
  Float: { accepts: Number.isFinite, description: 'a finite number' },
  Boolean: { accepts: (value) => typeof value === 'boolean', description: 'a boolean' },
}

/** A field of an object in a reply. */
export interface ReplyField {
  /** Its key in the answer. */
  readonly key: string
  /** Null: `__typename`, which a region answers in its own words. */
  readonly type: GraphQLOutputType | null
  /** What is selected of it, wherever in the query. */
  readonly selections: readonly SelectionNode[]
  /** It is answered under its own name, and by no argument. */
  readonly isPlain: boolean
}

/** The fields of an object, those of one key together, in the order of GraphQL's CollectFields. The gateway's queries hold no fragments. */
export function collectReplyFields(
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
): readonly ReplyField[] {
  const nodes = selections.filter((selection) => selection.kind === 'Field')
  const byKey = Map.groupBy(nodes, ({ alias, name }) => alias?.value ?? name.value)
  return [...byKey].map(([key, own]) => {
    const name = own[0]?.name.value ?? ''
    const field = type.getFields()[name]
    if (!field && name !== '__typename') throw new Error(`Regional SDL: no field ${type.name}.${name}`)
    const isPlain = key === name && field !== undefined && own.every((node) => (node.arguments ?? []).length === 0)
    return {
      key,
      type: field?.type ?? null,
      selections: own.flatMap(({ selectionSet }) => selectionSet?.selections ?? []),
      isPlain,
    }
  })
}
