import type { PopulationProgress } from './publish-population.ts'

/** Tells of a population in the making, a line on standard error for every batch. */
export function logProgress(name: string): (progress: PopulationProgress) => void {
  return ({ documents, totalDocuments }) =>
    process.stderr.write(
      `${name}: ${documents.toLocaleString('en-GB')} of ${totalDocuments.toLocaleString('en-GB')} documents made\n`,
    )
}
