import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { printTimelinePosition, type TimelinePosition } from '../../schema/timeline-position.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionLoader } from '../regions/region-loader.ts'
import type { RegionOutcome } from '../regions/region-reply.ts'
import type { SectionRequest, ViewRequest } from '../regions/view-request.ts'
import type { Validity } from '../request/response-dependencies.ts'
import { backfillSources } from './backfill-sources.ts'
import { checkIdentity } from './check-identity.ts'
import type { LocationRedaction } from './location-redaction.ts'
import { createPatientView, type PatientView } from './patient-view.ts'
import { toRefusalError } from './plan-records.ts'
import { readStartPositions, toProtectedPlan, type ViewPlan } from './plan-view.ts'
import { type RequestedPatient, toNotAskedResult, toRegionResult } from './region-result.ts'
import type { CursorCodec, TimelinePositions } from './timeline-cursor.ts'
import { toValidity } from './validity.ts'

export interface ViewPatientsOptions {
  readonly nhsNumbers: readonly string[]
  /** The birth date that the viewer gave, for a single patient. */
  readonly birthDate: string | null
  readonly context: AccessContext
  /** Codes of the regions to ask; null for all. */
  readonly regions: readonly string[] | null
  readonly holder: TokenHolder
  readonly plan: ViewPlan
  /** Every region reads its store, not the cache. */
  readonly noCache: boolean
  readonly decideAccess: DecideAccess
  readonly clients: readonly RegionClient[]
  readonly loader: RegionLoader
  readonly cursors: CursorCodec
  readonly isFlagged: IsFlagged
  readonly redaction: LocationRedaction
  /** Receives the start of the access rules' evaluation (performance.now). @default nothing is recorded */
  readonly stages?: { recordAccessRules(sinceMs: number): void }
}

/** The views in the order requested. */
export interface ViewedPatients {
  readonly views: readonly PatientView[]
  /** Tells whether the views are still current. Null: unknown, because not all replies came out of the cache. */
  readonly validity: Validity | null
}

/**
 * Asks every permitted region at once and returns a view for each number, in the order requested.
 * A region is asked twice only to backfill a page's sources, or for a patient whose location turns out to be
 * protected.
 */
export async function viewPatients(options: ViewPatientsOptions): Promise<ViewedPatients> {
  const { nhsNumbers, plan, cursors, clients, isFlagged } = options
  const distinct = [...new Set(nhsNumbers)]
  const starts = readStartPositions(plan, distinct, cursors)
  const groups = groupByProtection(distinct, { plan, codes: clients.map(({ region }) => region.code), isFlagged })
  const viewed = await Promise.all(groups.map((group) => viewPatientGroup(options, { ...group, starts })))
  const late = viewed.flatMap(({ views }, index) =>
    views.filter(({ locationProtected }) => locationProtected && groups[index]?.isEnoughForProtected === false),
  )
  if (late.length > 0) {
    const protectedGroup = {
      nhsNumbers: late.map(({ askedNhsNumber }) => askedNhsNumber),
      regionPlan: toProtectedPlan(plan),
      isPlanProtected: true,
      isEnoughForProtected: true,
      starts,
    }
    viewed.push(await viewPatientGroup(options, protectedGroup))
  }
  // A later view of the same number replaces an earlier one.
  const views = new Map(viewed.flatMap(({ views: found }) => found.map((view) => [view.askedNhsNumber, view])))
  const [only] = viewed
  return {
    views: nhsNumbers.flatMap((nhsNumber) => views.get(nhsNumber) ?? []),
    validity: only && viewed.length === 1 ? only.validity : null,
  }
}

/** Patients for whom the regions are asked the same. */
interface ViewGroup {
  readonly nhsNumbers: readonly string[]
  /** The plan that regions are asked by; views are shown by the plan of the options. */
  readonly regionPlan: ViewPlan
  readonly isPlanProtected: boolean
  /** Whether the region plan serves a patient whose location is protected too. */
  readonly isEnoughForProtected: boolean
}

/** Separates patients that a region flags, if they need another plan. */
function groupByProtection(
  nhsNumbers: readonly string[],
  {
    plan,
    codes,
    isFlagged,
  }: { readonly plan: ViewPlan; readonly codes: readonly string[]; readonly isFlagged: IsFlagged },
): readonly ViewGroup[] {
  const protectedPlan = toProtectedPlan(plan)
  if (protectedPlan === plan)
    return [{ nhsNumbers, regionPlan: plan, isPlanProtected: false, isEnoughForProtected: true }]
  const { flagged = [], others = [] } = Object.groupBy(nhsNumbers, (nhsNumber) =>
    codes.some((code) => isFlagged(code, nhsNumber) === true) ? 'flagged' : 'others',
  )
  const groups = [
    // The view ignores regional records of flagged patients, so no second request is needed for those.
    {
      nhsNumbers: others,
      regionPlan: plan,
      isPlanProtected: false,
      isEnoughForProtected: protectedPlan.sections === plan.sections,
    },
    { nhsNumbers: flagged, regionPlan: protectedPlan, isPlanProtected: true, isEnoughForProtected: true },
  ]
  return nhsNumbers.length === 0 ? groups.slice(0, 1) : groups.filter((group) => group.nhsNumbers.length > 0)
}

