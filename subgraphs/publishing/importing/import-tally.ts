import type { PublicationOutcome, PublishedAs } from '../../store/record-store.ts'
import type { MappedBundle } from '../to-publication.ts'

/** What became of the entries of one resource type. */
export interface TypeTally extends Readonly<Record<PublishedAs, number>> {
  readonly read: number
  /** Understood, but only referred to by others: an organisation, or a report without a document. */
  readonly withinOthers: number
  readonly notUnderstood: number
}

const nothing: TypeTally = { read: 0, created: 0, updated: 0, retracted: 0, unchanged: 0, older: 0, withinOthers: 0, notUnderstood: 0 }

/** Counts the entries that were not refused; for each type, what was read is the sum of the other columns. */
export function createImportTally() {
  const byType = new Map<string, TypeTally>()
  return {
    byType: byType as ReadonlyMap<string, TypeTally>,
    /** A Bundle and what became of its publications. */
    add({ type, entries, refused }: MappedBundle, outcomes: readonly PublicationOutcome[]): void {
      const publishedAs = new Map(outcomes.flatMap((outcome) => (outcome.status === 'stored' ? [...outcome.entries] : [])))
      const isRefusedWhole = type !== 'batch' && outcomes.some(({ status }) => status === 'refused')
      for (const { entry, resourceType, understood, published } of isRefusedWhole ? [] : entries) {
        const stored = publishedAs.get(entry)
        if (refused.has(entry) || (published > 0 && !stored)) continue
        const tally = byType.get(resourceType) ?? nothing
        const column = stored ?? (understood ? 'withinOthers' : 'notUnderstood')
        byType.set(resourceType, { ...tally, read: tally.read + 1, [column]: tally[column] + 1 })
      }
    },
  }
}
