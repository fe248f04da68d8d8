import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'
import { type PlannedResolvers, type Resolver, type Resolvers, toResolvers } from '../request/resolvers.ts'
import { type OperationPlan, planOperation, selectionVariables } from './operation-plan.ts'

/** The root fields' results so far, by response key. graphql-js completes them without asking a region twice. */
export class RootResults extends Map<string, Promise<unknown>> {}

/** The parts of graphql-js's ExecutionArgs that identify an operation. */
export type OperationRequest = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues' | 'contextValue'>

/**
 * The outcome of a plan: the data as JSON text, or the root results if only graphql-js can complete them (errors,
 * missing required values). `dependsOnRequest`: the data depend on more than the root fields' results.
 */
export type PlanOutcome =
  | { readonly data: string; readonly roots: number; readonly dependsOnRequest: boolean }
  | { readonly results: RootResults }

export interface Executor {
  /** Executes an operation by its plan if it has one, otherwise by graphql-js; the results are equal. */
  execute(args: ExecutionArgs): Promise<ExecutionResult>
  /** Executes an operation by its plan; null if it has none. */
  print(operation: OperationRequest): Promise<PlanOutcome> | null
}

/** Wraps the root resolvers so that graphql-js takes a root field's earlier result instead of resolving it again. */
export function withReusedRootResults({ scalars, Query, fields }: PlannedResolvers): Resolvers {
  const reused = Object.entries(Query).map(([name, resolve]): [string, Resolver] => [
    name,
    (root, args, context, info) =>
      root instanceof RootResults ? root.get(String(info.path.key)) : resolve(root, args, context, info),
  ])
  return { ...scalars, ...toResolvers(fields), Query: Object.fromEntries(reused) }
}

/** Creates the executor and its cache of plans. */
export function createExecutor(schema: GraphQLSchema, resolvers: PlannedResolvers): Executor {
  const findPlan = createPlanCache(schema, resolvers)
  return {
    print(operation) {
      const planned = findPlan(operation)
      return planned && run(planned, operation.contextValue)
    },
    async execute(args) {
      const planned = args.rootValue instanceof RootResults ? null : findPlan(args)
      if (!planned) return execute(args)
      const outcome = await run(planned, args.contextValue)
      return 'data' in outcome ? { data: JSON.parse(outcome.data) } : execute({ ...args, rootValue: outcome.results })
    },
  }
}

async function run({ plan, variableValues }: BoundPlan, context: unknown): Promise<PlanOutcome> {
  const results = new RootResults()
  for (const { responseKey, resolve } of plan.roots)
    results.set(
      responseKey,
      startResolving(() => resolve(variableValues, context)),
    )
  try {
    let text = ''
    for (const root of plan.roots) {
      const value = await results.get(root.responseKey)
      text += `${text === '' ? '' : ','}${JSON.stringify(root.responseKey)}:${root.print(value, { variableValues, context })}`
    }
    // Read after printing, because a fragment's type may add a resolver that reads the request only while it prints.
    return {
      data: `{${text}}`,
      roots: plan.roots.length,
      dependsOnRequest: plan.roots.some(({ dependsOnRequest }) => dependsOnRequest),
    }
  } catch {
    return { results }
  }
}

/** Starts a resolver. A rejection never goes unhandled, even if nobody awaits it. */
function startResolving(resolve: () => unknown): Promise<unknown> {
  const result = (async () => resolve())()
  result.catch(() => {})
  return result
}

/** Clients use few of a document's possible selections. */
const maxPlansPerDocument = 32

type VariableValues = Parameters<OperationPlan['roots'][number]['resolve']>[0]

interface BoundPlan {
  readonly plan: OperationPlan
  readonly variableValues: VariableValues
}

/**
 * Caches plans by document, operation and the variables of `@skip` and `@include`. Equal texts are one document,
 * because the reader caches them.
 */
function createPlanCache(
  schema: GraphQLSchema,
  resolvers: PlannedResolvers,
): (operation: OperationRequest) => BoundPlan | null {
  const documents = new WeakMap<DocumentNode, DocumentPlans>()
  return ({ document, operationName, variableValues: inputs }) => {
    const documentPlans = documents.get(document) ?? {
      selectionVariables: selectionVariables(document),
      findPlan: createBoundedMemo(maxPlansPerDocument),
    }
    documents.set(document, documentPlans)
    const operation = findOperation(document, operationName)
    if (!operation) return null
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], inputs ?? {})
    if (coerced.errors) return null
    const { variableValues } = coerced
    const key = `${operation.name?.value ?? ''} ${documentPlans.selectionVariables.map((name) => variableValues.coerced[name]).join()}`
    const { plan } = documentPlans.findPlan(key, () => ({
      plan: planOperation({ schema, resolvers, document, operation, variableValues }),
    }))
    return plan ? { plan, variableValues } : null
  }
}

interface DocumentPlans {
  readonly selectionVariables: readonly string[]
  readonly findPlan: ReturnType<typeof createBoundedMemo<{ readonly plan: OperationPlan | null }>>
}

function findOperation({ definitions }: DocumentNode, name: string | null | undefined): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const found = name ? operations.filter((operation) => operation.name?.value === name) : operations
  return found.length === 1 ? (found[0] ?? null) : null
}

/** Yoga's context of an operation that was started before it reached yoga. */
export interface StartedOperation {
  readonly rootResults?: RootResults
}

/** Replaces graphql-js's execution by our executor, which continues started operations from their root results. */
export function useExecutor({ execute }: Pick<Executor, 'execute'>): Plugin<StartedOperation, StartedOperation> {
  return {
    onExecute({ setExecuteFn, args }) {
      const { rootResults } = args.contextValue as StartedOperation
      setExecuteFn(rootResults ? (args) => execute({ ...args, rootValue: rootResults }) : execute)
    },
  }
}
