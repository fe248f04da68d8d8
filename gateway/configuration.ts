import { join } from 'node:path'
import type { JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { loadKeySet } from '../schema/key-set.ts'
import { loadPrivateKey, type PrivateKey } from '../schema/private-key.ts'
import { loadFile } from '../schema/process/load-file.ts'
import { anyPort, type Environment, loadSettings, SettingsRejected, setting, someText, wholeNumber } from '../schema/process/load-settings.ts'
import { type RequestLogSettings, requestLogSettings } from '../schema/process/request-log-settings.ts'
import { Unfit } from '../schema/process/start-refused.ts'
import { type StopSettings, stopSettings } from '../schema/process/stop-settings.ts'
import { loadRegions, type RegionConfiguration } from '../schema/regions.ts'
import { type TraceSettings, toTraceSettings, traceSettings } from '../schema/tracing/trace-settings.ts'
import { createHeadWitness, type HeadWitness, witnessForm } from './audit/head-witness.ts'
import { isFreeWriterName } from './audit/trail-files.ts'
import type { AdmittedOperations } from './http/admission.ts'
import type { Introspection } from './limits/document-reader.ts'
import { assertRegionTimes } from './regions/assert-region-times.ts'

export interface Configuration {
  readonly port: number
  readonly host: string
  readonly regions: readonly RegionConfiguration[]
  /** `iss` and `aud` of the viewers' access tokens, and their issuer's keys. */
  readonly tokenIssuer: string
  readonly tokenAudience: string
  readonly tokenKeys: JWTVerifyGetKey
  /** The key of the gateway's assertions to the stores. */
  readonly gatewayKey: PrivateKey
  /** At least 32 random bytes, the same for every gateway of one service. */
  readonly secret: Uint8Array
  /** Where the audit trail is kept, and this process's name in it: the same after a restart, and no other process's. */
  readonly auditFolder: string
  readonly auditWriter: string
  /** Who keeps the heads of the trail elsewhere; null: nobody. */
  readonly auditWitness: HeadWitness | null
  /** The gateway's own address, for content urls; null: as the viewer reached it. */
  readonly publicUrl: string | null
  /** Whether operations that are not published are answered. */
  readonly admittedOperations: AdmittedOperations
  /** What regions' replies may take in the cache; 0: none is kept. */
  readonly cacheBytes: number
  /** How long a request may take before it is answered with what has come. */
  readonly deadlineMs: number
  /** Whether the schema may be asked for, and GraphiQL is there; off in production unless set. */
  readonly introspection: Introspection
  /** Origins of other sites whose pages may ask. */
  readonly corsOrigins: readonly string[]
  /** Of one person. */
  readonly operationsPerMinute: number
  /** Operations that may be done at a time. */
  readonly maxInFlight: number
  /** Which requests are logged, and which of them are slow. */
  readonly requestLog: RequestLogSettings
  /** Null: traces are passed on and not recorded. */
  readonly traces: TraceSettings | null
  /** The demo issuer's key: GraphiQL opens with a token in place. Always null in production. */
  readonly demoIssuerKey: PrivateKey | null
  readonly stop: StopSettings
}

const leastSecretBytes = 32

/** The gateway's settings out of environment variables, files loaded; rejects with SettingsRejected, which names each that is wrong or unsafe. */
export async function loadConfiguration(environment: Environment): Promise<Configuration> {
  const inProduction = environment.NODE_ENV === 'production'
  const settings = await loadSettings(environment, {
    PORT: setting('a port from 0 to 65535', anyPort.default(4000)),
    HOST: setting('an address to listen on', someText.default('127.0.0.1')),
    REGIONS: setting('the file of the list of regions', someText.optional(), loadRegions),
    TOKEN_ISSUER: setting("the `iss` of viewers' access tokens", someText),
    TOKEN_AUDIENCE: setting("the `aud` of viewers' access tokens", someText),
    TOKEN_KEYS: setting("the file or https address of the token issuer's JWK Set", someText, (location) => loadKeySet(location, { transport: inProduction ? 'https' : 'any' })),
    GATEWAY_KEY: setting("the file of the gateway's private Ed25519 key", someText, loadPrivateKey),
    GATEWAY_SECRET: setting('a file of at least 32 random bytes', someText, loadSecret),
    AUDIT_DIR: setting('the folder of the audit trail', inProduction ? someText : someText.default(join(environment.DATA_DIR ?? '.data', 'audit'))),
    AUDIT_WRITER: setting('a name of up to 40 of a to z, 0 to 9 and -, not register or retention', z.string().refine(isFreeWriterName).default('gateway')),
    AUDIT_WITNESS: setting(witnessForm, someText.optional(), (place) =>
      place === undefined ? null : createHeadWitness(place, environment.AUDIT_DIR ?? join(environment.DATA_DIR ?? '.data', 'audit')),
    ),
    PUBLIC_URL: setting(
      "the gateway's own http or https address",
      z
        .url({ protocol: /^https?$/ })
        .nullable()
        .default(null),
    ),
    OPERATIONS: setting('any, log or only (published ones)', z.enum(['any', 'log', 'only']).default('any')),
    CACHE_MEGABYTES: setting('a number of megabytes, 0 for no cache', z.coerce.number().int().min(0).max(65_536).default(128)),
    REQUEST_DEADLINE_MS: setting('a number of milliseconds from 100 to 120000', wholeNumber.pipe(z.number().min(100).max(120_000)).default(3000)),
    INTROSPECTION: setting('on or off', z.enum(['on', 'off']).default(inProduction ? 'off' : 'on')),
    CORS_ORIGINS: setting('origins, as https://viewer.nhs.uk, with commas between them', someText.optional(), toOrigins),
    OPERATIONS_PER_MINUTE: setting('a number of operations, from 1', wholeNumber.pipe(z.number().min(1)).default(600)),
    MAX_IN_FLIGHT: setting('a number of operations at a time, from 1', wholeNumber.pipe(z.number().min(1)).default(256)),
    ...requestLogSettings,
    ...traceSettings,
    ...stopSettings,
    DEMO_ISSUER_KEY: inProduction
      ? setting(
          'none in production',
          z.undefined().transform(() => null),
        )
      : setting("the file of the demo issuer's private key", someText.optional(), (file) => (file === undefined ? null : loadPrivateKey(file))),
  })
  try {
    assertRegionTimes(settings.REGIONS, settings.REQUEST_DEADLINE_MS)
  } catch (error) {
    throw error instanceof Unfit ? new SettingsRejected({ REQUEST_DEADLINE_MS: error }) : error
  }
  return {
    port: settings.PORT,
    host: settings.HOST,
    regions: settings.REGIONS,
    tokenIssuer: settings.TOKEN_ISSUER,
    tokenAudience: settings.TOKEN_AUDIENCE,
    tokenKeys: settings.TOKEN_KEYS,
    gatewayKey: settings.GATEWAY_KEY,
    secret: settings.GATEWAY_SECRET,
    auditFolder: settings.AUDIT_DIR,
    auditWriter: settings.AUDIT_WRITER,
    auditWitness: settings.AUDIT_WITNESS,
    publicUrl: settings.PUBLIC_URL,
    admittedOperations: settings.OPERATIONS,
    cacheBytes: settings.CACHE_MEGABYTES * 1024 * 1024,
    deadlineMs: settings.REQUEST_DEADLINE_MS,
    introspection: settings.INTROSPECTION,
    corsOrigins: settings.CORS_ORIGINS,
    operationsPerMinute: settings.OPERATIONS_PER_MINUTE,
    maxInFlight: settings.MAX_IN_FLIGHT,
    requestLog: { level: settings.LOG_LEVEL, slowMs: settings.SLOW_MS },
    traces: toTraceSettings(settings),
    demoIssuerKey: settings.DEMO_ISSUER_KEY,
    stop: { drainMs: settings.DRAIN_SECONDS * 1000, stopMs: settings.STOP_SECONDS * 1000 },
  }
}

function loadSecret(file: string): Uint8Array {
  const expected = `a file of at least ${leastSecretBytes} random bytes`
  const secret = loadFile(file, expected)
  if (secret.byteLength < leastSecretBytes) throw new Unfit(expected, `${secret.byteLength} in ${file}`)
  return secret
}

function toOrigins(text = ''): readonly string[] {
  const origins = text.split(',').filter((one) => one !== '')
  const wrong = origins.find((one) => URL.parse(one)?.origin !== one)
  if (wrong !== undefined) throw new Unfit('origins, as https://viewer.nhs.uk, with commas between them', JSON.stringify(wrong))
  return origins
}
