import type { BlockList } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { loadPrivateKey, type PrivateKey } from '../schema/private-key.ts'
import { loadRegions, type RegionConfiguration } from '../schema/regions.ts'
import { expectedSecretFile, loadSecrets, type Secrets } from '../schema/secrets.ts'
import {
  type Environment,
  InvalidSettings,
  loadSettings,
  nonBlankText,
  portNumber,
  setting,
  wholeNumber,
} from '../schema/service/load-settings.ts'
import { type Mode, modeSetting, toMode } from '../schema/service/mode.ts'
import { ensurePrivateFolder } from '../schema/service/private-files.ts'
import { type RequestLogSettings, requestLogSettings } from '../schema/service/request-log-settings.ts'
import { toServiceAddress } from '../schema/service/service-address.ts'
import { type ShutdownSettings, shutdownSettings } from '../schema/service/shutdown-settings.ts'
import { InvalidSetting } from '../schema/service/startup-error.ts'
import { type TraceSettings, toTraceSettings, traceSettings } from '../schema/service/trace-settings.ts'
import { type TokenRules, tokenSettings, toTokenRules } from '../schema/token-settings.ts'
import { createHeadWitness, type HeadWitness, witnessDescription } from './audit/head-witness.ts'
import { isWriterFolder } from './audit/inspect-trail-folder.ts'
import { isAccessWriterName } from './audit/trail-files.ts'
import { assertRegionTimes } from './regions/request-deadline.ts'
import type { Introspection } from './server/document-reader.ts'
import type { TrustedDocumentsMode } from './server/trusted-documents.ts'
import { expectedProxies, toTrustedProxies } from './server/trusted-proxies.ts'

export interface Configuration {
  readonly port: number
  readonly host: string
  readonly regions: readonly RegionConfiguration[]
  /** Which access tokens are accepted. */
  readonly tokens: TokenRules
  /** The key that signs the gateway's assertions to the stores. */
  readonly gatewayKey: PrivateKey
  /** Secrets of cursors, content urls and trail heads; the same for every gateway of one service. */
  readonly secrets: Secrets
  /** The audit trail's folder, and this process's name in it: stable across restarts, and used by no other process. */
  readonly auditFolder: string
  readonly auditWriter: string
  /** Records the trail's heads outside this machine's folder; null: nothing does. */
  readonly auditWitness: HeadWitness | null
  /** The gateway's own address, for content urls. Null, in development only: as the viewer reached it. */
  readonly publicUrl: string | null
  /** Proxies whose Forwarded headers are believed. */
  readonly trustedProxies: BlockList
  /** Whether unpublished operations are answered. */
  readonly trustedDocumentsMode: TrustedDocumentsMode
  /** Maximum bytes of cached replies and responses; 0 caches nothing. */
  readonly cacheBytes: number
  /** Milliseconds after which a request is answered from the replies so far. */
  readonly deadlineMs: number
  /** Whether clients may query the schema and GraphiQL is served; off in production by default. */
  readonly introspection: Introspection
  /** Origins of other sites whose pages may send requests. */
  readonly corsOrigins: readonly string[]
  /** Limit per person. */
  readonly operationsPerMinute: number
  /** Maximum concurrent operations. */
  readonly maxInFlight: number
  readonly maxInFlightPerPerson: number
  /** Which requests are logged, and which count as slow. */
  readonly requestLog: RequestLogSettings
  /** Null: traces are passed on but not recorded. */
  readonly traces: TraceSettings | null
  /** The demo issuer's key, with which GraphiQL opens with a token. Always null in production. */
  readonly demoIssuerKey: PrivateKey | null
  readonly stop: ShutdownSettings
}

