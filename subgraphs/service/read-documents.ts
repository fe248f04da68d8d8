import type * as Region from '../../schema/generated/region.ts'
import type { TimelineQuery } from '../store/record-store.ts'
import { answerInSteps } from './answer-in-steps.ts'
import { type Release, type ReleaseQuestion, releaseRecords } from './release-records.ts'
import { createSectionReads } from './section-reads.ts'
import { toNode } from './timeline-sections.ts'

/** Who asks for which documents, by their public ids. */
export type DocumentsQuestion = Omit<ReleaseQuestion, 'nhsNumbers'> & { readonly ids: readonly string[] }

export interface FoundDocument {
  /** The patient's number in force. */
  readonly nhsNumber: string
  readonly release: Release
  /** Null: the rules do not release it to this viewer. */
  readonly document: Region.Document | null
}

/** The documents that the store has, current or superseded, by id; each released by the same rules as in the patient's view. */
export async function readDocuments(question: DocumentsQuestion): Promise<ReadonlyMap<string, FoundDocument>> {
  return answerInSteps(
    () => findDocuments(question),
    (found) => question.ids.some((id) => !found.get(id)?.document),
  )
}

async function findDocuments({ ids, ...question }: DocumentsQuestion): Promise<ReadonlyMap<string, FoundDocument>> {
  const { store } = question
  const owners = await store.findDocuments(ids)
  const releases = await releaseRecords({ ...question, nhsNumbers: [...new Set(owners.values())] })
  const rules = new Map([...releases.values()].flatMap(({ released }) => (released ? [[released.patient.key, released.items] as const] : [])))
  const reads = createSectionReads(store, rules)
  const query: TimelineQuery = { first: Math.max(ids.length, 1), after: null, fromMs: null, toMs: null, filter: { ids, lifecycles: ['current', 'superseded'] } }
  const documents = new Map<string, Region.Document>()
  for (const { released } of releases.values()) {
    if (!released) continue
    const { items } = await reads.readTimeline('documents', released.patient.key, query)
    for (const stored of items) documents.set(stored.item.id, toNode(released, 'documents', stored))
  }
  return new Map(
    [...owners].flatMap(([id, nhsNumber]): [string, FoundDocument][] => {
      const release = releases.get(nhsNumber)
      return release ? [[id, { nhsNumber, release, document: documents.get(id) ?? null }]] : []
    }),
  )
}
