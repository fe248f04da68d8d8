import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
/** What one document may ask. Each is some times what the published operations need (test/abuse/published-operations.test.ts). */
export interface OperationLimits {
  /** Names, values and punctuators of the text. Parsing stops there, so it also bounds what a text may take in memory. */
  readonly maxTokens: number
  readonly maxFragments: number
  readonly maxDirectives: number
  readonly maxAliases: number
  /** Selections inside each other, fragments entered. */
  readonly maxDepth: number
  /** Fields selected side by side, fragments entered. Validation compares each with each. */
  readonly maxBreadth: number
  /** Fields in all, a fragment's as often as it is spread. */
  readonly maxFields: number
  /** What it may make each region read, in values of a reply: a patient is 500, an item 25 (`operation-cost.ts`). */
  readonly maxCost: number
}

/** The gateway's own. 50 patients' PatientSummary is within them; the full record of 50 is not, of ten it is. */
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
 * Why a document is refused unseen by validation, whose time grows with the square of some of these; null: it is within the limits. Takes time
 * in proportion to the text, however often fragments are spread, and cyclic fragments (validation's to refuse) too.
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

/** The refusal of what is beyond a limit. */
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

/** How far selections go, fragments entered. */
interface SelectionSize {
  readonly depth: number
  /** Of the widest selection in it. */
  readonly breadth: number
  /** In the selection itself. */
  readonly ownFields: number
  readonly fields: number
}

const emptySelection: SelectionSize = { depth: 0, breadth: 0, ownFields: 0, fields: 0 }

function measureSelections({ definitions }: DocumentNode, fragments: readonly FragmentDefinitionNode[]): SelectionSize {
  const unmeasured = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  const measured = new Map<string, SelectionSize>()
  const measureFragment = (name: string): SelectionSize => {
    const fragment = unmeasured.get(name)
    // Taken out while it is measured: what spreads itself ends there.
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
  // Those that no operation spreads too: validation walks them all the same.
  const all = [...operations, ...fragments.map(({ name }) => measureFragment(name.value))]
  return {
    depth: Math.max(0, ...all.map(({ depth }) => depth)),
    breadth: Math.max(0, ...all.map(({ breadth }) => breadth)),
    ownFields: 0,
    fields: operations.reduce((sum, { fields }) => sum + fields, 0),
  }
}
