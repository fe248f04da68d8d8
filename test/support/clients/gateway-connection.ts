import type { System } from '../system.ts'

/** One HTTP request that a client made, and what the gateway answered. */
export interface Exchange {
  readonly method: string
  readonly url: string
  /** The answer's `data`, as sent. */
  readonly data: unknown
}

/** What a GraphQL client needs to reach the gateway over HTTP, and a record of what it did there. */
export interface GatewayConnection {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: typeof fetch
  readonly exchanges: readonly Exchange[]
  /** Resolves when so many requests have been answered. */
  reaches(count: number): Promise<void>
}

/** A connection as a consultant at Liverpool. */
export async function connectTo(system: System): Promise<GatewayConnection> {
  const exchanges: Exchange[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  return {
    url: `${system.url}/graphql`,
    headers: { authorization: `Bearer ${await system.token()}` },
    async fetch(input, init) {
      const response = await fetch(input, init)
      const { data } = (await response.clone().json()) as { readonly data?: unknown }
      exchanges.push({ method: init?.method ?? 'GET', url: String(input), data })
      for (const { count, resolve } of waiting) if (exchanges.length >= count) resolve()
      return response
    },
    exchanges,
    reaches: (count) =>
      exchanges.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
  }
}
