import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { TokenHolder } from '../access-token.ts'
import { insufficientScope, type Scope } from '../scopes.ts'

/** The scope that each field of Query and Mutation needs. */
export type RootFieldScopes = Readonly<Record<string, Scope>>

/** Finds the first scope that an operation needs and a token lacks; null if it lacks none. */
export type FindMissingScope = (
  document: DocumentNode,
  operationName: string | null | undefined,
  holder: TokenHolder,
) => Scope | null

/**
 * Creates a function that finds the scopes that operations need, cached by document. A field that a directive may skip
 * counts too. Throws where a root field of the schema has no scope.
 */
export function createScopeFinder(schema: GraphQLSchema, scopes: RootFieldScopes): FindMissingScope {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const name of Object.keys(type?.getFields() ?? {}))
      if (!Object.hasOwn(scopes, name)) throw new Error(`Expected a scope for the root field ${name}`)
  const known = new WeakMap<OperationDefinitionNode, readonly Scope[]>()
  const scopesOf = (document: DocumentNode, operation: OperationDefinitionNode): readonly Scope[] => {
    const asked = known.get(operation) ?? [...findRootFields(document, operation)].flatMap((name) => scopes[name] ?? [])
    known.set(operation, asked)
    return asked
  }
  return (document, operationName, holder) => {
    const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    const named = operationName ? operations.filter(({ name }) => name?.value === operationName) : operations
    // If it is unclear which operation would be executed, the token needs the scopes of all.
    const asked = named.length === 1 ? named : operations
    for (const operation of asked)
      for (const scope of scopesOf(document, operation)) if (!holder.scopes.includes(scope)) return scope
    return null
  }
}

/** Refuses an operation before execution if the token lacks the scope of one of its root fields. */
export function useFieldScopes<Context extends object>(
  findMissingScope: FindMissingScope,
  holderOf: (context: Context) => TokenHolder,
): Plugin<Context> {
  return {
    onExecute({ args: { document, operationName, contextValue }, setResultAndStopExecution }) {
      const missing = findMissingScope(document, operationName, holderOf(contextValue))
      if (missing) setResultAndStopExecution({ errors: [insufficientScope(missing)] })
    },
  }
}

/** Finds the names of an operation's root fields, in fragments too. Meta fields (`__schema`) need no scope. */
function findRootFields({ definitions }: DocumentNode, { selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
  const fragments = new Map(
    definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one.selectionSet] as const] : [],
    ),
  )
  const names = new Set<string>()
  const collect = (set: SelectionSetNode | undefined) => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else {
        const fragment = fragments.get(selection.name.value)
        // Each fragment is visited once, because a document before validation may spread a fragment in itself.
        fragments.delete(selection.name.value)
        collect(fragment)
      }
    }
  }
  collect(selectionSet)
  return names
}
