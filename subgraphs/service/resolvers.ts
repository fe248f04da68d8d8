import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { scalars } from '../../schema/scalars.ts'
import type { RecordStore } from '../store/record-store.ts'
import { createListSections } from './list-sections.ts'
import { readDocuments } from './read-documents.ts'
import type { ReleasedRecord } from './released-record.ts'
import { createTimelineSections } from './timeline-sections.ts'
import { readView } from './view-reply.ts'
import { withoutPlaces } from './without-places.ts'

/** What a request is answered for, as authentication established it. */
export interface ServiceContext {
  readonly viewer: TokenHolder
  readonly access: AccessContext
}

/** Resolvers of the fields that only one region's Record has. */
export type RecordResolvers = Readonly<Record<string, (record: ReleasedRecord) => unknown>>

export interface ResolverOptions {
  readonly store: RecordStore
  readonly region: Pick<RegionConfiguration, 'viewField' | 'documentsField'>
  readonly recordResolvers: RecordResolvers
  readonly now: () => number
}

/** The most documents that may be asked for at once. */
const mostDocuments = 50

/** The resolvers of a region's SDL over its store. */
export function createResolvers({ store, region, recordResolvers, now }: ResolverOptions) {
  return {
    ...scalars,
    Query: {
      [region.viewField]: (_root: unknown, { nhsNumbers }: { readonly nhsNumbers: readonly string[] }, { viewer, access }: ServiceContext) =>
        readView({ nhsNumbers, viewer, access, store, nowMs: now() }),
      [region.documentsField]: async (
        _root: unknown,
        { ids }: { readonly ids: readonly string[] },
        { viewer, access }: ServiceContext,
      ): Promise<readonly Region.DocumentReply[]> => {
        if (ids.length > mostDocuments) throw fault('TOO_MANY_DOCUMENTS', `Expected at most ${mostDocuments} ids.`)
        const found = await readDocuments({ ids, viewer, access, store })
        return ids.map((id) => ({ id, nhsNumber: found.get(id)?.nhsNumber ?? null }))
      },
    },
    Record: {
      nhsNumber: ({ patient }: ReleasedRecord) => patient.nhsNumber,
      localIdentifiers: ({ patient }: ReleasedRecord) => patient.localIdentifiers,
      demographics: ({ patient }: ReleasedRecord) => (patient.sensitive && patient.demographics ? withoutPlaces(patient.demographics) : patient.demographics),
      ...createListSections(now),
      ...createTimelineSections(now),
      ...recordResolvers,
    },
  }
}
