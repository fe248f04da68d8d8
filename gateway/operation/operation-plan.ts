import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import { compileArguments } from '../request/compile-arguments.ts'
import type { PlannedResolvers } from '../request/resolvers.ts'
import type { SelectionScope } from '../request/selection.ts'
import { collectFields } from '../request/selection.ts'
import { compilePrinter, NotCompilable, type Printer } from './compile-printer.ts'

type VariableValues = SelectionScope['variableValues']

/** A reusable plan of an operation. It holds no variable's value except those of `@skip` and `@include`. */
export interface OperationPlan {
  readonly roots: readonly RootPlan[]
}

/** Resolves and prints one root field. */
export interface RootPlan {
  readonly responseKey: string
  readonly resolve: (variableValues: VariableValues, context: unknown) => unknown
  readonly print: Printer
  /** True if a field below the root is not cacheable, so that the output depends on the viewer and the time. */
  readonly dependsOnRequest: boolean
}

export interface PlanOptions {
  readonly schema: GraphQLSchema
  readonly resolvers: PlannedResolvers
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variableValues: VariableValues
}

/** Compiles a query; null for mutations and introspection, which graphql-js executes. */
export function planOperation({
  schema,
  resolvers,
  document,
  operation,
  variableValues,
}: PlanOptions): OperationPlan | null {
  const query = schema.getQueryType()
  if (operation.operation !== 'query' || !query) return null
  const fragments = toFragments(document)
  const scope = { schema, fragments, variableValues, resolvers }
  const roots: RootPlan[] = []
  try {
    for (const [responseKey, nodes] of collectFields(scope, query, operation.selectionSet.selections)) {
      const root = planRoot({ ...scope, query, operation }, responseKey, nodes)
      if (!root) return null
      roots.push(root)
    }
  } catch (error) {
    // graphql-js reports a directive's invalid variable.
    if (error instanceof NotCompilable || error instanceof GraphQLError) return null
    throw error
  }
  return { roots }
}

interface RootScope extends SelectionScope {
  readonly resolvers: PlannedResolvers
  readonly query: GraphQLObjectType
  readonly operation: OperationDefinitionNode
}

function planRoot(scope: RootScope, responseKey: string, nodes: readonly FieldNode[]): RootPlan | null {
  const [node] = nodes
  const name = node?.name.value ?? ''
  const field = scope.query.getFields()[name]
  const { Query, fields } = scope.resolvers
  const resolve = Object.hasOwn(Query, name) ? Query[name] : undefined
  if (!node || !field || !resolve) return null
  const args = compileArguments(field, node)
  const { schema, fragments, operation, query } = scope
  const path = { prev: undefined, key: responseKey, typename: query.name }
  const common = {
    fieldName: name,
    fieldNodes: nodes,
    returnType: field.type as GraphQLOutputType,
    parentType: query,
    path,
    schema,
    fragments,
    rootValue: undefined,
    operation,
  }
  const dependsOn = { request: false }
  const print = compilePrinter({ ...scope, resolvers: fields, dependsOn }, field.type, nodes)
  return {
    responseKey,
    get dependsOnRequest() {
      return dependsOn.request
    },
    resolve: (variableValues, context) =>
      resolve(undefined, args.evaluate(variableValues), context, {
        ...common,
        variableValues,
      } as unknown as GraphQLResolveInfo),
    print,
  }
}

/** The variables that `@skip` and `@include` use; together with the operation, all that a plan depends on. */
export function selectionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names].sort()
}

function toFragments({ definitions }: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  return Object.fromEntries(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  )
}
