import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DemoTokenOptions } from '../../gateway/demo/mint-token.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { grantAccess } from './grant-access.ts'
import { publishDensePatients } from './limits/dense-system.ts'
import type { Environment } from './run-program.ts'
import { createServiceProcesses } from './service-processes.ts'
import { numberOf } from './store/publications.ts'
import type { Slug } from './system.ts'

export interface DenseProcessesOptions {
  readonly patients: number
  /** How long regions have, in milliseconds. @default their own */
  readonly timeMs?: number
  /** Environment variables of the gateway. */
  readonly gateway?: Environment
}

/** A gateway and both stores as processes, over patients whose pages are full. */
export interface DenseProcesses extends AsyncDisposable {
  /** Where the gateway listens. */
  readonly url: string
  /** The gateway's process id, and the stores'. */
  readonly pids: readonly number[]
  readonly nhsNumbers: readonly string[]
  /** A consultant's, unless said otherwise. */
  token(options?: DemoTokenOptions): Promise<string>
}

export async function startDenseProcesses({
  patients,
  timeMs,
  gateway = {},
}: DenseProcessesOptions): Promise<DenseProcesses> {
  await using starting = new AsyncDisposableStack()
  const services = starting.use(await createServiceProcesses())
  for (const { slug, code } of services.regions) {
    const file = services.databaseFile(slug as Slug)
    mkdirSync(dirname(file), { recursive: true })
    const store = createSqliteRecordStore({ region: code, file })
    await publishDensePatients(grantAccess(store), slug as Slug, patients)
    store.close()
  }
  const environment: Record<string, string> = { ...gateway }
  if (timeMs !== undefined) {
    environment.REGIONS = join(services.folder, 'patient-regions.json')
    environment.REQUEST_DEADLINE_MS = String(timeMs + 5000)
    writeFileSync(environment.REGIONS, JSON.stringify(services.regions.map((region) => ({ ...region, timeMs }))))
  }
  const stores = await Promise.all(services.regions.map(({ slug }) => services.startStore(slug as Slug)))
  const running = [await services.startGateway(environment), ...stores]
  const kept = starting.move()
  return {
    url: services.gatewayUrl(),
    pids: running.flatMap(({ child }) => child.pid ?? []),
    nhsNumbers: Array.from({ length: patients }, (_, n) => numberOf(n)),
    token: services.token,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
