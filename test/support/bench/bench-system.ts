import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mintToken } from '../../../gateway/demo/mint-token.ts'
import { loadPrivateKey } from '../../../schema/private-key.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { createSqliteRecordStore } from '../../../subgraphs/store/sqlite-record-store.ts'
import { holdPorts } from '../hold-ports.ts'
import { type RunningProgram, readAddress, runProgram } from '../run-program.ts'
import type { Slug } from '../system.ts'
import { loadTestRegions } from '../test-regions.ts'
import { createBenchEnvironment } from './bench-environment.ts'
import { createBenchFolder } from './bench-folder.ts'
import type { ModelStoresOptions } from './model-stores-process.ts'
import { nhsNumbers } from './nhs-numbers.ts'
import { publishBenchRecords } from './publish-bench-records.ts'

export interface BenchSystemOptions {
  /** Where keys, databases and the audit trail are, and stay. @default one that is removed at the end */
  readonly folder?: string
  readonly patients: number
  /** Model stores in place of the real ones. @default the real ones, as `npm start` starts them */
  readonly model?: ModelStoresOptions
  /** @default those of schema/ */
  readonly regions?: readonly RegionConfiguration[]
  /** The gateway's program. @default gateway/main.ts */
  readonly program?: string
  /** Where the gateway is to reach a store, by its address. @default there */
  readonly through?: (storeUrl: string) => Promise<string>
  /** For the gateway alone. */
  readonly gatewayVariables?: Readonly<Record<string, string>>
}

/** Stores and gateway, each a process that listens on a free port, over the bench's patients. */
export interface BenchSystem extends AsyncDisposable {
  readonly url: string
  readonly gateway: BenchProcess
  readonly numbers: readonly string[]
  /** A consultant's, at the organisation that the patients are referred to. */
  readonly token: string
  /** Environment variables that another process over the same stores needs. */
  readonly environment: Readonly<Record<string, string>>
}

export interface BenchProcess {
  readonly pid: number
  /** Where its inspector listens after SIGUSR1. */
  readonly inspectorPort: number
}

/** A region's time. The regions' own would make a busy machine's answers incomplete, and those are cheaper. */
const patientMs = 30_000

export async function startBenchSystem({
  folder: given,
  patients,
  model,
  regions: configured = loadTestRegions(),
  program = 'gateway/main.ts',
  through = async (url) => url,
  gatewayVariables = {},
}: BenchSystemOptions): Promise<BenchSystem> {
  await using closing = new AsyncDisposableStack()
  const folder = given ?? closing.use(createBenchFolder()).path
  const configuredRegions = configured.map((region) => ({ ...region, timeMs: patientMs }))
  const numbers = [...nhsNumbers(patients)]
  const { variables: environment, keys } = await createBenchEnvironment(folder, configuredRegions)
  if (!model) await fillDatabases(folder, configuredRegions, numbers)

  const start = (name: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    closing.use(runProgram(name, args, { ...environment, PORT: '0', ...more }))
  const models = model && start('test/support/bench/model-stores-process.ts', [JSON.stringify(model)])
  const regions = await Promise.all(
    configuredRegions.map(async (region) => ({
      ...region,
      url: models
        ? await readAddress(models, region.code)
        : await readAddress(start('subgraphs/main.ts', [region.slug])),
    })),
  )
  // Other processes over the same stores read it.
  writeFileSync(environment.REGIONS ?? '', JSON.stringify(regions))
  const reached = join(folder, 'regions-reached.json')
  writeFileSync(
    reached,
    JSON.stringify(await Promise.all(regions.map(async (region) => ({ ...region, url: await through(region.url) })))),
  )
  const inspector = closing.use(await holdPorts(1))
  const [inspectorPort = 0] = inspector.ports
  const gateway = start(program, [], {
    ...gatewayVariables,
    REGIONS: reached,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --inspect-port=${inspectorPort}`,
  })
  const url = await readAddress(gateway)
  const token = await mintToken(await loadPrivateKey(keys.issuerKey))
  const all = closing.move()
  return {
    url: `${url}/graphql`,
    gateway: { pid: pidOf(gateway), inspectorPort },
    numbers,
    token,
    environment,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

export function pidOf({ child }: RunningProgram): number {
  if (child.pid === undefined) throw new Error('Expected a process that runs, found one that did not start')
  return child.pid
}

async function fillDatabases(
  folder: string,
  regions: readonly RegionConfiguration[],
  numbers: readonly string[],
): Promise<void> {
  for (const [index, { code, slug }] of regions.entries()) {
    mkdirSync(join(folder, slug), { recursive: true })
    const store = createSqliteRecordStore({ region: code, file: join(folder, slug, 'records.sqlite') })
    try {
      await publishBenchRecords(store, numbers, { slug: slug as Slug, serial: index + 1 })
    } finally {
      store.close()
    }
  }
}
