import type { Census, Counts } from './census.ts'
import { documentsAtScale } from './figures.ts'
import type { PopulationNote } from './note.ts'

/** A census of the stores as text, each region under the number of documents that it should have. */
export function printCensus({ regions, shared }: Census, { seed, scale, week }: PopulationNote): string {
  const parts = [...regions].flatMap(([region, { people, items, documents, documentTypes, documentOrganisations }]) =>
    Object.keys(people).length === 0
      ? []
      : [
          `${region}: seed ${seed}, scale ${scale}, counted from ${week}; documents promised: ${documentsAtScale(region, scale)}`,
          printCounts('people', people),
          printCounts('documents', documents),
          printCounts('documents by type', documentTypes),
          printCounts('documents by organisation', documentOrganisations, 30),
          printCounts('items by section', items),
        ],
  )
  return [
    ...parts,
    ...(Object.keys(shared).length > 0 ? [printCounts('people and items in both regions', shared)] : []),
  ].join('\n\n')
}

function printCounts(title: string, counts: Counts, most = Number.POSITIVE_INFINITY): string {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a)
  const rest = rows.slice(most)
  const shown =
    rest.length === 0
      ? rows
      : [...rows.slice(0, most), [`${rest.length} others`, rest.reduce((sum, [, count]) => sum + count, 0)] as const]
  return [`  ${title}`, ...shown.map(([name, count]) => `    ${String(count).padStart(9)}  ${name}`)].join('\n')
}
