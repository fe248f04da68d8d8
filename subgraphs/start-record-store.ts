import { createTokenVerifier } from '../schema/access-token.ts'
import { closeOnSignal } from '../schema/service/close-on-signal.ts'
import type { Environment } from '../schema/service/load-settings.ts'
import { loadSpans } from '../schema/service/load-spans.ts'
import { createServiceLog } from '../schema/service/service-log.ts'
import { logProgress } from './demo/population/log-progress.ts'
import { publishPopulation } from './demo/population/publish-population.ts'
import { publishPeople } from './demo/publish-people.ts'
import type { DemoRegion } from './demo/vocabulary/person.ts'
import { createFhirEndpoint } from './publishing/fhir-endpoint.ts'
import { createPublishingThread } from './publishing/publishing-thread.ts'
import { createPrometheusMetrics } from './service/prometheus-metrics.ts'
import type { RecordService, RecordServiceOptions } from './service/record-service.ts'
import { createRequestLogger } from './service/request-logger.ts'
import { loadStoreSettings } from './service/store-settings.ts'
import { checkLargeDatabase, checkWhileServing } from './store/check-large-database.ts'
import { createSqliteRecordStore } from './store/sqlite-record-store.ts'

export interface StartRecordStoreOptions {
  readonly slug: DemoRegion
  /** The region's own service over its store. */
  readonly createService: (options: Omit<RecordServiceOptions, 'sdl' | 'recordResolvers'>) => RecordService
  readonly environment: Environment
}

/** A record store as a process: the demo's people where they are asked for, one line when it listens, SIGTERM ends it in order. Rejects with StartRefused. */
export async function startRecordStore({ slug, createService, environment }: StartRecordStoreOptions): Promise<void> {
  const settings = await loadStoreSettings(environment, slug)
  const {
    region,
    port,
    host,
    databaseFile,
    tokens,
    gatewayKeys,
    publishers,
    demoPeople,
    demoScale,
    traces,
    stop,
    requestLog,
  } = settings
  const log = createServiceLog()
  const store = createSqliteRecordStore({ region: region.code, file: databaseFile })
  const verifyToken = createTokenVerifier(tokens)
  const publishing = createPublishingThread({ region: region.code, file: databaseFile })
  const publish = createFhirEndpoint({ store, verifyToken, publishers, publishBundle: publishing.publishBundle })
  const metrics = createPrometheusMetrics({ store, process: true })
  const spans = await loadSpans(traces, `share2care-${slug}`, log)
  const service = createService({
    region,
    store,
    verifyToken,
    gatewayKeys,
    publish,
    metrics,
    log,
    logRequest: createRequestLogger(requestLog),
    spans,
  })
  const now = new Date()
  if (demoPeople) await publishPeople({ store, region: slug, now, publishers })
  if (demoScale > 0)
    await publishPopulation({
      store,
      region: slug,
      scale: demoScale,
      now,
      publishers,
      onProgress: logProgress(region.applicationName),
    })
  const listening = await service.listen({ port, host })
  // First: whoever reads the line may send the signal at once.
  const end = closeOnSignal(async (options) => {
    await listening.close(options)
    await publishing.close()
    store.close()
    await spans?.close()
  }, stop)
  const check = () => checkLargeDatabase(databaseFile)
  if (!store.isChecked)
    void checkWhileServing({ check, stop: end, report: (message) => process.stderr.write(`${message}\n`), log })
  process.stdout.write(`${slug} listens at ${listening.url}\n`)
}
