import type { TypeTally } from './import-tally.ts'

const columns = [
  ['read', 'read'],
  ['created', 'created'],
  ['updated', 'updated'],
  ['retracted', 'retracted'],
  ['unchanged', 'unchanged'],
  ['older', 'older'],
  ['within others', 'withinOthers'],
  ['not understood', 'notUnderstood'],
] as const

/** A table of what was read and what became of it, a row for each resource type and one for all. */
export function printTally(byType: ReadonlyMap<string, TypeTally>): string {
  const rows = [...byType].sort(([a], [b]) => a.localeCompare(b)).map(([type, tally]) => [type, ...columns.map(([, key]) => tally[key])] as const)
  const total = ['total', ...columns.map((_, index) => rows.reduce((sum, row) => sum + Number(row[index + 1]), 0))]
  const table = [['resource type', ...columns.map(([title]) => title)], ...rows, total].map((row) => row.map(String))
  const widths = table[0]?.map((_, index) => Math.max(...table.map((row) => row[index]?.length ?? 0))) ?? []
  return table.map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ')).join('\n')
}
