/** What a connection's page is (GraphQL Cursor Connections). */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[]
  readonly nodes: readonly Node[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null }
}

export interface PagePlace {
  readonly hasNextPage: boolean
  /** The cursor that this page began behind. */
  readonly after: string | null | undefined
}

export function toConnection<Node>(edges: Connection<Node>['edges'], { hasNextPage, after }: PagePlace): Connection<Node> {
  const startCursor = edges[0]?.cursor ?? null
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: { hasNextPage, hasPreviousPage: Boolean(after), startCursor, endCursor: edges.at(-1)?.cursor ?? null } }
}
