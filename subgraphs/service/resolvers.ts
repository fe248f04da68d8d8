import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import { maxDocumentsPerRequest } from '../../schema/region-contract.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { scalars } from '../../schema/scalars.ts'
import { explainAccess } from '../overrides/explain-access.ts'
import {
  breakGlass,
  type PatientRequest,
  recordPermission,
  withdrawPermission,
} from '../overrides/permissions-and-grants.ts'
import { readOpenReviews, reviewOverride } from '../overrides/reviews.ts'
import { createFairScheduler } from '../release/fair-scheduler.ts'
import { padResponseTime } from '../release/pad-response-time.ts'
import { redactLocations } from '../release/redact-locations.ts'
import type { RecordReleaseRequest } from '../release/release-records.ts'
import type { ReleasedRecord } from '../release/released-record.ts'
import { readView } from '../release/view-reply.ts'
import { createListSections } from '../sections/list-sections.ts'
import { readDocuments } from '../sections/read-documents.ts'
import type { RecordResolver } from '../sections/regional-record-fields.ts'
import { createTimelineSections } from '../sections/timeline-sections.ts'
import type { RecordStore } from '../store/record-store.ts'
import { countDocuments } from './count-documents.ts'

/** The request's verified caller and context. */
export interface StoreRequestContext {
  readonly viewer: TokenHolder
  readonly access: AccessContext
}

export interface ResolverOptions {
  readonly store: RecordStore
  readonly region: Pick<
    RegionConfiguration,
    'code' | 'slug' | 'organisation' | 'viewField' | 'documentsField' | 'countsField'
  >
  readonly policies: Policies
  /** Resolvers of the fields that the region's SDL adds to Record. */
  readonly regionalResolvers: Readonly<Record<string, RecordResolver>>
  readonly onRelease?: RecordReleaseRequest['onRelease']
  readonly onFrequentGrants?: PatientRequest['onFrequentGrants']
  readonly now: () => number
}

/** Creates the resolvers of a region's SDL over its store. */
export function createResolvers({
  store,
  region,
  policies,
  regionalResolvers,
  onRelease,
  onFrequentGrants,
  now,
}: ResolverOptions) {
  // All requests share one scheduler, so that their reads take turns.
  const scheduler = createFairScheduler()
  const toRequest = ({ viewer, access }: StoreRequestContext) => ({
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
      [region.viewField]: (
        _: unknown,
        { nhsNumbers }: { readonly nhsNumbers: readonly string[] },
        context: StoreRequestContext,
      ) => readView({ ...toRequest(context), nhsNumbers, turns: scheduler }),
      [region.documentsField]: async (
        _: unknown,
        { ids }: { readonly ids: readonly string[] },
        context: StoreRequestContext,
      ): Promise<readonly Region.DocumentReply[]> => {
        if (ids.length > maxDocumentsPerRequest)
          throw fault('TOO_MANY_DOCUMENTS', `Expected at most ${maxDocumentsPerRequest} ids.`)
        const found = await readDocuments({ ...toRequest(context), ids })
        return ids.map((id) => ({ id, nhsNumber: found.get(id)?.document ? (found.get(id)?.nhsNumber ?? null) : null }))
      },
      [region.countsField]: (
        _: unknown,
        args: { readonly week: string; readonly since: string },
        context: StoreRequestContext,
      ) => countDocuments(toRequest(context), args),
      openReviews: (
        _: unknown,
        { first, after }: { readonly first: number; readonly after?: string | null },
        context: StoreRequestContext,
      ) => readOpenReviews(toRequest(context), { first, after: after ?? null }),
      explainAccess: (
        _: unknown,
        { nhsNumber, viewer }: { readonly nhsNumber: string; readonly viewer: Region.ExplainedViewer },
        context: StoreRequestContext,
      ) => explainAccess({ ...toRequest(context), nhsNumber, explained: viewer }),
    },
    Mutation: {
      recordPermission: (
        _: unknown,
        { nhsNumber, basis }: Region.MutationRecordPermissionArgs,
        context: StoreRequestContext,
      ) => padResponseTime(() => recordPermission({ ...toRequest(context), nhsNumber }, basis)),
      withdrawPermission: (
        _: unknown,
        { nhsNumber }: Region.MutationWithdrawPermissionArgs,
        context: StoreRequestContext,
      ) => padResponseTime(() => withdrawPermission({ ...toRequest(context), nhsNumber })),
      breakGlass: (_: unknown, { nhsNumber, ...glass }: Region.MutationBreakGlassArgs, context: StoreRequestContext) =>
        padResponseTime(() => breakGlass({ ...toRequest(context), nhsNumber }, glass)),
      reviewOverride: (_: unknown, review: Region.MutationReviewOverrideArgs, context: StoreRequestContext) =>
        reviewOverride(toRequest(context), review),
    },
    Record: {
      nhsNumber: ({ patient }: ReleasedRecord) => patient.nhsNumber,
      localIdentifiers: ({ patient, items }: ReleasedRecord) =>
        items.sectionOutcome('demographics') === 'release' && !patient.sensitive ? patient.localIdentifiers : [],
      demographics: ({ patient, items }: ReleasedRecord) => {
        if (items.sectionOutcome('demographics') !== 'release') return null
        return patient.sensitive && patient.demographics ? redactLocations(patient.demographics) : patient.demographics
      },
      ...createListSections(now),
      ...createTimelineSections(now),
      ...regionalResolvers,
    },
  }
}
