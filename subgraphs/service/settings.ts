import { join } from 'node:path'
import type { JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { loadKeySet } from '../../schema/key-set.ts'
import { ensureFolder } from '../../schema/process/load-file.ts'
import { anyPort, type Environment, fraction, loadSettings, setting, someText } from '../../schema/process/load-settings.ts'
import { type RequestLogSettings, requestLogSettings } from '../../schema/process/request-log-settings.ts'
import { type StopSettings, stopSettings } from '../../schema/process/stop-settings.ts'
import { loadPublisherList, type Publishers, publishersOf } from '../../schema/publishers.ts'
import { portOf, type RegionConfiguration } from '../../schema/regions.ts'
import { type TokenRules, tokenSettings, toTokenRules } from '../../schema/token-settings.ts'
import { type TraceSettings, toTraceSettings, traceSettings } from '../../schema/tracing/trace-settings.ts'
import { regionOf } from './region-of.ts'

export interface StoreSettings {
  readonly region: RegionConfiguration
  readonly port: number
  readonly host: string
  /** The region's database, in a folder that is there. */
  readonly databaseFile: string
  /** Which access tokens are accepted. */
  readonly tokens: TokenRules
  /** Keys of the gateways that may ask. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** The organisations that publish in the region. */
  readonly publishers: Publishers
  /** The demo's people are published at the start. Never in production. */
  readonly demoPeople: boolean
  /** How much of the programme's size the demo's population has; 0 is nobody. Always 0 in production. */
  readonly demoScale: number
  /** Null: no spans are recorded. */
  readonly traces: TraceSettings | null
  readonly stop: StopSettings
  readonly requestLog: RequestLogSettings
}

/** A record store's settings out of environment variables, files loaded; rejects with SettingsRejected, which names each that is wrong. */
export async function loadStoreSettings(environment: Environment, slug: string): Promise<StoreSettings> {
  const inProduction = environment.NODE_ENV === 'production'
  const transport = inProduction ? 'https' : 'any'
  const settings = await loadSettings(environment, {
    REGIONS: setting('the file of the list of regions', someText.optional(), (file) => regionOf(slug, file)),
    PUBLISHERS: setting('the file of the list of publishers', someText.optional(), loadPublisherList),
    PORT: setting('a port from 0 to 65535', anyPort.optional()),
    HOST: setting('an address to listen on', someText.default('127.0.0.1')),
    DATA_DIR: setting('a folder', someText.default('.data'), (folder) => ensureFolder(join(folder, slug))),
    ...tokenSettings({ transport }),
    GATEWAY_KEYS: setting("the file or https address of the gateways' JWK Set", someText, (location) => loadKeySet(location, { transport })),
    ...traceSettings,
    ...stopSettings,
    ...requestLogSettings,
    DEMO_PEOPLE: inProduction ? setting('no in production', z.literal('no').default('no')) : setting('yes or no', z.enum(['yes', 'no']).default('no')),
    DEMO_SCALE: inProduction ? setting('0 in production', z.literal('0').default('0').transform(Number)) : setting('a number from 0 to 1', fraction.default(0)),
  })
  // Of one region, so that both settings must be read first.
  const { PUBLISHERS: publishers } = await loadSettings({}, { PUBLISHERS: () => publishersOf(settings.PUBLISHERS, settings.REGIONS, environment.PUBLISHERS) })
  return {
    region: settings.REGIONS,
    port: settings.PORT ?? portOf(settings.REGIONS.url),
    host: settings.HOST,
    databaseFile: join(settings.DATA_DIR, 'records.sqlite'),
    tokens: toTokenRules(settings),
    gatewayKeys: settings.GATEWAY_KEYS,
    publishers,
    demoPeople: settings.DEMO_PEOPLE === 'yes',
    demoScale: settings.DEMO_SCALE,
    traces: toTraceSettings(settings),
    stop: { drainMs: settings.DRAIN_SECONDS * 1000, stopMs: settings.STOP_SECONDS * 1000 },
    requestLog: { level: settings.LOG_LEVEL, slowMs: settings.SLOW_MS },
  }
}