/** The gateway's settings by name, as listed in gateway/deploy/settings.md. */
export const gatewaySettings = (
  mode: Mode,
  { DATA_DIR = '.data', AUDIT_DIR = join(DATA_DIR, 'audit') }: Environment,
) => ({
  NODE_ENV: modeSetting,
  PORT: setting('a port from 0 to 65535', portNumber.default(4000), {
    description: 'Port to listen on; 0 takes a free one.',
    example: '4000',
  }),
  HOST: setting('an address to listen on', nonBlankText.default('127.0.0.1'), {
    description: 'Address to listen on; TLS ends at the proxy before it.',
    example: '10.0.0.5',
  }),
  REGIONS: setting(
    'the file of the list of regions',
    nonBlankText.optional(),
    {
      description: 'File of the list of regions: their addresses, https unless on this machine, and times.',
      example: '/etc/share2care/regions.json',
      fallback: '`schema/regions.json`',
    },
    (file) => loadRegions(file, mode),
  ),
  ...tokenSettings(mode),
  GATEWAY_KEY: setting(
    "the file of the gateway's private Ed25519 key",
    nonBlankText,
    {
      description:
        "File of the private key that signs the gateway's assertions to the stores; `npm run keys` makes it.",
      example: '/var/lib/share2care/keys/gateway.jwk.json',
    },
    loadPrivateKey,
  ),
  GATEWAY_SECRET: setting(
    `${expectedSecretFile}, or several with commas between them`,
    nonBlankText,
    {
      description:
        'Files of the secrets that authenticate cursors, content urls and the heads of the audit trail, separated by commas: the first signs, all verify.',
      example: '/var/lib/share2care/keys/gateway-secret.2,/var/lib/share2care/keys/gateway-secret',
    },
    loadSecrets,
  ),
  AUDIT_DIR: setting(
    'the folder of the audit trail',
    mode === 'production' ? nonBlankText : nonBlankText.default(AUDIT_DIR),
    { description: 'Folder of the audit trail.', example: '/var/lib/share2care/audit' },
    ensureAuditFolder,
  ),
  AUDIT_WRITER: setting(
    'a name of up to 40 of a to z, 0 to 9 and -, not register or retention',
    z.string().refine(isAccessWriterName).default('gateway'),
    {
      description: "This process's name in the audit trail: stable across restarts, and used by no other process.",
      example: 'gateway-1',
    },
  ),
  AUDIT_WITNESS: setting(
    witnessDescription,
    nonBlankText.optional(),
    {
      description:
        "File outside of AUDIT_DIR, or address (https unless on this machine), that receives the last sequence and hash of this process's audit trail each minute and at the end.",
      example: '/mnt/elsewhere/gateway-1.jsonl',
      fallback: 'none',
    },
    (target) => (target === undefined ? null : createHeadWitness(target, AUDIT_DIR)),
  ),
  PUBLIC_URL: setting(
    expectedPublicUrl,
    mode === 'production' ? nonBlankText : nonBlankText.nullable().default(null),
    {
      description: "The gateway's address as viewers reach it, for content urls; https unless on this machine.",
      example: 'https://gateway.example.nhs.uk',
    },
    (text) => (text === null ? null : toServiceAddress(text, mode, expectedPublicUrl)),
  ),
  TRUSTED_PROXIES: setting(
    expectedProxies,
    nonBlankText.optional(),
    {
      description:
        'Addresses and networks of proxies whose `Forwarded` or `X-Forwarded-*` headers tell how viewers reached the gateway, if PUBLIC_URL is unset; the headers of all others are ignored.',
      example: '127.0.0.1,10.20.0.0/16',
      fallback: 'none',
    },
    toTrustedProxies,
  ),
  OPERATIONS: setting('any, log or only (published ones)', z.enum(['any', 'log', 'only']).default('any'), {
    description:
      'Whether unpublished operations (not in schema/operations) are answered (`any`), answered and logged (`log`), or refused (`only`).',
    example: 'only',
  }),
  CACHE_MEGABYTES: setting(
    'a number of megabytes to 65536, 0 for no cache',
    wholeNumber.pipe(z.number().max(65_536)).default(128),
    {
      description: 'Megabytes of cached replies and responses; 0 caches nothing.',
      example: '16',
    },
  ),
  REQUEST_DEADLINE_MS: setting(
    'a number of milliseconds from 100 to 120000',
    wholeNumber.pipe(z.number().min(100).max(120_000)).default(3000),
    {
      description:
        "Milliseconds after which a request is answered from the replies so far; more than every region's `timeMs`.",
      example: '5000',
    },
  ),
  INTROSPECTION: setting('on or off', z.enum(['on', 'off']).default(mode === 'production' ? 'off' : 'on'), {
    description: 'Whether clients may query the schema and GraphiQL is served; on in development.',
    example: 'on',
  }),
  CORS_ORIGINS: setting(
    expectedOrigins,
    nonBlankText.optional(),
    {
      description: 'Origins of other sites whose pages may send requests, separated by commas.',
      example: 'https://viewer.example.nhs.uk',
      fallback: 'none',
    },
    toOrigins,
  ),
  OPERATIONS_PER_MINUTE: setting('a number of operations, from 1', wholeNumber.pipe(z.number().min(1)).default(600), {
    description: 'Maximum operations and documents of one person per minute; more are refused with 429.',
    example: '300',
  }),
  MAX_IN_FLIGHT: setting('a number of operations at a time, from 1', wholeNumber.pipe(z.number().min(1)).default(256), {
    description: 'Maximum concurrent operations, and separately documents; more are refused with 503.',
    example: '128',
  }),
  MAX_IN_FLIGHT_PER_PERSON: setting(
    'a number of operations at a time, from 1',
    wholeNumber.pipe(z.number().min(1)).default(24),
    {
      description: 'Maximum concurrent operations of one person; more are refused with 429.',
      example: '12',
    },
  ),
  ...requestLogSettings,
  ...traceSettings(mode),
  ...shutdownSettings,
  DEMO_ISSUER_KEY:
    mode === 'production'
      ? setting(
          'none in production',
          z.undefined().transform(() => null),
          demoIssuerKeyDocumentation,
        )
      : setting(
          "the file of the demo issuer's private key",
          nonBlankText.optional(),
          demoIssuerKeyDocumentation,
          (file) => (file === undefined ? null : loadPrivateKey(file)),
        ),
})

