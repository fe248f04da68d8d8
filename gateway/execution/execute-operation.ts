import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getVariableValues,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { Resolver, Resolvers } from '../composition/resolvers.ts'
import { type OperationPlan, planOperation, selectingVariables } from './operation-plan.ts'

/** Answers an operation as graphql-js does, but by its plan where it has one. */
export type Executor = (args: ExecutionArgs) => Promise<ExecutionResult>

/** What the root fields gave already, by response key, when graphql-js has to complete it after all: no region is asked twice. */
class RootResults extends Map<string, unknown> {}

/** The resolvers as graphql-js takes them: a root field that was resolved is not resolved again. */
export function reuseRootResults({ Query = {}, ...others }: Resolvers): Resolvers {
  const reused = Object.entries(Query as Readonly<Record<string, Resolver>>).map(([name, resolve]): [string, Resolver] => [
    name,
    (root, args, context, info) => (root instanceof RootResults ? root.get(String(info.path.key)) : resolve(root, args, context, info)),
  ])
  // Copies: stitching changes what it is given.
  const copies = Object.entries(others).map(([type, fields]) => [type, isScalarType(fields) ? fields : { ...fields }] as const)
  return { ...Object.fromEntries(copies), Query: Object.fromEntries(reused) }
}

/** Executes by plans: what a plan cannot settle (errors, nulls where none may be, promises within) graphql-js completes from the same root results. */
export function createExecutor(schema: GraphQLSchema, resolvers: Resolvers): Executor {
  const plansOf = createPlanMemory(schema, resolvers)
  return async (args) => {
    const planned = plansOf(args)
    if (!planned) return execute(args)
    const { plan, variableValues } = planned
    const scope = { variableValues, context: args.contextValue }
    const results = new RootResults()
    for (const { responseKey, resolve } of plan.roots)
      results.set(
        responseKey,
        attempt(() => resolve(variableValues, args.contextValue)),
      )
    try {
      const data: Record<string, unknown> = {}
      for (const { responseKey, complete } of plan.roots) data[responseKey] = complete(await results.get(responseKey), scope)
      return { data }
    } catch {
      return execute({ ...args, rootValue: results })
    }
  }
}

/** A result or a rejection to be awaited, perhaps never: it is not unhandled then. */
function attempt(resolve: () => unknown): Promise<unknown> {
  const result = (async () => resolve())()
  result.catch(() => {})
  return result
}

const mostPlans = 32

type VariableValues = Parameters<OperationPlan['roots'][number]['resolve']>[0]

/** Plans by document, operation and what selects; documents are the parser's, which remembers them by their text. */
function createPlanMemory(schema: GraphQLSchema, resolvers: Resolvers) {
  const documents = new WeakMap<DocumentNode, DocumentPlans>()
  return ({ document, operationName, variableValues: inputs }: ExecutionArgs): { readonly plan: OperationPlan; readonly variableValues: VariableValues } | null => {
    const known = documents.get(document) ?? { selecting: selectingVariables(document), plans: new Map() }
    documents.set(document, known)
    const operation = operationNamed(document, operationName)
    if (!operation) return null
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], inputs ?? {})
    if (coerced.errors) return null
    const { variableValues } = coerced
    const key = `${operation.name?.value ?? ''} ${known.selecting.map((name) => variableValues.coerced[name]).join()}`
    const planned = known.plans.get(key)
    const plan = planned === undefined ? planOperation({ schema, resolvers, document, operation, variableValues }) : planned
    // A document may select in ever so many ways; few are asked for.
    if (known.plans.size >= mostPlans) known.plans.clear()
    known.plans.set(key, plan)
    return plan ? { plan, variableValues } : null
  }
}

interface DocumentPlans {
  readonly selecting: readonly string[]
  readonly plans: Map<string, OperationPlan | null>
}

function operationNamed({ definitions }: DocumentNode, name: string | null | undefined): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const found = name ? operations.filter((operation) => operation.name?.value === name) : operations
  return found.length === 1 ? (found[0] ?? null) : null
}
