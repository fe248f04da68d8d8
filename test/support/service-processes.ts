import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoKeyFiles, ensureDemoKeys } from '../../gateway/demo/demo-keys.ts'
import { type DemoTokenOptions, demoAudience, demoIssuer, mintToken } from '../../gateway/demo/mint-token.ts'
import { loadPrivateKey } from '../../schema/private-key.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { Secrets } from '../../schema/secrets.ts'
import { holdPorts } from './hold-ports.ts'
import { type Environment, type RunningProgram, runProgram } from './run-program.ts'
import { loadTestRegions, type Slug } from './test-regions.ts'

/**
 * A gateway and a store for each region as processes, each started by its main, that a test may end, kill and start
 * again at the same addresses.
 */
export interface ServiceProcesses extends AsyncDisposable {
  readonly folder: string
  readonly keys: DemoKeyFiles
  readonly regions: readonly RegionConfiguration[]
  readonly auditFolder: string
  /** With which the trail is sealed. */
  readonly secrets: Secrets
  /** Where the gateway listens; that of another number is another gateway beside it. */
  gatewayUrl(number?: number): string
  storeUrl(slug: string): string
  databaseFile(slug: string): string
  /** A consultant's, unless said otherwise. */
  token(options?: DemoTokenOptions): Promise<string>
  /** Resolves when it listens. Whatever still runs ends with the test. */
  startGateway(environment?: Environment, number?: number): Promise<RunningProgram>
  startStore(slug: string, environment?: Environment): Promise<RunningProgram>
  /** A store with the demo's people. */
  startDemoStore(slug: Slug, environment?: Environment): Promise<RunningProgram>
}

const mostGateways = 2

export interface ServiceProcessesOptions {
  /** @default loadTestRegions() */
  readonly regions?: readonly RegionConfiguration[]
  /** For every process, as PUBLISHERS. */
  readonly environment?: Environment
}

export async function createServiceProcesses({
  regions: configured = loadTestRegions(),
  environment: common = {},
}: ServiceProcessesOptions = {}): Promise<ServiceProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'service-processes-'))
  const keys = await ensureDemoKeys(folder)
  // A gateway is told the stores' addresses before they start, and each process has its own again after a restart.
  const held = await holdPorts(mostGateways + configured.length)
  const { ports } = held
  const regions = configured.map((region, index) => ({
    ...region,
    url: `http://127.0.0.1:${ports[mostGateways + index]}`,
  }))
  const regionsFile = join(folder, 'regions.json')
  writeFileSync(regionsFile, JSON.stringify(regions))
  const auditFolder = join(folder, 'audit')
  // Compiled once: a start is mostly reading our own modules.
  const shared = {
    NODE_ENV: 'development',
    NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
    DATA_DIR: folder,
    REGIONS: regionsFile,
    TOKEN_ISSUER: demoIssuer,
    TOKEN_AUDIENCE: demoAudience,
    TOKEN_KEYS: keys.issuerKeySet,
  }
  const issuer = await loadPrivateKey(keys.issuerKey)
  const started: RunningProgram[] = []
  const start = async (program: string, args: readonly string[], environment: Environment) => {
    const process = runProgram(program, args, { ...shared, ...common, ...environment })
    started.push(process)
    await process.says(/listens at/)
    return process
  }
  const storeUrl = (slug: string) => regions.find((region) => region.slug === slug)?.url ?? ''
  return {
    folder,
    keys,
    regions,
    auditFolder,
    secrets: [readFileSync(keys.secret)],
    gatewayUrl: (number = 0) => `http://127.0.0.1:${ports[number]}`,
    storeUrl,
    databaseFile: (slug) => join(folder, slug, 'records.sqlite'),
    token: (options) => mintToken(issuer, options),
    startGateway: (environment = {}, number = 0) =>
      start('gateway/main.ts', [], {
        PORT: String(ports[number]),
        GATEWAY_KEY: keys.gatewayKey,
        GATEWAY_SECRET: keys.secret,
        AUDIT_DIR: auditFolder,
        AUDIT_WRITER: `gateway-${number}`,
        // One person asks for all.
        OPERATIONS_PER_MINUTE: '1000000',
        MAX_IN_FLIGHT_PER_PERSON: '1000000',
        ...environment,
      }),
    startStore: (slug, environment = {}) =>
      start('subgraphs/main.ts', [slug], { GATEWAY_KEYS: keys.gatewayKeySet, ...environment }),
    startDemoStore: (slug, environment = {}) =>
      start('subgraphs/demo/main.ts', [slug], {
        GATEWAY_KEYS: keys.gatewayKeySet,
        DEMO_PEOPLE: 'yes',
        ...environment,
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((process) => process[Symbol.asyncDispose]()))
      held[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
