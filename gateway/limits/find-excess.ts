import type { GraphQLError } from 'graphql'
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode, visit } from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
import type { OperationLimits } from './operation-limits.ts'

/**
 * Why a document is refused unseen by validation, whose time grows with the square of some of these; null: it is within the limits. Takes time
 * in proportion to the text, however often fragments are spread, and cyclic fragments (validation's to refuse) too.
 */
export function findExcess(document: DocumentNode, limits: OperationLimits): GraphQLError | null {
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
  return excess ? excessFault(...excess) : null
}

/** The refusal of what is beyond a limit. */
export function excessFault(code: string, what: string, most: number, found: number | string): GraphQLError {
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
interface Extent {
  readonly depth: number
  /** Of the widest selection in it. */
  readonly breadth: number
  /** In the selection itself. */
  readonly own: number
  readonly fields: number
}

const nothing: Extent = { depth: 0, breadth: 0, own: 0, fields: 0 }

function measureSelections({ definitions }: DocumentNode, fragments: readonly FragmentDefinitionNode[]): Extent {
  const unmeasured = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  const measured = new Map<string, Extent>()
  const ofFragment = (name: string): Extent => {
    const fragment = unmeasured.get(name)
    // Taken out while it is measured: what spreads itself ends there.
    unmeasured.delete(name)
    if (fragment) measured.set(name, ofSelections(fragment.selectionSet))
    return measured.get(name) ?? nothing
  }
  const ofSelections = ({ selections }: SelectionSetNode): Extent => {
    let { depth, breadth, own, fields } = nothing
    for (const selection of selections) {
      const isField = selection.kind === Kind.FIELD
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? ofFragment(selection.name.value) : selection.selectionSet ? ofSelections(selection.selectionSet) : nothing
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0))
      breadth = Math.max(breadth, inner.breadth)
      own += isField ? 1 : inner.own
      fields += inner.fields + (isField ? 1 : 0)
    }
    return { depth, breadth: Math.max(breadth, own), own, fields }
  }
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION).map(({ selectionSet }) => ofSelections(selectionSet))
  // Those that no operation spreads too: validation walks them all the same.
  const all = [...operations, ...fragments.map(({ name }) => ofFragment(name.value))]
  return {
    depth: Math.max(0, ...all.map(({ depth }) => depth)),
    breadth: Math.max(0, ...all.map(({ breadth }) => breadth)),
    own: 0,
    fields: operations.reduce((sum, { fields }) => sum + fields, 0),
  }
}
