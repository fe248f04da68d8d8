import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { mintToken } from '../../gateway/demo/mint-token.ts'
import { runInSlices, runToCompletion } from '../../gateway/utilisation/cooperative-task.ts'
import { countPublished } from '../../gateway/utilisation/count-published.ts'
import { loadPrivateKey } from '../../schema/private-key.ts'
import { createBundlePublisher } from '../../subgraphs/publishing/publish-bundle.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { createBenchEnvironment } from '../support/bench/bench-environment.ts'
import { createBenchFolder } from '../support/bench/bench-folder.ts'
import { describeMachine } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { hostileBundles } from '../support/publishing/hostile-bundles.ts'
import { readAddress, runProgram } from '../support/run-program.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const publisher = { odsCode: 'RBL', name: null }
const attribution = {
  source: publisher,
  by: { publisher: 'RBL', actsFor: [], via: 'http', person: null, requestId: 'lag' },
} as const

/** For how long does a Bundle of a hostile shape, or a report of many small figures, keep other requests waiting? */
export async function run(args: readonly string[]): Promise<void> {
  const { rest, ...options } = parseOptions(args, { bytes: 15_500_000, idle: 3, cells: 1500 })
  console.log(`${describeMachine()}.`)
  await publishHostileBundles(options)
  await buildLargeReport(options.cells)
}

/**
 * A store's answers to GET /livez, asked again and again while it publishes; beside those of the idle store, and of one
 * that publishes in the loop itself.
 */
async function publishHostileBundles({
  bytes,
  idle,
}: {
  readonly bytes: number
  readonly idle: number
}): Promise<void> {
  const [region] = loadTestRegions()
  if (!region) throw new Error('Expected a region in the list of regions, found none')
  using folder = createBenchFolder()
  const { variables, keys } = await createBenchEnvironment(folder.path, loadTestRegions())
  await using store = runProgram('subgraphs/main.ts', [region.slug], { ...variables, PORT: '0' })
  const url = await readAddress(store)
  const token = await mintToken(await loadPrivateKey(keys.issuerKey), {
    scope: 'publish',
    organisation: publisher.odsCode,
  })
  const headers = { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}` }
  const rows: Record<string, object> = {}
  const idleMs = await probe(url, () => delay(idle * 1000))
  rows['nothing is published'] = toRow(idleMs)
  for (const [name, toText] of Object.entries(hostileBundles)) {
    const body = Buffer.from(toText(bytes))
    let status = 0
    const startedAt = performance.now()
    const waits = await probe(url, async () => {
      status = await post(`${url}/fhir`, headers, body)
    })
    rows[name] = {
      MB: Number((body.length / 1e6).toFixed(1)),
      status,
      seconds: Number(((performance.now() - startedAt) / 1000).toFixed(1)),
      ...toRow(waits),
    }
  }
  const inLoop = createSqliteRecordStore({ region: region.code, file: join(folder.path, 'in-loop.sqlite') })
  const heldFor = await lagOf(() =>
    createBundlePublisher(inLoop)(
      Buffer.from(hostileBundles['an honest transaction of many results']?.(bytes) ?? ''),
      attribution,
    ),
  )
  inLoop.close()
  rows['an honest transaction, in the loop itself'] = toRow([heldFor])
  console.log('\nA store answers GET /livez, in milliseconds, while a Bundle is published')
  console.table(rows)
}

/** The status of the answer, whenever it comes: fetch gives up after five minutes, which a busy machine may take. */
function post(url: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const posted = request(url, { method: 'POST', headers }, (response) =>
      response.resume().once('end', () => resolve(response.statusCode ?? 0)),
    )
    posted.once('error', reject).end(body)
  })
}

/** Round trips in milliseconds, one after the other, until the work is done. */
async function probe(url: string, work: () => Promise<unknown>): Promise<readonly number[]> {
  const waits: number[] = []
  let isDone = false
  const done = work().finally(() => {
    isDone = true
  })
  while (!isDone) {
    const startedAt = performance.now()
    await (await fetch(`${url}/livez`)).arrayBuffer()
    waits.push(performance.now() - startedAt)
    await delay(2)
  }
  await done
  return waits
}

/** The report of one region whose documents are many small figures, in slices and at once. */
async function buildLargeReport(cells: number): Promise<void> {
  const counts = Array.from({ length: cells }, (_, index) => ({
    organisation: `O${Math.floor(index / 2)}`,
    type: `T${index % 40}`,
    typeName: null,
    total: 1000 + index,
    inWeek: 1 + (index % 4),
  }))
  const rows: Record<string, object> = {}
  for (const [name, build] of [
    ['in slices', () => runInSlices(countPublished({ counts }))],
    ['at once', async () => runToCompletion(countPublished({ counts }))],
  ] as const) {
    const startedAt = performance.now()
    const heldFor = await lagOf(build)
    rows[name] = { seconds: Number(((performance.now() - startedAt) / 1000).toFixed(2)), ...toRow([heldFor]) }
  }
  console.log(`\nA table of ${cells} small figures holds the loop, in milliseconds`)
  console.table(rows)
}

/** The longest time in milliseconds for which the loop did not turn. */
async function lagOf(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let turnedAt = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - turnedAt)
    turnedAt = performance.now()
  }, 1)
  await delay(20)
  longest = 0
  await work()
  await delay(5)
  clearInterval(timer)
  return longest
}

function toRow(waits: readonly number[]): object {
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1))
  return { 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'most ms': at(1), asked: waits.length }
}
