import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { mostDocuments } from '../../schema/most-documents.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { scalars } from '../../schema/scalars.ts'
import type { RecordStore } from '../store/record-store.ts'
import { answerInSteps } from './answer-in-steps.ts'
import { breakGlass, type ChangeQuestion, recordPermission, withdrawPermission } from './changes.ts'
import { countDocuments } from './count-documents.ts'
import { explainAccess } from './explain-access.ts'
import { createFairTurns } from './fair-turns.ts'
import { createListSections } from './list-sections.ts'
import { readDocuments } from './read-documents.ts'
import type { ReleaseQuestion } from './release-records.ts'
import type { ReleasedRecord } from './released-record.ts'
import { readOpenReviews, reviewOverride } from './reviews.ts'
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
  readonly region: Pick<RegionConfiguration, 'code' | 'slug' | 'organisation' | 'viewField' | 'documentsField' | 'countsField'>
  readonly policies: Policies
  readonly recordResolvers: RecordResolvers
  readonly onRelease?: ReleaseQuestion['onRelease']
  readonly onFrequentGrants?: ChangeQuestion['onFrequentGrants']
  readonly now: () => number
}

/** The resolvers of a region's SDL over its store. */
export function createResolvers({ store, region, policies, recordResolvers, onRelease, onFrequentGrants, now }: ResolverOptions) {
  // One for all requests, whose reads take turns.
  const turns = createFairTurns()
  const question = ({ viewer, access }: ServiceContext) => ({
    viewer,
    access,
    store,
    policies,
    region: region.code,
    slug: region.slug,
    regionOffice: region.organisation.odsCode,
    nowMs: now(),
    onRelease,
    onFrequentGrants,
  })
  return {
    ...scalars,
    Query: {
      [region.viewField]: (_: unknown, { nhsNumbers }: { readonly nhsNumbers: readonly string[] }, context: ServiceContext) =>
        readView({ ...question(context), nhsNumbers, turns }),
      [region.documentsField]: async (_: unknown, { ids }: { readonly ids: readonly string[] }, context: ServiceContext): Promise<readonly Region.DocumentReply[]> => {
        if (ids.length > mostDocuments) throw fault('TOO_MANY_DOCUMENTS', `Expected at most ${mostDocuments} ids.`)
        const found = await readDocuments({ ...question(context), ids })
        return ids.map((id) => ({ id, nhsNumber: found.get(id)?.document ? (found.get(id)?.nhsNumber ?? null) : null }))
      },
      [region.countsField]: (_: unknown, args: { readonly week: string; readonly since: string }, context: ServiceContext) => countDocuments(question(context), args),
      openReviews: (_: unknown, { first, after }: { readonly first: number; readonly after?: string | null }, context: ServiceContext) =>
        readOpenReviews(question(context), { first, after: after ?? null }),
      explainAccess: (_: unknown, { nhsNumber, viewer }: { readonly nhsNumber: string; readonly viewer: Region.ExplainedViewer }, context: ServiceContext) =>
        explainAccess({ ...question(context), nhsNumber, explained: viewer }),
    },
    Mutation: {
      recordPermission: (_: unknown, { nhsNumber, basis }: Region.MutationRecordPermissionArgs, context: ServiceContext) =>
        answerInSteps(() => recordPermission({ ...question(context), nhsNumber }, basis)),
      withdrawPermission: (_: unknown, { nhsNumber }: Region.MutationWithdrawPermissionArgs, context: ServiceContext) =>
        answerInSteps(() => withdrawPermission({ ...question(context), nhsNumber })),
      breakGlass: (_: unknown, { nhsNumber, ...glass }: Region.MutationBreakGlassArgs, context: ServiceContext) =>
        answerInSteps(() => breakGlass({ ...question(context), nhsNumber }, glass)),
      reviewOverride: (_: unknown, review: Region.MutationReviewOverrideArgs, context: ServiceContext) => reviewOverride(question(context), review),
    },
    Record: {
      nhsNumber: ({ patient }: ReleasedRecord) => patient.nhsNumber,
      localIdentifiers: ({ patient, items }: ReleasedRecord) => (items.section('demographics') === 'release' && !patient.sensitive ? patient.localIdentifiers : []),
      demographics: ({ patient, items }: ReleasedRecord) => {
        if (items.section('demographics') !== 'release') return null
        return patient.sensitive && patient.demographics ? withoutPlaces(patient.demographics) : patient.demographics
      },
      ...createListSections(now),
      ...createTimelineSections(now),
      ...recordResolvers,
    },
  }
}
