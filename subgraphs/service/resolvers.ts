import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { scalars } from '../../schema/scalars.ts'
import type { RecordStore } from '../store/record-store.ts'
import { createListSections } from './list-sections.ts'
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
  /** The root field that answers a ViewReply. */
  readonly viewField: string
  readonly recordResolvers: RecordResolvers
  readonly now: () => number
}

/** The resolvers of a region's SDL over its store. */
export function createResolvers({ store, viewField, recordResolvers, now }: ResolverOptions) {
  return {
    ...scalars,
    Query: {
      [viewField]: (_root: unknown, { nhsNumbers }: { readonly nhsNumbers: readonly string[] }, { viewer, access }: ServiceContext) =>
        readView({ nhsNumbers, viewer, access, store, nowMs: now() }),
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