const expectedPublicUrl = "the gateway's own http or https address"
const expectedOrigins = 'origins, as https://viewer.nhs.uk, with commas between them'
const demoIssuerKeyDocumentation = {
  description: "File of the demo issuer's private key, with which GraphiQL signs its tokens; refused in production.",
  example: '.data/keys/issuer.jwk.json',
  fallback: 'none',
}

/**
 * Reads the gateway's settings and their files. Rejects with InvalidSettings, which names each invalid or unsafe one.
 */
export async function loadConfiguration(environment: Environment): Promise<Configuration> {
  const settings = await loadSettings(environment, gatewaySettings(toMode(environment), environment))
  try {
    assertRegionTimes(settings.REGIONS, settings.REQUEST_DEADLINE_MS)
  } catch (error) {
    throw error instanceof InvalidSetting ? new InvalidSettings({ REQUEST_DEADLINE_MS: error }) : error
  }
  return {
    port: settings.PORT,
    host: settings.HOST,
    regions: settings.REGIONS,
    tokens: toTokenRules(settings),
    gatewayKey: settings.GATEWAY_KEY,
    secrets: settings.GATEWAY_SECRET,
    auditFolder: settings.AUDIT_DIR,
    auditWriter: settings.AUDIT_WRITER,
    auditWitness: settings.AUDIT_WITNESS,
    publicUrl: settings.PUBLIC_URL,
    trustedProxies: settings.TRUSTED_PROXIES,
    trustedDocumentsMode: settings.OPERATIONS,
    cacheBytes: settings.CACHE_MEGABYTES * 1024 * 1024,
    deadlineMs: settings.REQUEST_DEADLINE_MS,
    introspection: settings.INTROSPECTION,
    corsOrigins: settings.CORS_ORIGINS,
    operationsPerMinute: settings.OPERATIONS_PER_MINUTE,
    maxInFlight: settings.MAX_IN_FLIGHT,
    maxInFlightPerPerson: settings.MAX_IN_FLIGHT_PER_PERSON,
    requestLog: { level: settings.LOG_LEVEL, slowMs: settings.SLOW_MS },
    traces: toTraceSettings(settings),
    demoIssuerKey: settings.DEMO_ISSUER_KEY,
    stop: { drainMs: settings.DRAIN_SECONDS * 1000, stopMs: settings.STOP_SECONDS * 1000 },
  }
}

function ensureAuditFolder(folder: string): string {
  return ensurePrivateFolder(folder, (name) => isWriterFolder(folder, name))
}

function toOrigins(text = ''): readonly string[] {
  const listed = text.split(',').filter((one) => one !== '')
  const wrong = listed.find((one) => URL.parse(one)?.origin !== one)
  if (wrong !== undefined) throw new InvalidSetting(expectedOrigins, JSON.stringify(wrong))
  return listed
}
