import { join } from 'node:path'
import type { JWTVerifyGetKey } from 'jose'
import { loadKeySet } from '../../schema/key-set.ts'
import { loadPublisherList, type Publishers, toPublishers } from '../../schema/publishers.ts'
import { loadRegions, portOf, type RegionConfiguration } from '../../schema/regions.ts'
import {
  type Environment,
  loadSettings,
  nonBlankText,
  portNumber,
  setting,
} from '../../schema/service/load-settings.ts'
import { type Mode, modeSetting, toMode } from '../../schema/service/mode.ts'
import { ensureDataFolder, ensureFolder } from '../../schema/service/private-files.ts'
import { type RequestLogSettings, requestLogSettings } from '../../schema/service/request-log-settings.ts'
import { type ShutdownSettings, shutdownSettings } from '../../schema/service/shutdown-settings.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'
import { type TraceSettings, toTraceSettings, traceSettings } from '../../schema/service/trace-settings.ts'
import { type TokenRules, tokenSettings, toTokenRules } from '../../schema/token-settings.ts'

export interface StoreSettings {
  readonly region: RegionConfiguration
  readonly port: number
  readonly host: string
  /** Path of the region's database, in an existing folder. */
  readonly databaseFile: string
  /** Which access tokens are accepted. */
  readonly tokens: TokenRules
  /** Public keys of the trusted gateways. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** The organisations that publish in the region. */
  readonly publishers: Publishers
  /** Null if no spans are recorded. */
  readonly traces: TraceSettings | null
  readonly stop: ShutdownSettings
  readonly requestLog: RequestLogSettings
}

/** A record store's settings by name; gateway/deploy/settings.md lists them. */
export const storeSettings = (mode: Mode, slug: string) => ({
  NODE_ENV: modeSetting,
  REGIONS: setting(
    'the file of the list of regions',
    nonBlankText.optional(),
    {
      description: "File of the list of regions; the region's own url gives the default port.",
      example: '/etc/share2care/regions.json',
      fallback: '`schema/regions.json`',
    },
    (file) => loadRegion(slug, file),
  ),
  PUBLISHERS: publishersSetting,
  PORT: setting('a port from 0 to 65535', portNumber.optional(), {
    description: 'Port to listen on; 0 takes a free one.',
    example: '4101',
    fallback: "that of the region's url in REGIONS",
  }),
  HOST: setting('an address to listen on', nonBlankText.default('127.0.0.1'), {
    description: 'Address to listen on; TLS ends at the proxy before it.',
    example: '10.0.0.6',
  }),
  DATA_DIR: setting(
    'a folder',
    nonBlankText.default('.data'),
    {
      description: 'Folder of the database, in a folder of the region; closed to other users (0700, its files 0600).',
      example: '/var/lib/share2care',
    },
    (folder) => ensureFolder(join(ensureDataFolder(folder), slug)),
  ),
  ...tokenSettings(mode),
  GATEWAY_KEYS: setting(
    "the file or https address of the gateways' JWK Set",
    nonBlankText,
    {
      description: 'File or https address of the JWK Set of the gateways that may ask; `npm run keys` makes it.',
      example: '/var/lib/share2care/keys/gateway.jwks.json',
    },
    (location) => loadKeySet(location, { transport: toTransport(mode) }),
  ),
  ...traceSettings(mode),
  ...shutdownSettings,
  ...requestLogSettings,
})

const publishersSetting = setting(
  'the file of the list of publishers',
  nonBlankText.optional(),
  {
    description:
      'File of the organisations that publish in each region, and for whom; a token of any other publishes nothing.',
    example: '/etc/share2care/publishers.json',
    fallback: '`schema/publishers.json`',
  },
  loadPublisherList,
)
const toTransport = (mode: Mode) => (mode === 'production' ? 'https' : 'any')

/** Loads a record store's settings from environment variables. Rejects with InvalidSettings, which names each fault. */
export async function loadStoreSettings(environment: Environment, slug: string): Promise<StoreSettings> {
  const settings = await loadSettings(environment, storeSettings(toMode(environment), slug))
  // The list of publishers is checked against the region, so the region is loaded first.
  const { PUBLISHERS: publishers } = await loadSettings(
    {},
    {
      PUBLISHERS: {
        ...publishersSetting,
        read: () => toPublishers(settings.PUBLISHERS, settings.REGIONS, environment.PUBLISHERS),
      },
    },
  )
  return {
    region: settings.REGIONS,
    port: settings.PORT ?? portOf(settings.REGIONS.url),
    host: settings.HOST,
    databaseFile: join(settings.DATA_DIR, 'records.sqlite'),
    tokens: toTokenRules(settings),
    gatewayKeys: settings.GATEWAY_KEYS,
    publishers,
    traces: toTraceSettings(settings),
    stop: { drainMs: settings.DRAIN_SECONDS * 1000, stopMs: settings.STOP_SECONDS * 1000 },
    requestLog: { level: settings.LOG_LEVEL, slowMs: settings.SLOW_MS },
  }
}

/** Loads a region by its slug from a list of regions, by default ours. Throws InvalidSetting if it is not listed. */
export function loadRegion(slug: string, file?: string): RegionConfiguration {
  const regions = loadRegions(file)
  const region = regions.find((one) => one.slug === slug)
  if (!region)
    throw new InvalidSetting(`a list of regions with the slug ${slug}`, regions.map((one) => one.slug).join(', '))
  return region
}
