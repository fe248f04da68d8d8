import { parseArgs } from 'node:util'
import { type RegionConfiguration, regionListSetting } from '../../../schema/regions.ts'
import { loadSettings } from '../../../schema/service/load-settings.ts'
import { StartupError } from '../../../schema/service/startup-error.ts'
import { expandPaths, PathNotFound } from '../../../subgraphs/publishing/importing/expand-paths.ts'
import { printRefusal } from '../../../subgraphs/publishing/importing/print-refusal.ts'
import { type Reconciliation, reconcile } from './reconcile.ts'

const printUsage = (
  slugs: readonly string[],
) => `Usage: npm run reconcile -- [--renumber] ${slugs.map((slug) => `--${slug} FILES`).join(' ')}

Does every published item appear in the cross-region view exactly once? For anyone's FHIR R4 Bundles: files (.json: one Bundle,
.ndjson: one a line), folders of such files, or patterns; a region's option may be repeated. --renumber as in npm run import. REGIONS and
PUBLISHERS name the lists of regions and of publishers.`

const words = {
  missing: 'Missing',
  repeated: 'Repeated',
  wrongSources: 'Wrong sources',
  wrongPatient: 'Wrong patient',
  invented: 'In no file',
} as const

/** Of what is wrong, the most that is listed. */
const mostListed = 100

/** A command that cannot be obeyed. */
class UsageError extends Error {}

try {
  const { REGIONS: regions } = await loadSettings(process.env, { REGIONS: regionListSetting })
  const { files, renumber } = await readCommand(process.argv.slice(2), regions)
  const result = await reconcile({
    regions,
    publishers: process.env.PUBLISHERS,
    files,
    renumber,
    onProgress: (line) => console.error(line),
    onRefusal: (refusal) => console.error(printRefusal(refusal)),
  })
  console.log(print(result, regions))
  process.exitCode = countFaults(result) === 0 ? 0 : 1
} catch (cause) {
  if (!(cause instanceof UsageError || cause instanceof StartupError || cause instanceof PathNotFound)) throw cause
  console.error(cause.message)
  process.exitCode = 2
}

async function readCommand(
  args: readonly string[],
  regions: readonly RegionConfiguration[],
): Promise<{ readonly files: ReadonlyMap<string, readonly string[]>; readonly renumber: boolean }> {
  const slugs = regions.map(({ slug }) => slug)
  const { renumber, paths } = parse(args, slugs)
  if ([...paths.values()].every((own) => own.length === 0))
    throw new UsageError(`FILES: expected those of at least one region, found none\n\n${printUsage(slugs)}`)
  const files = new Map<string, readonly string[]>()
  for (const [slug, own] of paths) files.set(slug, await expandPaths(own))
  return { files, renumber }
}

/** The options of the command, and the paths of each region's own option. */
function parse(args: readonly string[], slugs: readonly string[]) {
  const options: Record<string, { type: 'string'; multiple: true } | { type: 'boolean' }> = {
    ...Object.fromEntries(slugs.map((slug) => [slug, { type: 'string', multiple: true }] as const)),
    renumber: { type: 'boolean' },
  }
  try {
    const { values } = parseArgs({ args: [...args], options })
    const paths = slugs.map((slug) => [slug, [values[slug] ?? []].flat().map(String)] as const)
    return { renumber: values.renumber === true, paths: new Map(paths) }
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${printUsage(slugs)}`, { cause })
  }
}

function print(
  { patients, types, wrong, invented, reported, refusals, incomplete }: Reconciliation,
  regions: readonly RegionConfiguration[],
): string {
  const header = [
    'resource type',
    ...regions.map(({ applicationName }) => `read ${applicationName}`),
    'items',
    'in several',
    'shown once',
    'missing',
    'repeated',
    'wrong sources',
    'wrong patient',
  ]
  const rows = types.map(
    ({ resourceType, read, items, inBoth, shownOnce, missing, repeated, wrongSources, wrongPatient }) => [
      resourceType,
      ...regions.map(({ slug }) => read.get(slug) ?? 0),
      ...(items > 0
        ? [items, inBoth, shownOnce, missing, repeated, wrongSources, wrongPatient]
        : Array<string>(7).fill('-')),
    ],
  )
  return [
    ...[header, ...rows].map((cells) =>
      cells.map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell).padStart(14))).join(''),
    ),
    ...wrong
      .slice(0, mostListed)
      .map(
        ({ what, nhsNumber, section, key }) =>
          `${words[what]}: ${nhsNumber}, ${section}, ${key ?? 'without identifier'}`,
      ),
    ...(wrong.length > mostListed ? [`... and ${wrong.length - mostListed} more`] : []),
    ...incomplete.map(({ nhsNumber, message }) => `Not whole: ${nhsNumber}, ${message}`),
    `${patients} patients; ${invented} items in the view that no file holds; ${reported.shown} of ${reported.expected} results of a DiagnosticReport bear its name; ${refusals.length} Bundles refused`,
  ].join('\n')
}

function countFaults({ types, invented, reported, refusals, incomplete }: Reconciliation): number {
  const ofTypes = types.reduce((sum, { items, shownOnce }) => sum + items - shownOnce, 0)
  return ofTypes + invented + (reported.expected - reported.shown) + refusals.length + incomplete.length
}
