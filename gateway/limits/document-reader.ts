import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, type OperationDefinitionNode, parse, validate, visit } from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
import { selectingVariables } from '../execution/operation-plan.ts'
import { type Amount, evaluate, givenVariable, type Variables } from './amount.ts'
import { createDocumentMemory } from './document-memory.ts'
import { excessFault, findExcess } from './find-excess.ts'
import { compileCost } from './operation-cost.ts'
import { type OperationLimits, operationLimits } from './operation-limits.ts'

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
  findExcess(operationName: string | null | undefined, variables: Variables | null | undefined, onCost?: (cost: number) => void): GraphQLError | null
}

/** What became of a text. */
export type Reading = AcceptedDocument | { readonly status: 'refused'; readonly faults: readonly GraphQLError[] }

export type DocumentReader = (text: string) => Reading

/**
 * Parses, measures and validates texts, in this order, and each once: what is accepted is remembered with all that was reckoned for it. What is
 * refused is not remembered, so that it takes the place of nobody's document.
 */
export function createDocumentReader({ schema, introspection, limits = operationLimits, maxCharacters = 1_000_000 }: DocumentReaderOptions): DocumentReader {
  const memory = createDocumentMemory<AcceptedDocument>(maxCharacters)
  const accept = (document: DocumentNode): AcceptedDocument => {
    const costOf = createCosts(schema, document)
    return {
      status: 'accepted',
      document,
      findExcess(operationName, variables, onCost) {
        const operation = findOperation(document, operationName)
        if (!operation) return null
        const cost = Math.ceil(costOf(operation, variables ?? {}))
        if (cost > limits.maxCost) return excessFault('TOO_COSTLY', 'estimated cost', limits.maxCost, cost)
        onCost?.(cost)
        return null
      },
    }
  }
  const read = (text: string): Reading => {
    const parsed = parseWithin(text, limits)
    if (parsed instanceof GraphQLError) return { status: 'refused', faults: [parsed] }
    const excess = findExcess(parsed, limits) ?? (introspection === 'off' ? findIntrospection(parsed) : null)
    if (excess) return { status: 'refused', faults: [excess] }
    const faults = validate(schema, parsed, undefined, { hideSuggestions: introspection === 'off', maxErrors: mostFaults })
    if (faults.length > 0) return { status: 'refused', faults: faults.filter(({ nodes }) => nodes) }
    return accept(parsed)
  }
  return (text) => {
    const known = memory.get(text)
    if (known) return known
    const reading = read(text)
    if (reading.status === 'accepted') memory.set(text, reading)
    return reading
  }
}

/** A document may select in ever so many ways; few are asked for. */
const mostCosts = 32

/** The cost of a document's operations, compiled once for each way in which `@skip` and `@include` select. */
function createCosts(schema: GraphQLSchema, document: DocumentNode): (operation: OperationDefinitionNode, variables: Variables) => number {
  const selecting = selectingVariables(document)
  const costs = new Map<string, Amount>()
  return (operation, variables) => {
    const key = `${operation.name?.value ?? ''} ${selecting.map((name) => toCondition(givenVariable(variables, name))).join()}`
    const amount = costs.get(key) ?? compileCost(schema, document, operation, variables)
    if (costs.size >= mostCosts) costs.clear()
    costs.set(key, amount)
    return evaluate(amount, variables)
  }
}

/** What is no Boolean selects as no other does, and is one text, whatever was sent. */
function toCondition(value: unknown): string {
  return typeof value === 'boolean' || value === undefined ? String(value) : 'other'
}

/** Beyond these, validation ends with an error of its own that has no place in the document. */
const mostFaults = 20

function parseWithin(text: string, { maxTokens, maxDepth }: OperationLimits): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens })
  } catch (error) {
    // Deep brackets exhaust the parser's stack before they exhaust the tokens.
    if (error instanceof RangeError) return excessFault('TOO_DEEP', 'levels of selections', maxDepth, 'more')
    if (!(error instanceof GraphQLError)) throw error
    return error.message.endsWith('Parsing aborted.') ? excessFault('TOO_MANY_TOKENS', 'tokens', maxTokens, 'more') : error
  }
}

const metaFields = new Set(['__schema', '__type'])

function findIntrospection(document: DocumentNode): GraphQLError | null {
  let found: GraphQLError | null = null
  visit(document, {
    Field(node) {
      if (metaFields.has(node.name.value))
        found = fault('INTROSPECTION_OFF', 'Expected no introspection: the schema is published with its documentation.', { status: 400, nodes: node })
    },
  })
  return found
}

function findOperation({ definitions }: DocumentNode, name: string | null | undefined): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const found = name ? operations.filter((operation) => operation.name?.value === name) : operations
  return found.length === 1 ? (found[0] ?? null) : null
}
