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
/**
 * Returns a reply's data in the order of its query. Throws ReplyShapeError at the first value that contradicts the
 * query or the SDL.
 */
export type ReplyValidator = (data: unknown) => unknown

/** States the path, as response keys and list brackets, and what was expected; never a value. */
export class ReplyShapeError extends Error {}

/** Creates a validator for the data of replies to one query: nulls, lists, objects, enum values and leaf types. */
export function createReplyValidator(root: GraphQLObjectType, selections: readonly SelectionNode[]): ReplyValidator {
  return createValidator(root, selections, 'data')
}

function createValidator(type: GraphQLOutputType, selections: readonly SelectionNode[], path: string): ReplyValidator {
  if (isNonNullType(type)) {
    const check = createValidator(type.ofType, selections, path)
    return (value) => {
      if (value === null || value === undefined) throw new ReplyShapeError(`${path}: expected a value, found null`)
      return check(value)
    }
  }
  const check = createNonNullValidator(type, selections, path)
  return (value) => (value === null || value === undefined ? null : check(value))
}

function createNonNullValidator(
  type: GraphQLOutputType,
  selections: readonly SelectionNode[],
  path: string,
): ReplyValidator {
  if (isListType(type)) {
    const check = createValidator(type.ofType, selections, `${path}[]`)
    return (value) => {
      if (!Array.isArray(value)) throw new ReplyShapeError(`${path}: expected a list`)
      return value.map(check)
    }
  }
  if (isObjectType(type)) {
    const fields = collectReplyFields(type, selections).map(({ key, type: fieldType, selections: inner }) => {
      const check: ReplyValidator = fieldType
        ? createValidator(fieldType, inner, `${path}.${key}`)
        : checkTypeName(`${path}.${key}`)
      return [key, check] as const
    })
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new ReplyShapeError(`${path}: expected an object`)
      return Object.fromEntries(fields.map(([key, check]) => [key, check((value as Record<string, unknown>)[key])]))
    }
  }
  if (isEnumType(type)) {
    return (value) => {
      if (typeof value !== 'string' || !type.getValue(value))
        throw new ReplyShapeError(`${path}: expected a value of ${type.name}`)
      return value
    }
  }
  const kind = isLeafType(type) ? (leafKinds[type.name] ?? stringKind) : stringKind
  return (value) => {
    if (!kind.accepts(value)) throw new ReplyShapeError(`${path}: expected ${kind.description}`)
    return value
  }
}

/** Returns whether a value is an Int (GraphQL, section 3.5.1). */
export function isInt(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) === ((value as number) | 0)
}

function checkTypeName(path: string): ReplyValidator {
  return (value) => {
    if (typeof value !== 'string') throw new ReplyShapeError(`${path}: expected a string`)
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
  /** Response key. */
  readonly key: string
  /** Null for `__typename`, whose value is the region's own. */
  readonly type: GraphQLOutputType | null
  /** The field's selections from every occurrence in the query. */
  readonly selections: readonly SelectionNode[]
  /** Whether the field has neither an alias nor an argument. */
  readonly isPlain: boolean
}

/**
 * Collects the fields of an object, one entry per response key, in the order of CollectFields (GraphQL, section 6.3.2).
 * The gateway's queries contain no fragments.
 */
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
