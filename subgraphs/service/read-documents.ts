import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import type { RecordStore } from '../store/record-store.ts'
import { decideRelease } from './decide-release.ts'
import { createSectionReads } from './section-reads.ts'

export interface DocumentsQuestion {
  /** The documents' public ids. */
  readonly ids: readonly string[]
  readonly viewer: TokenHolder
  readonly access: AccessContext
  readonly store: RecordStore
}

export interface ReleasedDocument {
  readonly nhsNumber: string
  readonly document: Region.Document
}

/** Those of the documents, current or superseded, that the rules release to this viewer, by id. The same rules as in the patient's view. */
export async function readDocuments({ ids, viewer, access, store }: DocumentsQuestion): Promise<ReadonlyMap<string, ReleasedDocument>> {
  if (decideRelease({ viewer, access, patient: null }).decision.code !== 'PERMITTED') return new Map()
  const owners = await store.findDocuments(ids)
  const patients = await store.findPatients([...new Set(owners.values())])
  const rules = new Map(
    [...patients.values()]
      .map((patient) => [patient.key, decideRelease({ viewer, access, patient }).items] as const)
      .flatMap(([key, items]) => (items ? [[key, items] as const] : [])),
  )
  const reads = createSectionReads(store, rules)
  const released = await Promise.all(
    [...patients].map(async ([nhsNumber, { key }]) => {
      if (!rules.has(key)) return []
      const query = { first: ids.length, after: null, fromMs: null, toMs: null, filter: { ids, lifecycles: ['current', 'superseded'] as const } }
      const { items } = await reads.readTimeline('documents', key, query)
      return items.map(({ item }) => [item.id, { nhsNumber, document: item }] as const)
    }),
  )
  return new Map(released.flat())
}
