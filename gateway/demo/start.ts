import type { RegionConfiguration } from '../../schema/regions.ts'
import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { ensureDemoKeys } from './demo-keys.ts'
import {
  assertPortFree,
  type DemoOptions,
  type DemoProcess,
  describeExit,
  startGateway,
  startStore,
  toGatewayUrl,
  toLogFolder,
  toStoreCommand,
  waitUntilReady,
} from './demo-processes.ts'
import { loadDemoSettings } from './demo-settings.ts'

const usage = `Usage: npm start [-- --scale SCALE]

Starts the record stores with the demo's people, and the gateway, until Ctrl+C.
  --scale  how much of the programme's size the population has, 0 to 1; default DEMO_SCALE, or 0.01`

/**
 * `npm start`. If a process ends before all are ready, all end. If a store ends later, the gateway keeps answering
 * without it.
 */
if (import.meta.main) {
  await runMain(async () => {
    const { values } = parseCommand(
      { options: { scale: { type: 'string' }, help: { type: 'boolean', short: 'h' } } },
      usage,
    )
    if (values.help) console.log(usage)
    else await startDemo(values.scale === undefined ? process.env : { ...process.env, DEMO_SCALE: values.scale })
  })
}

async function startDemo(environment: DemoOptions['environment']): Promise<void> {
  const startedAt = performance.now()
  const settings = await loadDemoSettings(environment)
  const { regions } = settings
  for (const url of [toGatewayUrl(settings), ...regions.map((region) => region.url)]) await assertPortFree(url)
  const demo: DemoOptions = { settings, keys: await ensureDemoKeys(settings.dataDir), environment }

  const stores = regions.map((region) => ({ region, ...startStore(region, demo) }))
  const gateway = startGateway(demo)
  const processes = [...stores, gateway]
  let state: 'starting' | 'ready' | 'stopping' = 'starting'
  const stop = (exitCode: number) => {
    if (state === 'stopping') return
    state = 'stopping'
    process.exitCode = exitCode
    for (const { child } of processes) child.kill('SIGTERM')
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
  for (const { name, child } of processes) {
    child.once('exit', (code, signal) => {
      if (state === 'stopping') return
      const ending = `${name} ended (${describeExit(code, signal)})`
      const store = stores.find((one) => one.child === child)
      if (state === 'ready' && store) {
        process.stderr.write(
          `${ending}; the gateway answers without it. Start it again: ${toStoreCommand(store.region, settings, environment)}\n`,
        )
        return
      }
      process.stderr.write(
        `${ending}${state === 'starting' ? ' before all were ready' : ''}; the others end with it.\n`,
      )
      stop(1)
    })
  }

  const outcomes = await Promise.all(processes.map(waitUntilReady))
  if (state !== 'starting' || outcomes.includes('ended')) return
  state = 'ready'
  process.stdout.write(
    printWelcome({
      gateway,
      stores,
      logFolder: toLogFolder(settings),
      seconds: (performance.now() - startedAt) / 1000,
    }),
  )
}

export interface WelcomeOptions {
  readonly gateway: DemoProcess
  readonly stores: readonly (DemoProcess & { readonly region: RegionConfiguration })[]
  readonly logFolder: string
  /** Seconds from the start until all are ready. */
  readonly seconds: number
}

/** Prints where everything is, and a first query. */
export function printWelcome({ gateway, stores, logFolder, seconds }: WelcomeOptions): string {
  const line = (what: string, url: string, { child }: DemoProcess) =>
    `  ${what.padEnd(40)} ${url.padEnd(32)} pid ${child.pid}`
  return `
Share2Care Gateway is ready after ${seconds.toFixed(1)} s.

${line('GraphiQL, with a demo token in place', `${gateway.url}/graphql`, gateway)}
${line('Operations: latency, by region', `${gateway.url}/ops`, gateway)}
${line('Weekly utilisation report', `${gateway.url}/utilisation`, gateway)}
${stores.map((store) => line(`${store.name} (${store.region.name})`, store.url, store)).join('\n')}
  ${'Logs, a line a request'.padEnd(40)} ${logFolder}

A first query, from another terminal (npm run people lists whom to try):

  curl ${gateway.url}/graphql \\
    -H "authorization: Bearer $(npm run --silent token)" -H 'content-type: application/json' \\
    -d '{"query":"{ patient(nhsNumber: \\"9990000018\\") { demographics { name { full } } completeness { complete message } allergies { message nodes { substance { text } sources { region } } } } }"}'

A store that ends (kill its pid) does not end the others: the answers then say what is missing. Ctrl+C stops all.
`
}
