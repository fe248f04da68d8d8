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
import { LRUCache } from 'lru-cache'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { selectionVariables } from '../operation/operation-plan.ts'
import { type CostExpression, evaluateCost, readVariable, type Variables } from './cost-expression.ts'
import { compileCost } from './operation-cost.ts'
import { findLimitExcess, type OperationLimits, operationLimits, toLimitFault } from './operation-limits.ts'

/** Whether clients may query the schema; errors suggest its names only if so. */
export type Introspection = 'on' | 'off'

export interface DocumentReaderOptions {
  readonly schema: GraphQLSchema
  readonly introspection: Introspection
  /** @default operationLimits */
  readonly limits?: OperationLimits
  /** Maximum characters of all cached documents' texts. @default 1,000,000 */
  readonly maxCharacters?: number
}

/** A valid document within the limits that depend on its text alone. */
export interface AcceptedDocument {
  readonly status: 'accepted'
  readonly document: DocumentNode
  /**
   * Returns the fault if the operation exceeds the maximum cost with these variables. Otherwise passes the cost to
   * `onCost` and returns null, as it does for an unknown operation.
   */
  checkCost(
    operationName: string | null | undefined,
    variables: Variables | null | undefined,
    onCost?: (cost: number) => void,
  ): GraphQLError | null
}

/** The result of reading a text. */
export type DocumentReadResult =
  | AcceptedDocument
  | { readonly status: 'refused'; readonly faults: readonly GraphQLError[] }

export type DocumentReader = (text: string) => DocumentReadResult

/**
 * Creates a reader that parses, measures and validates texts, in this order, and caches accepted documents with their
 * compiled costs.
 * Refused texts are not cached, so that they evict nobody's document.
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
    const cached = cache.get(text)
    if (cached) return cached
    const result = read(text)
    if (result.status === 'accepted') cache.set(text, result)
    return result
  }
}

/** Maximum compiled costs per document; clients use few of the possible combinations of `@skip` and `@include`. */
const maxCompiledCosts = 32

/** Estimates the cost of a document's operations, compiled once for each combination of `@skip` and `@include`. */
function createCostEstimator(
  schema: GraphQLSchema,
  document: DocumentNode,
): (operation: OperationDefinitionNode, variables: Variables) => number {
  const selectionNames = selectionVariables(document)
  const findCost = createBoundedMemo<CostExpression>(maxCompiledCosts)
  return (operation, variables) => {
    const key = `${operation.name?.value ?? ''} ${selectionNames.map((name) => toConditionKey(readVariable(variables, name))).join()}`
    return evaluateCost(
      findCost(key, () => compileCost(schema, document, operation, variables)),
      variables,
    )
  }
}

/**
 * A condition that is not a Boolean has a key of its own, whatever its value, so that values cannot multiply entries.
 */
function toConditionKey(value: unknown): string {
  return typeof value === 'boolean' || value === undefined ? String(value) : 'other'
}

/** Maximum validation errors. The error that validation adds beyond them has no location and is left out. */
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

/** Values by text; `get` returns null for a text that is not cached. */
export interface DocumentCache<T> {
  get(text: string): T | null
  set(text: string, value: T): void
}

/** Characters that each entry counts beside its text, so that many short texts are bounded too. */
const entryCharacters = 500

/**
 * Creates a least-recently-used cache bounded by the characters of its texts, because a document's memory grows with
 * its text.
 */
export function createDocumentCache<T extends NonNullable<unknown>>(maxCharacters: number): DocumentCache<T> {
  const entries = new LRUCache<string, T>({
    maxSize: maxCharacters,
    sizeCalculation: (_, text) => text.length + entryCharacters,
  })
  return {
    get: (text) => entries.get(text) ?? null,
    set: (text, value) => void entries.set(text, value),
  }
}
