import { parseCommand } from '../../schema/process/parse-command.ts'
import { runMain } from '../../schema/process/run-main.ts'
import { ensureDemoKeys } from './demo-keys.ts'
import { assertFree, type Demo, gatewayUrlOf, logFolderOf, startGateway, startStore, toEnding, toStoreCommand, untilReady } from './demo-processes.ts'
import { loadDemoSettings } from './demo-settings.ts'
import { welcome } from './welcome.ts'

const usage = `Usage: npm start [-- --scale SCALE]

Starts the record stores with the demo's people, and the gateway, until Ctrl+C.
  --scale  how much of the programme's size the population has, 0 to 1; default DEMO_SCALE, or 0.01`

/**
 * `npm start`. A process that ends before all are ready ends the start; a store that ends later does not, for the gateway answers without it.
 */
if (import.meta.main) {
  await runMain(async () => {
    const { values } = parseCommand({ options: { scale: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }, usage)
    if (values.help) console.log(usage)
    else await startDemo(values.scale === undefined ? process.env : { ...process.env, DEMO_SCALE: values.scale })
  })
}

async function startDemo(environment: Demo['environment']): Promise<void> {
  const startedAt = performance.now()
  const settings = await loadDemoSettings(environment)
  const { regions } = settings
  for (const url of [gatewayUrlOf(settings), ...regions.map((region) => region.url)]) await assertFree(url)
  const demo: Demo = { settings, keys: await ensureDemoKeys(settings.dataDir), environment }

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
      const ending = `${name} ended (${toEnding(code, signal)})`
      const store = stores.find((one) => one.child === child)
      if (state === 'ready' && store) {
        process.stderr.write(`${ending}; the gateway answers without it. Start it again: ${toStoreCommand(store.region, settings, environment)}\n`)
        return
      }
      process.stderr.write(`${ending}${state === 'starting' ? ' before all were ready' : ''}; the others end with it.\n`)
      stop(1)
    })
  }

  const outcomes = await Promise.all(processes.map(untilReady))
  if (state !== 'starting' || outcomes.includes('ended')) return
  state = 'ready'
  process.stdout.write(welcome({ gateway, stores, logFolder: logFolderOf(settings), seconds: (performance.now() - startedAt) / 1000 }))
}
