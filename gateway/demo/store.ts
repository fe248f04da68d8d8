import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { UsageError } from '../../schema/service/startup-error.ts'
import { ensureDemoKeys } from './demo-keys.ts'
import { assertPortFree, type DemoOptions, describeExit, startStore, waitUntilReady } from './demo-processes.ts'
import { loadDemoSettings } from './demo-settings.ts'

const usage = `Usage: npm run store -- SLUG [--scale SCALE]

Starts one record store alone, with the settings that npm start gives it, until Ctrl+C.
  SLUG     a region's slug in the list of regions, as lancashire-south-cumbria
  --scale  how much of the programme's size the population has, 0 to 1; default DEMO_SCALE, or 0.01`

/** `npm run store`. Exits when the store exits. */
if (import.meta.main) {
  await runMain(async () => {
    const options = { scale: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseCommand({ options, allowPositionals: true }, usage)
    if (values.help) console.log(usage)
    else
      await startOne(
        positionals,
        values.scale === undefined ? process.env : { ...process.env, DEMO_SCALE: values.scale },
      )
  })
}

async function startOne([slug, ...more]: readonly string[], environment: DemoOptions['environment']): Promise<void> {
  const settings = await loadDemoSettings(environment)
  const region = settings.regions.find((one) => one.slug === slug)
  if (!region || more.length > 0) {
    const found = [...(slug === undefined ? [] : [slug]), ...more].join(' ')
    throw new UsageError(
      `SLUG: expected one of ${settings.regions.map((one) => one.slug).join(', ')}, found ${found || 'nothing'}`,
      usage,
    )
  }
  await assertPortFree(region.url)
  const store = startStore(region, { settings, keys: await ensureDemoKeys(settings.dataDir), environment })
  const { name, url, child } = store
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'))
  child.once('exit', (code, signal) => {
    process.stderr.write(`${name} ended (${describeExit(code, signal)}).\n`)
    process.exitCode = code ?? 1
  })
  if ((await waitUntilReady(store)) === 'ready')
    process.stdout.write(`${name} (${region.name}) is ready at ${url}, pid ${child.pid}. Ctrl+C stops it.\n`)
}
