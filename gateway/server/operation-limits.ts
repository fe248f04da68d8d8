import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
/**
 * Limits of one document. Each is a multiple of what the published operations need
 * (test/limits/published-operations-fit.test.ts).
 */
export interface OperationLimits {
  /** Lexical tokens of the text. The parser stops there, so this also bounds its memory. */
  readonly maxTokens: number
  readonly maxFragments: number
  readonly maxDirectives: number
  readonly maxAliases: number
  /** Nested selections, fragments expanded. */
  readonly maxDepth: number
  /** Fields selected side by side, fragments expanded. Validation compares each pair of them. */
  readonly maxBreadth: number
  /** All fields, fragments expanded once per spread. */
  readonly maxFields: number
  /**
   * Estimated cost: values of a reply that it may make each region read; a patient counts 500, an item 25
   * (`operation-cost.ts`).
   */
  readonly maxCost: number
}

/** The gateway's limits. They admit PatientSummary of 50 patients and the full record of 10, but not of 50. */
export const operationLimits: OperationLimits = {
  maxTokens: 3000,
  maxFragments: 50,
  maxDirectives: 50,
  maxAliases: 50,
  maxDepth: 16,
  maxBreadth: 100,
  maxFields: 2000,
  maxCost: 200_000,
}

/**
 * Returns the fault of a document beyond a limit, or null. It runs before validation, whose time is quadratic in some
 * of these.
 * Takes time linear in the text, however often fragments are spread, and with cyclic fragments too, which validation
 * refuses.
 */
export function findLimitExcess(document: DocumentNode, limits: OperationLimits): GraphQLError | null {
  const { aliases, directives } = countSyntax(document)
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  const { depth, breadth, fields } = measureSelections(document, fragments)
  const measured: readonly (readonly [code: string, what: string, most: number, found: number])[] = [
    ['TOO_MANY_FRAGMENTS', 'fragments', limits.maxFragments, fragments.length],
    ['TOO_MANY_DIRECTIVES', 'directives', limits.maxDirectives, directives],
    ['TOO_MANY_ALIASES', 'aliases', limits.maxAliases, aliases],
    ['TOO_DEEP', 'levels of selections', limits.maxDepth, depth],
    ['TOO_BROAD', 'fields in one selection', limits.maxBreadth, breadth],
    ['TOO_MANY_FIELDS', 'fields', limits.maxFields, fields],
  ]
  const excess = measured.find(([, , most, found]) => found > most)
  return excess ? toLimitFault(...excess) : null
}

/** Creates the fault for exceeding a limit. */
export function toLimitFault(code: string, what: string, most: number, found: number | string): GraphQLError {
  return fault(code, `Expected at most ${most} ${what}, found ${found}.`, { status: 400 })
}

function countSyntax(document: DocumentNode): { readonly aliases: number; readonly directives: number } {
  let aliases = 0
  let directives = 0
  visit(document, {
    Field({ alias }) {
      if (alias) aliases++
    },
    Directive() {
      directives++
    },
  })
  return { aliases, directives }
}

/** The size of a selection set, fragments expanded. */
interface SelectionSize {
  readonly depth: number
  /** Fields of the widest selection set inside it. */
  readonly breadth: number
  /** Fields of the selection set itself. */
  readonly ownFields: number
  readonly fields: number
}

const emptySelection: SelectionSize = { depth: 0, breadth: 0, ownFields: 0, fields: 0 }

function measureSelections({ definitions }: DocumentNode, fragments: readonly FragmentDefinitionNode[]): SelectionSize {
  const unmeasured = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  const measured = new Map<string, SelectionSize>()
  const measureFragment = (name: string): SelectionSize => {
    const fragment = unmeasured.get(name)
    // Removed while it is measured, so that a fragment which spreads itself ends here.
    unmeasured.delete(name)
    if (fragment) measured.set(name, measureSelectionSet(fragment.selectionSet))
    return measured.get(name) ?? emptySelection
  }
  const measureSelectionSet = ({ selections }: SelectionSetNode): SelectionSize => {
    let { depth, breadth, ownFields, fields } = emptySelection
    for (const selection of selections) {
      const isField = selection.kind === Kind.FIELD
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(selection.name.value)
          : selection.selectionSet
            ? measureSelectionSet(selection.selectionSet)
            : emptySelection
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0))
      breadth = Math.max(breadth, inner.breadth)
      ownFields += isField ? 1 : inner.ownFields
      fields += inner.fields + (isField ? 1 : 0)
    }
    return { depth, breadth: Math.max(breadth, ownFields), ownFields, fields }
  }
  const operations = definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ selectionSet }) => measureSelectionSet(selectionSet))
  // Fragments that no operation spreads count too, because validation visits them all the same.
  const all = [...operations, ...fragments.map(({ name }) => measureFragment(name.value))]
  return {
    depth: Math.max(0, ...all.map(({ depth }) => depth)),
    breadth: Math.max(0, ...all.map(({ breadth }) => breadth)),
    ownFields: 0,
    fields: operations.reduce((sum, { fields }) => sum + fields, 0),
  }
}
