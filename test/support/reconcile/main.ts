import { parseArgs } from 'node:util'
import { expandPaths, PathNotFound } from '../../../subgraphs/publishing/importing/expand-paths.ts'
import { printRefusal } from '../../../subgraphs/publishing/importing/print-refusal.ts'
import type { Slug } from '../system.ts'
import { type Reconciliation, reconcile } from './reconcile.ts'

const usage = `Usage: npm run reconcile -- [--renumber] --cheshire-merseyside FILES --lancashire-south-cumbria FILES

Does every published item appear in the cross-region view exactly once? For anyone's FHIR R4 Bundles: files (.json: one Bundle,
.ndjson: one a line), folders of such files, or patterns; a region's option may be repeated. --renumber as in npm run import.`

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
  const { files, renumber } = await readCommand(process.argv.slice(2))
  const result = await reconcile({
    files,
    renumber,
    onProgress: (line) => console.error(line),
    onRefusal: (refusal) => console.error(printRefusal(refusal)),
  })
  console.log(print(result))
  process.exitCode = countFaults(result) === 0 ? 0 : 1
} catch (cause) {
  if (!(cause instanceof UsageError || cause instanceof PathNotFound)) throw cause
  console.error(cause.message)
  process.exitCode = 2
}

async function readCommand(
  args: readonly string[],
): Promise<{ readonly files: ReadonlyMap<Slug, readonly string[]>; readonly renumber: boolean }> {
  const values = parse(args)
  const slugs = ['cheshire-merseyside', 'lancashire-south-cumbria'] as const
  if (slugs.every((slug) => values[slug].length === 0))
    throw new UsageError(`FILES: expected those of at least one region, found none\n\n${usage}`)
  const files = new Map<Slug, readonly string[]>()
  for (const slug of slugs) files.set(slug, await expandPaths(values[slug]))
  return { files, renumber: values.renumber }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'cheshire-merseyside': { type: 'string', multiple: true, default: [] },
        'lancashire-south-cumbria': { type: 'string', multiple: true, default: [] },
        renumber: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`, { cause })
  }
}

function print({ patients, types, wrong, invented, reported, refusals, incomplete }: Reconciliation): string {
  const header = [
    'resource type',
    'read C&M',
    'read L&SC',
    'items',
    'in both',
    'shown once',
    'missing',
    'repeated',
    'wrong sources',
    'wrong patient',
  ]
  const rows = types.map(
    ({ resourceType, read, items, inBoth, shownOnce, missing, repeated, wrongSources, wrongPatient }) => [
      resourceType,
      ...[read.get('cheshire-merseyside') ?? 0, read.get('lancashire-south-cumbria') ?? 0],
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
