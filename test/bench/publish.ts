import { closeSync, createReadStream, fdatasyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { mintToken } from '../../gateway/demo/mint-token.ts'
import { loadPrivateKey } from '../../schema/private-key.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { publishPopulation } from '../../subgraphs/demo/population/publish-population.ts'
import { importFiles } from '../../subgraphs/publishing/importing/import-files.ts'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { toBenchBundle } from '../support/bench/bench-bundle.ts'
import { createBenchEnvironment } from '../support/bench/bench-environment.ts'
import { createBenchFolder } from '../support/bench/bench-folder.ts'
import { describeMachine, measure, printTimes } from '../support/bench/measure.ts'
import { nhsNumbers } from '../support/bench/nhs-numbers.ts'
import { parseOptions } from '../support/bench/options.ts'
import { readAddress, runProgram } from '../support/run-program.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const publisher = { odsCode: 'RBL', name: null }
const by = { publisher: 'RBL', actsFor: [], via: 'import', person: null, requestId: 'bench' } as const
const perBundle = { documents: 20, contentBytes: 1000 } as const

/**
 * How long does one Bundle over HTTP take until it is durable, and how many documents a second does a store take in
 * bulk?
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rest, ...options } = parseOptions(args, { rounds: 500, bundles: 2000, scale: 0.01 })
  const [region] = loadTestRegions()
  if (!region) throw new Error('Expected a region in the list of regions, found none')
  using folder = createBenchFolder()
  console.log(`${describeMachine()}; folder ${folder.path}.`)
  await publishOverHttp(folder.path, region, options.rounds)
  await publishInBulk(folder.path, region, options)
}

/** Beside what a disk asks for durability: the same bytes appended to a file, and fdatasync. */
async function publishOverHttp(folder: string, region: RegionConfiguration, rounds: number): Promise<void> {
  const { variables, keys } = await createBenchEnvironment(folder, loadTestRegions())
  await using store = runProgram('subgraphs/main.ts', [region.slug], { ...variables, PORT: '0' })
  const url = await readAddress(store)
  const token = await mintToken(await loadPrivateKey(keys.issuerKey), {
    scope: 'publish',
    organisation: publisher.odsCode,
  })
  const headers = { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}` }
  const numbers = nhsNumbers(10 * rounds + 1000)
  const nextBundle = () =>
    JSON.stringify(toBenchBundle(numbers.next().value ?? '', { documents: 3, contentBytes: 2000 }))
  const file = openSync(join(folder, 'appended'), 'a')
  const append = async () => {
    writeSync(file, nextBundle())
    fdatasyncSync(file)
  }
  const publish = async () => {
    const response = await fetch(`${url}/fhir`, { method: 'POST', headers, body: nextBundle() })
    const text = await response.text()
    if (!response.ok)
      throw new Error(`Expected a Bundle to be published, found ${response.status}: ${text.slice(0, 400)}`)
  }
  const times = await measure(
    { 'append and fdatasync': append, 'POST /fhir': publish },
    { rounds, warmUp: Math.ceil(rounds / 5) },
  )
  closeSync(file)
  printTimes('One Bundle (a new patient, 3 documents of 2 kB) over HTTP, durable', times)
}

interface BulkOptions {
  readonly bundles: number
  readonly scale: number
}

/** Beside the least that SQLite can do with the same file: each line a row of one table, as often durable. */
async function publishInBulk(
  folder: string,
  region: RegionConfiguration,
  { bundles, scale }: BulkOptions,
): Promise<void> {
  const file = join(folder, 'bundles.ndjson')
  const lines = [...nhsNumbers(bundles)].map((number) => JSON.stringify(toBenchBundle(number, perBundle)))
  writeFileSync(file, `${lines.join('\n')}\n`)
  const documents = bundles * perBundle.documents

  const rows = new Map<string, { readonly documents: number; readonly seconds: number }>()
  rows.set('a row for each document', await timed(documents, () => insertRows(join(folder, 'rows.sqlite'), file)))
  const imported = openStore(folder, 'imported', region)
  rows.set(
    'import from a file',
    await timed(documents, async () => {
      const { refused } = await importFiles({ store: imported, files: [file], by, publisher })
      if (refused > 0) throw new Error(`Expected every Bundle to be stored, found ${refused} refused`)
    }),
  )
  imported.close()
  const made = openStore(folder, 'made', region)
  let people = 0
  const population = await timed(0, async () => {
    await publishPopulation({
      store: made,
      region: region.slug as 'cheshire-merseyside',
      scale,
      now: new Date(),
      onProgress: (progress) => {
        people = progress.documents
      },
    })
  })
  rows.set('the population', { ...population, documents: people })
  made.close()

  const [baseline] = rows.values()
  const rate = (row: { readonly documents: number; readonly seconds: number } | undefined) =>
    row ? row.documents / row.seconds : Number.NaN
  console.log(
    `\nIn bulk: ${bundles} Bundles of a patient and ${perBundle.documents} documents of ${perBundle.contentBytes} bytes; the population at scale ${scale}, its items of all kinds with it`,
  )
  console.table(
    Object.fromEntries(
      [...rows].map(([name, row]) => [
        name,
        {
          documents: row.documents,
          seconds: Number(row.seconds.toFixed(2)),
          'documents/s': Math.round(rate(row)),
          ratio: Number((rate(row) / rate(baseline)).toFixed(3)),
        },
      ]),
    ),
  )
}

async function timed(
  documents: number,
  work: () => Promise<void>,
): Promise<{ readonly documents: number; readonly seconds: number }> {
  const startedAt = performance.now()
  await work()
  return { documents, seconds: (performance.now() - startedAt) / 1000 }
}

async function insertRows(database: string, file: string): Promise<void> {
  const db = new DatabaseSync(database)
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE documents (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT; BEGIN',
  )
  const insert = db.prepare('INSERT INTO documents (body) VALUES (?)')
  let rows = 0
  for await (const line of createInterface({ input: createReadStream(file) })) {
    for (const entry of JSON.parse(line).entry.slice(1)) {
      insert.run(JSON.stringify(entry))
      if (++rows % 5000 === 0) db.exec('COMMIT; BEGIN')
    }
  }
  db.exec('COMMIT')
  db.close()
}

function openStore(folder: string, name: string, { code }: RegionConfiguration): RecordStore {
  mkdirSync(join(folder, name))
  return createSqliteRecordStore({ region: code, file: join(folder, name, 'records.sqlite') })
}
