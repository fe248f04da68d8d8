import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { listen, PortTaken } from '../../schema/http/listen.ts'
import { loadRegions, type RegionConfiguration } from '../../schema/regions.ts'
import { type DemoKeyFiles, ensureDemoKeys } from './demo-keys.ts'
import { demoAudience, demoIssuer } from './mint-token.ts'
import { welcome } from './welcome.ts'

/** `npm start [-- --scale 0.01]`: both record stores with the demo's people, and the gateway, until a signal or until one of them ends. */
const { values } = parseArgs({ options: { scale: { type: 'string', default: '0.01' } } })
const dataDir = resolve(process.env.DATA_DIR ?? '.data')
const gatewayUrl = `http://127.0.0.1:${process.env.PORT ?? '4000'}`

if (process.env.NODE_ENV === 'production') fail('NODE_ENV: expected not production, for `npm start` runs the demo. Start gateway/main.ts and the stores by themselves.')
const regions = loadRegions(process.env.REGIONS)
for (const url of [gatewayUrl, ...regions.map((region) => region.url)]) await assertFree(url)
const keys = await ensureDemoKeys(dataDir)
const startedAt = performance.now()
const processes = [...regions.map((region) => startStore(region, keys)), startGateway(keys)]
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
for (const child of processes) child.once('exit', (code) => stop(code === 0 ? 0 : 1))
await Promise.all([...regions.map(({ url }) => ready(url)), ready(gatewayUrl)])
if (!stopping) process.stdout.write(welcome({ gatewayUrl, regions, seconds: (performance.now() - startedAt) / 1000 }))

function startStore({ slug, url }: RegionConfiguration, { issuerKeySet, gatewayKeySet }: DemoKeyFiles): ChildProcess {
  return start(`../../subgraphs/${slug}/main.ts`, { PORT: new URL(url).port, TOKEN_KEYS: issuerKeySet, GATEWAY_KEYS: gatewayKeySet, DEMO_PEOPLE: 'yes', DEMO_SCALE: values.scale })
}

function startGateway({ issuerKey, issuerKeySet, gatewayKey, secret }: DemoKeyFiles): ChildProcess {
  const settings = { PORT: new URL(gatewayUrl).port, TOKEN_KEYS: issuerKeySet, GATEWAY_KEY: gatewayKey, GATEWAY_SECRET: secret, DEMO_ISSUER_KEY: issuerKey }
  return start('../main.ts', settings)
}

function start(main: string, settings: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL(main, import.meta.url))], {
    env: { ...process.env, DATA_DIR: dataDir, TOKEN_ISSUER: demoIssuer, TOKEN_AUDIENCE: demoAudience, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Ends the start where another process has the port: its answers would be taken for ours. */
async function assertFree(url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  try {
    await (await listen((_, response) => response.end(), { host: hostname, port: Number(port) })).close()
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error
    fail(`${error.message}. Is the demo running already?`)
  }
}

/** However long the first start takes to make people: a process that cannot start ends, and so does the waiting. */
async function ready(url: string): Promise<void> {
  while (!stopping) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return
    await sleep(50)
  }
}

function stop(code: number): void {
  if (stopping) return
  stopping = true
  process.exitCode = code
  for (const child of processes) child.kill('SIGTERM')
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
