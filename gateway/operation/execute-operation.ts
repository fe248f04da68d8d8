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
import { type PlannedResolvers, type Resolver, type Resolvers, toResolvers } from '../request/resolvers.ts'
import { type OperationPlan, planOperation, selectionVariables } from './operation-plan.ts'

/** What the root fields gave already, by response key, when graphql-js has to complete it after all: no region is asked twice. */
export class RootResults extends Map<string, Promise<unknown>> {}

/** An operation as a request asks for it. */
export type OperationRequest = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues' | 'contextValue'>

/** What came of a plan: the data as JSON text, and whether the request has a part in it beside what its root fields were given; or what the root fields gave, where only graphql-js can say what becomes of it (errors, nulls where none may be). */
export type PlanOutcome =
  | { readonly data: string; readonly roots: number; readonly dependsOnRequest: boolean }
  | { readonly results: RootResults }

export interface Executor {
  /** Answers an operation as graphql-js does, but by its plan where it has one. */
  execute(args: ExecutionArgs): Promise<ExecutionResult>
  /** Answers by the plan alone; null where there is no plan. */
  print(operation: OperationRequest): Promise<PlanOutcome> | null
}

/** The resolvers as graphql-js takes them: a root field that was resolved is not resolved again. */
export function withReusedRootResults({ scalars, Query, fields }: PlannedResolvers): Resolvers {
  const reused = Object.entries(Query).map(([name, resolve]): [string, Resolver] => [
    name,
    (root, args, context, info) =>
      root instanceof RootResults ? root.get(String(info.path.key)) : resolve(root, args, context, info),
  ])
  return { ...scalars, ...toResolvers(fields), Query: Object.fromEntries(reused) }
}

/** Executes by plans, which are kept. */
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
      const answered = await run(planned, args.contextValue)
      return 'data' in answered
        ? { data: JSON.parse(answered.data) }
        : execute({ ...args, rootValue: answered.results })
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
    // What is met only while printing may ask the request too.
    return {
      data: `{${text}}`,
      roots: plan.roots.length,
      dependsOnRequest: plan.roots.some(({ dependsOnRequest }) => dependsOnRequest),
    }
  } catch {
    return { results }
  }
}

/** A result or a rejection to be awaited, perhaps never: it is not unhandled then. */
function startResolving(resolve: () => unknown): Promise<unknown> {
  const result = (async () => resolve())()
  result.catch(() => {})
  return result
}

const maxPlansPerDocument = 32

type VariableValues = Parameters<OperationPlan['roots'][number]['resolve']>[0]

interface BoundPlan {
  readonly plan: OperationPlan
  readonly variableValues: VariableValues
}

/** Plans by document, operation and what selects; documents are the parser's, which remembers them by their text. */
function createPlanCache(
  schema: GraphQLSchema,
  resolvers: PlannedResolvers,
): (operation: OperationRequest) => BoundPlan | null {
  const documents = new WeakMap<DocumentNode, DocumentPlans>()
  return ({ document, operationName, variableValues: inputs }) => {
    const known = documents.get(document) ?? { selectionVariables: selectionVariables(document), plans: new Map() }
    documents.set(document, known)
    const operation = findOperation(document, operationName)
    if (!operation) return null
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], inputs ?? {})
    if (coerced.errors) return null
    const { variableValues } = coerced
    const key = `${operation.name?.value ?? ''} ${known.selectionVariables.map((name) => variableValues.coerced[name]).join()}`
    const planned = known.plans.get(key)
    const plan =
      planned === undefined ? planOperation({ schema, resolvers, document, operation, variableValues }) : planned
    // A document may select in ever so many ways; few are asked for.
    if (known.plans.size >= maxPlansPerDocument) known.plans.clear()
    known.plans.set(key, plan)
    return plan ? { plan, variableValues } : null
  }
}

interface DocumentPlans {
  readonly selectionVariables: readonly string[]
  readonly plans: Map<string, OperationPlan | null>
}

function findOperation({ definitions }: DocumentNode, name: string | null | undefined): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const found = name ? operations.filter((operation) => operation.name?.value === name) : operations
  return found.length === 1 ? (found[0] ?? null) : null
}

/** What of an operation was answered before it came to yoga. */
export interface StartedOperation {
  readonly rootResults?: RootResults
}

/** Lets operations be answered by our executor in place of graphql-js's, those that have begun from where they are. */
export function useExecutor({ execute }: Pick<Executor, 'execute'>): Plugin<StartedOperation, StartedOperation> {
  return {
    onExecute({ setExecuteFn, args }) {
      const { rootResults } = args.contextValue as StartedOperation
      setExecuteFn(rootResults ? (asked) => execute({ ...asked, rootValue: rootResults }) : execute)
    },
  }
}
