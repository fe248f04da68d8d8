import { createPrometheusMetrics } from '../../../subgraphs/service/prometheus-metrics.ts'
import type { RecordServiceOptions } from '../../../subgraphs/service/record-service.ts'
import type { ServedRequest } from '../../../subgraphs/service/service-metrics.ts'
import type { RecordStore } from '../../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../../subgraphs/store/sqlite-record-store.ts'
import { createTestService, noon, type RegionSlug, type TestService } from '../store/test-service.ts'
import { scrape } from './scrape.ts'

/** A record store that listens, with its metrics, and every request that it has logged. */
export interface ObservedStore extends AsyncDisposable {
  readonly url: string
  readonly store: RecordStore
  readonly served: readonly ServedRequest[]
  readonly headers: TestService['headers']
  publish: TestService['publish']
  /** Asks over the socket as a clinician would through a gateway. */
  ask(query: string, variables?: object): Promise<Response>
  /** Resolves when so many requests have ended: a client has its answer a moment before. */
  hasServed(count: number): Promise<void>
  /** What /metrics says now; 0 where it says nothing. */
  sample(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
}

export interface ObservedStoreOptions extends Partial<Omit<RecordServiceOptions, 'region' | 'store' | 'metrics'>> {
  readonly region?: RegionSlug
  /** What stands between the service and its records. @default nothing */
  readonly between?: (store: RecordStore) => RecordStore
}

export async function startObservedStore({
  between = (store) => store,
  now = () => noon,
  ...options
}: ObservedStoreOptions = {}): Promise<ObservedStore> {
  const kept = createSqliteRecordStore({
    region: options.region === 'lancashire-south-cumbria' ? 'LANCASHIRE_SOUTH_CUMBRIA' : 'CHESHIRE_MERSEYSIDE',
    file: ':memory:',
    now,
  })
  const store = between(kept)
  const served: ServedRequest[] = []
  let tell = () => {}
  const logRequest = (request: ServedRequest) => {
    served.push(request)
    tell()
  }
  const service = await createTestService({
    ...options,
    store,
    now,
    metrics: createPrometheusMetrics({ store, now }),
    logRequest,
  })
  const listening = await service.service.listen({ port: 0 })
  return {
    url: listening.url,
    store: service.store,
    served,
    headers: service.headers,
    publish: service.publish,
    ask: async (query, variables) =>
      fetch(`${listening.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(await service.headers()) },
        body: JSON.stringify({ query, variables }),
      }),
    async hasServed(count) {
      while (served.length < count) {
        await new Promise<void>((resolve) => {
          tell = resolve
        })
      }
    },
    sample: async (name, labels) => (await scrape(listening.url)).value(name, labels),
    async [Symbol.asyncDispose]() {
      await listening.close()
      await service[Symbol.asyncDispose]()
    },
  }
}
