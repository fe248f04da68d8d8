import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DemoKeyFiles, ensureDemoKeys } from '../../../gateway/demo/demo-keys.ts'
import { demoAudience, demoIssuer } from '../../../gateway/demo/mint-token.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'

/** What the bench's processes are started with, and the keys behind it. */
export interface BenchEnvironment {
  readonly variables: Readonly<Record<string, string>>
  readonly keys: DemoKeyFiles
}

/**
 * Keys and the list of regions in a folder, made if need be, and the environment variables that lead gateway and stores
 * to them.
 */
export async function createBenchEnvironment(
  folder: string,
  regions: readonly RegionConfiguration[],
): Promise<BenchEnvironment> {
  const keys = await ensureDemoKeys(folder)
  const regionsFile = join(folder, 'regions.json')
  writeFileSync(regionsFile, JSON.stringify(regions))
  const { NODE_ENV = 'development', CACHE_MEGABYTES, LOG_LEVEL = 'warn' } = process.env
  const ofMalloc = Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('MALLOC_') && value !== undefined ? [[name, value] as const] : [],
  )
  const variables = {
    // As the peers' run sets it, or as `npm start`.
    NODE_ENV,
    // Which production requires.
    PUBLIC_URL: 'http://127.0.0.1',
    ...(CACHE_MEGABYTES === undefined ? {} : { CACHE_MEGABYTES }),
    ...Object.fromEntries(ofMalloc),
    // A bench keeps all that its processes say.
    LOG_LEVEL,
    DATA_DIR: folder,
    REGIONS: regionsFile,
    TOKEN_ISSUER: demoIssuer,
    TOKEN_AUDIENCE: demoAudience,
    TOKEN_KEYS: keys.issuerKeySet,
    GATEWAY_KEYS: keys.gatewayKeySet,
    GATEWAY_KEY: keys.gatewayKey,
    GATEWAY_SECRET: keys.secret,
    AUDIT_DIR: join(folder, 'audit'),
    REQUEST_DEADLINE_MS: String(2 * Math.max(1500, ...regions.map(({ timeMs }) => timeMs))),
    // One viewer asks for all.
    OPERATIONS_PER_MINUTE: '100000000',
    MAX_IN_FLIGHT_PER_PERSON: '100000000',
  }
  return { variables, keys }
}
