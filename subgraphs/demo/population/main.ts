import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadRegions } from '../../../schema/regions.ts'
import { loadSettings, nonBlankText, setting } from '../../../schema/service/load-settings.ts'
import { toMode } from '../../../schema/service/mode.ts'
import { ensureDataFolder, ensureFolder } from '../../../schema/service/private-files.ts'
import { parseCommand, runMain } from '../../../schema/service/run-main.ts'
import { InvalidSetting, UsageError } from '../../../schema/service/startup-error.ts'
import type { RecordStore } from '../../store/record-store.ts'
import { createSqliteRecordStore } from '../../store/sqlite-record-store.ts'
import { type DemoRegion, demoRegions } from '../vocabulary/person.ts'
import { takeCensus } from './census.ts'
import { findPopulationNote, type PopulationNote } from './note.ts'
import { printCensus } from './print-census.ts'
import { type PopulationProgress, publishPopulation } from './publish-population.ts'
import { storedHoldings } from './stored-holdings.ts'

const usage = `Usage: npm run population -- --region REGION [--scale SCALE] [--seed SEED]
       npm run population -- --statistics [--region REGION]

Makes the region's people: the programme's documents at a scale, exactly. Or counts what is in the stores.
  --region      ${demoRegions.join(' or ')}
  --scale       1 is the programme's 5,234,942 and 3,014,529 documents; default 0.01
  --seed        another seed makes other people; default 1
The records are in DATA_DIR/REGION/records.sqlite (DATA_DIR: .data), whether the record store is running or not.`

// Made-up people never go into a production's records.
const environmentSettings = {
  NODE_ENV: {
    documentation: {
      description: 'Anything but development (or test) refuses the command.',
      example: 'development',
      fallback: 'development',
    },
    defaultText: undefined,
    read(text: string | undefined) {
      if (text !== undefined && toMode({ NODE_ENV: text }) === 'production')
        throw new InvalidSetting('not production, where nobody is made up', JSON.stringify(text))
    },
  },
  DATA_DIR: setting(
    'a folder',
    nonBlankText.default('.data'),
    { description: 'Folder of the databases.', example: '.data' },
    ensureDataFolder,
  ),
}

if (import.meta.main) {
  await runMain(async () => {
    const text = { type: 'string' } as const
    const { values } = parseCommand(
      {
        options: {
          region: text,
          scale: text,
          seed: text,
          statistics: { type: 'boolean' },
          help: { type: 'boolean', short: 'h' },
        },
      } as const,
      usage,
    )
    if (values.help) {
      console.log(usage)
      return
    }
    const command = values.statistics
      ? { regions: values.region === undefined ? demoRegions : [toRegion(values.region)] }
      : {
          region: toRegion(values.region),
          scale: toNumber('--scale', values.scale ?? '0.01', 0, 1),
          seed: toNumber('--seed', values.seed ?? '1', 0, 0xffffffff),
        }
    const { DATA_DIR } = await loadSettings(process.env, environmentSettings)
    if (command.region !== undefined) await make(DATA_DIR, command)
    else await printStatistics(DATA_DIR, command.regions)
  })
}

interface Make {
  readonly region: DemoRegion
  readonly scale: number
  readonly seed: number
}

async function make(dataDirectory: string, { region, scale, seed }: Make): Promise<void> {
  ensureFolder(join(dataDirectory, region))
  const file = fileOf(dataDirectory, region)
  const store = open(file, region)
  try {
    const startedAt = performance.now()
    let last: PopulationProgress | null = null
    let shownAt = startedAt
    const onProgress = (progress: PopulationProgress) => {
      last = progress
      if (!process.stderr.isTTY && performance.now() - shownAt < 5000) return
      shownAt = performance.now()
      showProgress(progress, startedAt)
    }
    const { status, note } = await publishPopulation({ store, region, scale, seed, now: new Date(), onProgress })
    if (process.stderr.isTTY) process.stderr.write('\n')
    const is = `the population of seed ${note.seed} at scale ${note.scale}, counted from ${note.week}`
    if (status === 'made')
      console.log(`${file} has ${is}: ${print(last)} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`)
    else if (status === 'there') console.log(`${file} has ${is}, already.`)
    else
      throw new UsageError(
        `${file} has another population, ${is}, which is left as it is. Move the file away, or let DATA_DIR name another folder.`,
        usage,
      )
  } finally {
    store.close()
  }
}

function showProgress(progress: PopulationProgress, startedAt: number): void {
  const perSecond = Math.round((progress.documents * 1000) / (performance.now() - startedAt))
  const text = `${print(progress)} of ${progress.totalDocuments}, ${perSecond} documents a second`
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text.slice(0, process.stderr.columns - 1)}` : `${text}\n`)
}

function print(progress: PopulationProgress | null): string {
  return progress ? `${progress.people} people, ${progress.documents} documents` : 'nobody'
}

async function printStatistics(dataDirectory: string, regions: readonly DemoRegion[]): Promise<void> {
  const files = regions.map((region) => ({ region, file: fileOf(dataDirectory, region) }))
  const stores = new Map(
    files.filter(({ file }) => existsSync(file)).map(({ region, file }) => [region, open(file, region)]),
  )
  try {
    for (const [note, alike] of await groupByNote(dataDirectory, stores)) {
      const census = await takeCensus(storedHoldings({ stores: alike, seed: note.seed, scale: note.scale }))
      console.log(printCensus(census, note))
    }
  } finally {
    for (const store of stores.values()) store.close()
  }
}

/** Stores of one population are counted together. */
async function groupByNote(
  dataDirectory: string,
  stores: ReadonlyMap<DemoRegion, RecordStore>,
): Promise<readonly (readonly [PopulationNote, ReadonlyMap<DemoRegion, RecordStore>])[]> {
  const noted = await Promise.all(
    [...stores].map(async ([region, store]) => ({ region, store, note: await findPopulationNote(store) })),
  )
  const found = noted.flatMap(({ region, store, note }) => (note ? [{ region, store, note }] : []))
  if (found.length === 0)
    throw new UsageError(
      `${dataDirectory}: expected a store with a population, found none. npm run population -- --region REGION makes one.`,
      usage,
    )
  const groups = Map.groupBy(found, ({ note }) => `${note.seed}|${note.scale}`)
  return [...groups.values()].flatMap((group) =>
    group[0] ? [[group[0].note, new Map(group.map(({ region, store }) => [region, store]))] as const] : [],
  )
}

function open(file: string, region: DemoRegion): RecordStore {
  const code = loadRegions().find(({ slug }) => slug === region)?.code ?? region
  return createSqliteRecordStore({ region: code, file })
}

function fileOf(dataDirectory: string, region: DemoRegion): string {
  return join(dataDirectory, region, 'records.sqlite')
}

function toRegion(text: string | undefined): DemoRegion {
  const region = demoRegions.find((one) => one === text)
  if (region === undefined)
    throw new UsageError(`--region: expected ${demoRegions.join(' or ')}, found ${text ?? 'nothing'}`, usage)
  return region
}

function toNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= least && number <= most))
    throw new UsageError(`${name}: expected a number from ${least} to ${most}, found ${text}`, usage)
  return number
}
