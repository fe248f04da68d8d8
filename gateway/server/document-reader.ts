import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
  visit,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import { selectionVariables } from '../operation/operation-plan.ts'
import { type CostExpression, compileCost, evaluateCost, readVariable, type Variables } from './operation-cost.ts'
import type { AdmissionContext } from './operation-gate.ts'
import { findLimitExcess, type OperationLimits, operationLimits, toLimitFault } from './operation-limits.ts'

/** Whether the schema may be asked for, and errors suggest names out of it. */
export type Introspection = 'on' | 'off'

export interface DocumentReaderOptions {
  readonly schema: GraphQLSchema
  readonly introspection: Introspection
  /** @default the gateway's own */
  readonly limits?: OperationLimits
  /** Of the texts whose documents are remembered. @default a million */
  readonly maxCharacters?: number
}

/** A document that is valid and within the limits that its text alone decides. */
export interface AcceptedDocument {
  readonly status: 'accepted'
  readonly document: DocumentNode
  /** Why the operation is refused with these variables; null: it is within its cost, which is told, or there is no such operation. */
  checkCost(
    operationName: string | null | undefined,
    variables: Variables | null | undefined,
    onCost?: (cost: number) => void,
  ): GraphQLError | null
}

/** What became of a text. */
export type DocumentReadResult =
  | AcceptedDocument
  | { readonly status: 'refused'; readonly faults: readonly GraphQLError[] }

export type DocumentReader = (text: string) => DocumentReadResult

/**
 * Parses, measures and validates texts, in this order, and each once: what is accepted is remembered with all that was reckoned for it. What is
 * refused is not remembered, so that it takes the place of nobody's document.
 */
export function createDocumentReader({
  schema,
  introspection,
  limits = operationLimits,
  maxCharacters = 1_000_000,
}: DocumentReaderOptions): DocumentReader {
  const cache = createDocumentCache<AcceptedDocument>(maxCharacters)
  const accept = (document: DocumentNode): AcceptedDocument => {
    const costOf = createCostEstimator(schema, document)
    return {
      status: 'accepted',
      document,
      checkCost(operationName, variables, onCost) {
        const operation = findOperation(document, operationName)
        if (!operation) return null
        const cost = Math.ceil(costOf(operation, variables ?? {}))
        if (cost > limits.maxCost) return toLimitFault('TOO_COSTLY', 'estimated cost', limits.maxCost, cost)
        onCost?.(cost)
        return null
      },
    }
  }
  const read = (text: string): DocumentReadResult => {
    const parsed = parseWithin(text, limits)
    if (parsed instanceof GraphQLError) return { status: 'refused', faults: [parsed] }
    const excess = findLimitExcess(parsed, limits) ?? (introspection === 'off' ? findIntrospectionFault(parsed) : null)
    if (excess) return { status: 'refused', faults: [excess] }
    const faults = validate(schema, parsed, undefined, {
      hideSuggestions: introspection === 'off',
      maxErrors: maxFaults,
    })
    if (faults.length > 0) return { status: 'refused', faults: faults.filter(({ nodes }) => nodes) }
    return accept(parsed)
  }
  return (text) => {
    const entries = cache.get(text)
    if (entries) return entries
    const reading = read(text)
    if (reading.status === 'accepted') cache.set(text, reading)
    return reading
  }
}

/** A document may select in ever so many ways; few are asked for. */
const mostCosts = 32

/** The cost of a document's operations, compiled once for each way in which `@skip` and `@include` select. */
function createCostEstimator(
  schema: GraphQLSchema,
  document: DocumentNode,
): (operation: OperationDefinitionNode, variables: Variables) => number {
  const selectionNames = selectionVariables(document)
  const costs = new Map<string, CostExpression>()
  return (operation, variables) => {
    const key = `${operation.name?.value ?? ''} ${selectionNames.map((name) => toConditionKey(readVariable(variables, name))).join()}`
    const amount = costs.get(key) ?? compileCost(schema, document, operation, variables)
    if (costs.size >= mostCosts) costs.clear()
    costs.set(key, amount)
    return evaluateCost(amount, variables)
  }
}

/** What is no Boolean selects as no other does, and is one text, whatever was sent. */
function toConditionKey(value: unknown): string {
  return typeof value === 'boolean' || value === undefined ? String(value) : 'other'
}

/** Beyond these, validation ends with an error of its own that has no place in the document. */
const maxFaults = 20

function parseWithin(text: string, { maxTokens, maxDepth }: OperationLimits): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens })
  } catch (error) {
    // Deep brackets exhaust the parser's stack before they exhaust the tokens.
    if (error instanceof RangeError) return toLimitFault('TOO_DEEP', 'levels of selections', maxDepth, 'more')
    if (!(error instanceof GraphQLError)) throw error
    return error.message.endsWith('Parsing aborted.')
      ? toLimitFault('TOO_MANY_TOKENS', 'tokens', maxTokens, 'more')
      : error
  }
}

const metaFields = new Set(['__schema', '__type'])

function findIntrospectionFault(document: DocumentNode): GraphQLError | null {
  let found: GraphQLError | null = null
  visit(document, {
    Field(node) {
      if (metaFields.has(node.name.value))
        found = fault(
          'INTROSPECTION_OFF',
          'Expected no introspection: the schema is published with its documentation.',
          { status: 400, nodes: node },
        )
    },
  })
  return found
}

function findOperation({ definitions }: DocumentNode, name: string | null | undefined): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const found = name ? operations.filter((operation) => operation.name?.value === name) : operations
  return found.length === 1 ? (found[0] ?? null) : null
}

/** What was made for a text; null where it is not remembered. */
export interface DocumentCache<T> {
  get(text: string): T | null
  set(text: string, made: T): void
}

/** What a text weighs beside its characters, so that many short ones weigh something too. */
const entryCharacters = 500

/** Remembers what was made for texts, those asked for last, of so many characters together: a document takes memory by the length of its text. */
export function createDocumentCache<T>(maxCharacters: number): DocumentCache<T> {
  const entries = new Map<string, T>()
  let characters = 0
  const weigh = (text: string) => text.length + entryCharacters
  const evict = (text: string) => {
    if (entries.delete(text)) characters -= weigh(text)
  }
  return {
    get(text) {
      const found = entries.get(text)
      if (found === undefined) return null
      entries.delete(text)
      entries.set(text, found)
      return found
    },
    set(text, made) {
      evict(text)
      entries.set(text, made)
      characters += weigh(text)
      for (const oldest of entries.keys()) {
        if (characters <= maxCharacters) return
        evict(oldest)
      }
    },
  }
}

/** Lets documents be read by our reader, in place of yoga's parsing, validation and memory of both; refuses what costs too much with its variables, and charges for the rest. */
export function useDocumentReader(read: DocumentReader): Plugin<object, AdmissionContext> {
  const accepted = new WeakMap<DocumentNode, AcceptedDocument>()
  return {
    onParse({ params: { source }, setParsedDocument }) {
      const reading = read(String(source))
      if (reading.status === 'refused') throw new AggregateError(reading.faults)
      accepted.set(reading.document, reading)
      setParsedDocument(reading.document)
    },
    onValidate({ setResult }) {
      // The reader has.
      setResult([])
    },
    onExecute({ args: { document, operationName, variableValues, contextValue }, setResultAndStopExecution }) {
      const { admittedOperation } = contextValue as AdmissionContext
      const excess = accepted
        .get(document)
        ?.checkCost(operationName, variableValues, (cost) => admittedOperation?.charge(cost))
      if (excess) setResultAndStopExecution({ errors: [excess] })
    },
  }
}
