import type * as Region from '../../schema/generated/region.ts'
import { padResponseTime } from '../release/pad-response-time.ts'
import { type RecordRelease, type RecordReleaseRequest, releaseRecords } from '../release/release-records.ts'
import { createSectionLoaders } from '../release/section-loaders.ts'
import type { TimelineQuery } from '../store/record-store.ts'
import { toShownItem } from './timeline-sections.ts'

/** A viewer's request for documents by their public ids. */
export type DocumentsRequest = Omit<RecordReleaseRequest, 'nhsNumbers'> & { readonly ids: readonly string[] }

export interface FoundDocument {
  /** The patient's current NHS number. */
  readonly nhsNumber: string
  readonly release: RecordRelease
  /** Null if the rules do not release the document to this viewer. */
  readonly document: Region.Document | null
}

/** Reads documents by id, current or superseded. The same rules release them as in the patient's view. */
export async function readDocuments(request: DocumentsRequest): Promise<ReadonlyMap<string, FoundDocument>> {
  return padResponseTime(
    () => findDocuments(request),
    (found) => request.ids.some((id) => !found.get(id)?.document),
  )
}

async function findDocuments({ ids, ...question }: DocumentsRequest): Promise<ReadonlyMap<string, FoundDocument>> {
  const { store } = question
  const owners = await store.findDocuments(ids)
  const releases = await releaseRecords({ ...question, nhsNumbers: [...new Set(owners.values())] })
  const itemReleases = new Map(
    [...releases.values()].flatMap(({ released }) =>
      released ? [[released.patient.key, released.items] as const] : [],
    ),
  )
  const loaders = createSectionLoaders(store, itemReleases)
  const query: TimelineQuery = {
    first: Math.max(ids.length, 1),
    after: null,
    fromMs: null,
    toMs: null,
    filter: { ids, lifecycles: ['current', 'superseded'] },
  }
  const documents = new Map<string, Region.Document>()
  for (const { released } of releases.values()) {
    if (!released) continue
    const { items } = await loaders.readTimeline('documents', released.patient.key, query)
    for (const stored of items) documents.set(stored.item.id, toShownItem(released, 'documents', stored))
  }
  return new Map(
    [...owners].flatMap(([id, nhsNumber]): [string, FoundDocument][] => {
      const release = releases.get(nhsNumber)
      return release ? [[id, { nhsNumber, release, document: documents.get(id) ?? null }]] : []
    }),
  )
}