async function viewPatientGroup(
  options: ViewPatientsOptions,
  {
    nhsNumbers,
    regionPlan,
    isPlanProtected,
    starts,
  }: ViewGroup & { readonly starts: ReadonlyMap<string, TimelinePositions> },
): Promise<ViewedPatients> {
  const {
    birthDate,
    context,
    regions,
    holder,
    plan,
    noCache,
    decideAccess,
    clients,
    loader,
    cursors,
    isFlagged,
    redaction,
    stages,
  } = options
  const request: ViewRequest = {
    nhsNumbers,
    context,
    sections: toSectionRequests(regionPlan, starts),
    records: regionPlan.records,
    noCache,
  }
  const outcomes: (RegionOutcome | null)[] = clients.map(() => null)
  const toResults = await Promise.all(
    clients.map(async (client, index) => {
      if (regions && !regions.includes(client.region.code)) return () => toNotAskedResult(client.region, null)
      const sinceMs = performance.now()
      const access = decideAccess(client.region.code, holder, context)
      stages?.recordAccessRules(sinceMs)
      if (access.code !== 'PERMITTED') return () => toNotAskedResult(client.region, access)
      const outcome = await loader.load({ client, request })
      outcomes[index] = outcome
      return (patient: RequestedPatient) => toRegionResult(client.region, outcome, patient)
    }),
  )
  for (const [index, outcome] of outcomes.entries()) assertNotRefused(outcome, plan, clients[index])
  let isFromOutcomesAlone = true
  const views = await Promise.all(
    nhsNumbers.map(async (askedNhsNumber, index) => {
      const unchecked = toResults.map((toResult) => toResult({ askedNhsNumber, index }))
      const { results, birthDateNeeded } = checkIdentity(unchecked, { askedNhsNumber, birthDate })
      const backfilled = await backfillSources(results, {
        nhsNumber: askedNhsNumber,
        context,
        plan: regionPlan,
        starts,
        clients,
        loader,
        noCache,
      })
      // A backfill request may fail the next time, so its result cannot be validated.
      isFromOutcomesAlone &&= backfilled.every((result, position) => result === results[position])
      return createPatientView({
        askedNhsNumber,
        context,
        plan,
        identity: { results: backfilled, birthDateNeeded },
        starts,
        cursors,
        isFlagged,
        redaction,
        isPlanProtected,
      })
    }),
  )
  const codes = clients.map(({ region }) => region.code)
  const numbers = [...new Set([...nhsNumbers, ...views.map(({ nhsNumber }) => nhsNumber)])]
  return {
    views,
    validity: isFromOutcomesAlone
      ? toValidity({ outcomes, regions: codes, holder, context, decideAccess, nhsNumbers: numbers, isFlagged })
      : null,
  }
}

/**
 * Throws if a region refuses the client's own arguments on `records`; the region has answered, so the mistake is the
 * client's.
 */
function assertNotRefused(
  outcome: RegionOutcome | null,
  { records }: ViewPlan,
  client: RegionClient | undefined,
): void {
  const smaller = outcome && outcome.status !== 'REPLIED' ? outcome.splitReason : null
  const error =
    smaller?.why === 'REFUSED' ? toRefusalError(records, smaller, client?.region.applicationName ?? '') : null
  if (error) throw error
}

const firstPageRequests = new WeakMap<ViewPlan, readonly SectionRequest[]>()

/** Returns the request for each section; first pages of one plan are the same object each time. */
function toSectionRequests(plan: ViewPlan, starts: ReadonlyMap<string, TimelinePositions>): readonly SectionRequest[] {
  const cached = starts.size === 0 ? firstPageRequests.get(plan) : undefined
  if (cached) return cached
  const requests = plan.sections.map((section) => withStarts(section, starts))
  if (starts.size === 0) firstPageRequests.set(plan, requests)
  return requests
}

function withStarts(
  section: ViewPlan['sections'][number],
  starts: ReadonlyMap<string, TimelinePositions>,
): SectionRequest {
  const positions = starts.get(section.alias) ?? new Map<string, TimelinePosition>()
  return {
    ...section,
    after: new Map([...positions].map(([region, position]) => [region, printTimelinePosition(position)])),
  }
}
