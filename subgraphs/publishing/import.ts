import { join } from 'node:path'
import { organisationName } from '../../schema/organisations.ts'
import { loadSettings, setting, someText } from '../../schema/process/load-settings.ts'
import { parseCommand } from '../../schema/process/parse-command.ts'
import { ensureDataFolder, ensureFolder } from '../../schema/process/private-files.ts'
import { runMain } from '../../schema/process/run-main.ts'
import { UsageError } from '../../schema/process/start-refused.ts'
import { loadRegions, type RegionConfiguration } from '../../schema/regions.ts'
import { createSqliteRecordStore } from '../store/sqlite-record-store.ts'
import { expandPaths, PathNotFound } from './importing/expand-paths.ts'
import { importFiles } from './importing/import-files.ts'
import { printPatients } from './importing/print-patients.ts'
import { printRefusal } from './importing/print-refusal.ts'
import { printTally } from './importing/print-tally.ts'
import { createProgressLine } from './importing/progress-line.ts'

function printUsage(): string {
  return `Usage: npm run import -- --region REGION [--renumber] [--organisation ODS] FILES...

Publishes FHIR R4 Bundles from files (.json: one Bundle, .ndjson: one a line), folders of such files, or patterns.
  --region        ${loadRegions()
    .map(({ slug }) => slug)
    .join(' or ')}
  --renumber      give every patient an NHS number in the 999 test range, the same one every time and in every region;
                  each is printed after the file it came from
  --organisation  ODS code of the publisher, for items that name no organisation of their own; default the region's own
The records go to DATA_DIR/REGION/records.sqlite (DATA_DIR: .data), whether the record store is running or not.`
}

interface Command {
  readonly region: RegionConfiguration
  readonly renumber: boolean
  readonly odsCode: string
  readonly files: readonly string[]
}

const dataFolder = setting('a folder', someText.default('.data'), { description: 'Folder of the databases.', example: '/var/lib/share2care' }, ensureDataFolder)

if (import.meta.main) {
  await runMain(async () => {
    const command = await readCommand()
    if (command) process.exitCode = await run(command)
    else console.log(printUsage())
  })
}

/** Null where help is asked for. */
async function readCommand(): Promise<Command | null> {
  const options = { region: { type: 'string' }, renumber: { type: 'boolean' }, organisation: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseCommand({ allowPositionals: true, options }, printUsage())
  if (values.help) return null
  const regions = loadRegions()
  const slugs = regions.map(({ slug }) => slug).join(' or ')
  const region = regions.find(({ slug, code }) => values.region === slug || values.region === code)
  if (!region) throw new UsageError(`--region: expected ${slugs}, found ${values.region ?? 'nothing'}`, printUsage())
  const odsCode = (values.organisation ?? region.organisation.odsCode).toUpperCase()
  if (!/^[A-Z0-9]{3,10}$/.test(odsCode)) throw new UsageError(`--organisation: expected an ODS code, found ${odsCode}`, printUsage())
  if (positionals.length === 0) throw new UsageError('FILES: expected at least one file, folder or pattern, found none', printUsage())
  const files = await expandPaths(positionals).catch((cause) => {
    throw cause instanceof PathNotFound ? new UsageError(cause.message, printUsage(), { cause }) : cause
  })
  return { region, renumber: values.renumber ?? false, odsCode, files }
}

/** The exit code: 1 where a Bundle was refused. */
async function run({ region, renumber, odsCode, files }: Command): Promise<number> {
  const { DATA_DIR } = await loadSettings(process.env, { DATA_DIR: dataFolder })
  const file = join(ensureFolder(join(DATA_DIR, region.slug)), 'records.sqlite')
  const store = createSqliteRecordStore({ region: region.code, file })
  const line = createProgressLine({ stream: process.stderr })
  try {
    const report = await importFiles({
      store,
      files,
      renumber,
      publisher: { odsCode, name: organisationName(odsCode) },
      onProgress: line.show,
      onRefusal(refusal) {
        line.clear()
        console.error(printRefusal(refusal))
      },
    })
    line.clear()
    console.log(printTally(report.byType))
    // Nobody could look at a patient whose number nobody knows.
    if (renumber && report.patients.length > 0) console.log(printPatients(report.patients))
    console.log(`${report.bundles} Bundles of ${files.length} files read into ${file}, ${report.refused === 0 ? 'none' : report.refused} refused.`)
    return report.refused > 0 ? 1 : 0
  } finally {
    store.close()
  }
}
