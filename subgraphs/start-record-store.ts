import { createTokenVerifier } from '../schema/access-token.ts'
import { listAddedOrganisations } from '../schema/organisations.ts'
import { closeOnSignal } from '../schema/service/close-on-signal.ts'
import type { Environment } from '../schema/service/load-settings.ts'
import { loadSpans } from '../schema/service/load-spans.ts'
import { createServiceLog } from '../schema/service/service-log.ts'
import { createFhirEndpoint } from './publishing/fhir-endpoint.ts'
import { createPublishingThread } from './publishing/publishing-thread.ts'
import { createPrometheusMetrics } from './service/prometheus-metrics.ts'
import { createRecordService } from './service/record-service.ts'
import { createRequestLogger } from './service/request-logger.ts'
import { loadStoreSettings, type StoreSettings } from './service/store-settings.ts'
import { checkLargeDatabase, checkWhileServing } from './store/check-large-database.ts'
import type { RecordStore } from './store/record-store.ts'
import { createSqliteRecordStore } from './store/sqlite-record-store.ts'

export interface StartRecordStoreOptions {
  /** Of a region of the list that REGIONS names. */
  readonly slug: string
  readonly environment: Environment
  /** Fills the store before it listens, as the demo does. @default the store starts with its database's content */
  readonly seed?: (store: RecordStore, settings: StoreSettings) => Promise<void>
}

/**
 * Starts a region's record store as a process. It prints one line when it listens; SIGTERM shuts it down. Rejects with
 * StartupError.
 */
export async function startRecordStore({ slug, environment, seed }: StartRecordStoreOptions): Promise<void> {
  const settings = await loadStoreSettings(environment, slug)
  const { region, port, host, databaseFile, tokens, gatewayKeys, publishers, traces, stop, requestLog } = settings
  const log = createServiceLog()
  const store = createSqliteRecordStore({ region: region.code, file: databaseFile })
  const verifyToken = createTokenVerifier(tokens)
  const publishing = createPublishingThread({
    region: region.code,
    file: databaseFile,
    addedOrganisations: listAddedOrganisations(),
  })
  const publish = createFhirEndpoint({ store, verifyToken, publishers, publishBundle: publishing.publishBundle })
  const metrics = createPrometheusMetrics({ store, process: true })
  const spans = await loadSpans(traces, `share2care-${slug}`, log)
  const service = createRecordService({
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
  await seed?.(store, settings)
  const listening = await service.listen({ port, host })
  // Signals are handled before the line is printed, because its reader may send one at once.
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
