import { parseArgs } from 'node:util'
import { expandPaths } from '../../subgraphs/publishing/importing/expand-paths.ts'
import type { Slug } from '../support/system.ts'
import { reconcile } from './reconcile.ts'

/** `npm run reconcile`: does every published item appear in the cross-region view exactly once? For anyone's Bundles. */
const { values } = parseArgs({
  options: {
    'cheshire-merseyside': { type: 'string', multiple: true, default: [] },
    'lancashire-south-cumbria': { type: 'string', multiple: true, default: [] },
    renumber: { type: 'boolean', default: false },
  },
})
if (values['cheshire-merseyside'].length + values['lancashire-south-cumbria'].length === 0) {
  process.stderr.write('Usage: npm run reconcile -- [--renumber] --cheshire-merseyside FILES --lancashire-south-cumbria FILES\n')
  process.exit(2)
}
const files = new Map<Slug, readonly string[]>([
  ['cheshire-merseyside', await expandPaths(values['cheshire-merseyside'])],
  ['lancashire-south-cumbria', await expandPaths(values['lancashire-south-cumbria'])],
])
const { patients, types, invented, reported, refusedBundles } = await reconcile({ files, renumber: values.renumber, onProgress: (line) => process.stderr.write(`${line}\n`) })

const header = ['resource type', 'read C&M', 'read L&SC', 'items', 'in both', 'shown once', 'missing', 'repeated', 'wrong sources']
const rows = types.map(({ resourceType, read, expected, shownOnce, missing, repeated, wrongSources }) => [
  resourceType,
  read.get('cheshire-merseyside') ?? 0,
  read.get('lancashire-south-cumbria') ?? 0,
  ...(expected ? [expected.items, expected.inBoth, shownOnce, missing, repeated, wrongSources] : ['-', '-', '-', '-', '-', '-']),
])
const line = (cells: readonly (string | number)[]) => cells.map((cell, index) => (index === 0 ? String(cell).padEnd(22) : String(cell).padStart(14))).join('')
process.stdout.write(`${[header, ...rows].map(line).join('\n')}\n`)
process.stdout.write(
  `${patients} patients; ${invented} items in the view that no file holds; ${reported.shown} of ${reported.expected} results of a DiagnosticReport bear its name; ${refusedBundles} Bundles refused\n`,
)
const faults = types.reduce((sum, { missing, repeated, wrongSources }) => sum + missing + repeated + wrongSources, invented + refusedBundles + reported.expected - reported.shown)
process.exitCode = faults === 0 ? 0 : 1
