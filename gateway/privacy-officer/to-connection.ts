import { fault } from '../../schema/graphql-errors.ts'
/** A page of a Relay connection (GraphQL Cursor Connections Specification). */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[]
  readonly nodes: readonly Node[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

export interface PageEnd {
  readonly hasNextPage: boolean
  /** The cursor after which this page begins. */
  readonly after: string | null | undefined
}

export function toConnection<Node>(
  edges: Connection<Node>['edges'],
  { hasNextPage, after }: PageEnd,
): Connection<Node> {
  const startCursor = edges[0]?.cursor ?? null
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: { hasNextPage, hasPreviousPage: Boolean(after), startCursor, endCursor: edges.at(-1)?.cursor ?? null },
  }
}

export interface PageArgs {
  readonly first?: number | null
  readonly after?: string | null
}

const maxPageSize = 100

/** Returns the page size, 50 by default. Throws FIRST_OUT_OF_RANGE. */
export function toPageSize({ first }: PageArgs): number {
  const size = first ?? 50
  if (size < 1 || size > maxPageSize) throw fault('FIRST_OUT_OF_RANGE', `Expected first between 1 and ${maxPageSize}.`)
  return size
}
