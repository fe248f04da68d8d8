import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDemoKeys } from '../../../gateway/demo/demo-keys.ts'
import { demoAudience, demoIssuer, mintToken } from '../../../gateway/demo/mint-token.ts'
import { loadPrivateKey } from '../../../schema/private-key.ts'
import { loadRegions } from '../../../schema/regions.ts'
import { findFreePorts, type Running, run } from '../../start/support/run.ts'

/** Both stores with the demo's people, and a gateway in front of them that may be killed and started again, each a process as `npm start` has them. */
export interface KillableGateway extends AsyncDisposable {
  readonly auditFolder: string
  /** With which the trail is sealed. */
  readonly secret: Uint8Array
  readonly graphqlUrl: string
  /** A consultant's. */
  readonly token: string
  /** Resolves when it listens. */
  startGateway(): Promise<Running>
}

export async function startKillableGateway(): Promise<KillableGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'killed-gateway-'))
  const keys = await ensureDemoKeys(folder)
  const [port = 0, ...storePorts] = await findFreePorts(3)
  const regions = loadRegions().map((region, index) => ({ ...region, url: `http://127.0.0.1:${storePorts[index]}` }))
  const regionsFile = join(folder, 'regions.json')
  writeFileSync(regionsFile, JSON.stringify(regions))
  const auditFolder = join(folder, 'audit')
  const shared = { DATA_DIR: folder, REGIONS: regionsFile, TOKEN_ISSUER: demoIssuer, TOKEN_AUDIENCE: demoAudience, TOKEN_KEYS: keys.issuerKeySet }
  const stores = regions.map(({ slug }) => run(`subgraphs/${slug}/main.ts`, [], { ...shared, GATEWAY_KEYS: keys.gatewayKeySet, DEMO_PEOPLE: 'yes' }))
  await Promise.all(stores.map((store) => store.says(/listens at/)))
  return {
    auditFolder,
    secret: readFileSync(keys.secret),
    graphqlUrl: `http://127.0.0.1:${port}/graphql`,
    token: await mintToken(await loadPrivateKey(keys.issuerKey)),
    async startGateway() {
      const gateway = run('gateway/main.ts', [], {
        ...shared,
        PORT: String(port),
        GATEWAY_KEY: keys.gatewayKey,
        GATEWAY_SECRET: keys.secret,
        AUDIT_DIR: auditFolder,
        OPERATIONS_PER_MINUTE: '1000000',
      })
      await gateway.says(/listens at/)
      return gateway
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
