import { inspect } from 'node:util'
import type { GatewayOptions } from '../../../gateway/gateway.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { type GraphQLAnswer, type Slug, type System, startSystem } from '../system.ts'
import { type FaultyRegion, startFaultyRegion } from './faulty-region.ts'

/** Both stores with the demo's people, a faulty proxy before each, and a gateway that knows the proxies alone. */
export interface FaultySystem extends AsyncDisposable {
  readonly system: System
  readonly regions: Readonly<Record<Slug, FaultyRegion>>
  /** Where the gateway answers. */
  readonly url: string
  /** All that the gateway has logged. */
  readonly logged: readonly string[]
  ask(text: string, variables?: Readonly<Record<string, unknown>>, token?: string): Promise<GraphQLAnswer>
  /** Another gateway over the same proxies; what it asks. */
  another(options: FaultyGatewayOptions): Promise<FaultySystem['ask']>
}

export interface FaultyGatewayOptions
  extends Pick<Partial<GatewayOptions>, 'clock' | 'now' | 'deadlineMs' | 'cacheBytes'> {
  /** By slug, what differs from the list of regions. */
  readonly settings?: Partial<Readonly<Record<Slug, Partial<Pick<RegionConfiguration, 'timeMs' | 'resilience'>>>>>
}

export const slugs = ['cheshire-merseyside', 'lancashire-south-cumbria'] as const

export async function startFaultySystem(options: FaultyGatewayOptions = {}): Promise<FaultySystem> {
  await using starting = new AsyncDisposableStack()
  const system = starting.use(await startSystem({ people: true }))
  const proxies = await Promise.all(system.regions.map(async ({ url }) => starting.use(await startFaultyRegion(url))))
  const logged: string[] = []
  const log = (message: string, error: unknown) => void logged.push(`${message} ${inspect(error, { depth: 10 })}`)
  const open = ({ settings = {}, ...others }: FaultyGatewayOptions) => {
    const regions = system.regions.map((region, index) => ({
      ...region,
      url: proxies[index]?.url ?? '',
      ...settings[region.slug as Slug],
    }))
    return system.another({ ...others, regions, log })
  }
  const askOf =
    (url: string): FaultySystem['ask'] =>
    async (text, variables, token) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? (await system.token())}` },
        body: JSON.stringify({ query: text, variables }),
      })
      const body = await response.text()
      return { status: response.status, errors: [], ...JSON.parse(body), text: body }
    }
  const url = await open(options)
  const running = starting.move()
  return {
    system,
    regions: Object.fromEntries(system.regions.map(({ slug }, index) => [slug, proxies[index]])) as Record<
      Slug,
      FaultyRegion
    >,
    url,
    logged,
    ask: askOf(url),
    another: async (more) => askOf(await open(more)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
