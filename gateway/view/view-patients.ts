import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { printTimelinePosition, type TimelinePosition } from '../../schema/timeline-position.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionLoader } from '../regions/region-loader.ts'
import type { RegionOutcome } from '../regions/region-reply.ts'
import type { SectionAsk, ViewAsk } from '../regions/view-ask.ts'
import { askAgain } from './ask-again.ts'
import { checkIdentity } from './check-identity.ts'
import type { LocationProtection } from './location-protection.ts'
import { createPatientView, type PatientView } from './patient-view.ts'
import { toRefusalError } from './plan-records.ts'
import { toProtectedPlan, type ViewPlan } from './plan-view.ts'
import { type StillTheSame, toStillTheSame } from './still-the-same.ts'
import type { CursorCodec, TimelinePositions } from './timeline-cursor.ts'
import { readTimelineStarts } from './timeline-starts.ts'
import { type AskedPatient, toRegionPart, toUnaskedPart } from './to-region-part.ts'

export interface ViewPatientsOptions {
  readonly nhsNumbers: readonly string[]
  /** What the viewer holds the birth date to be; for one patient. */
  readonly birthDate: string | null
  readonly context: AccessContext
  /** Codes of the regions to ask; null for all. */
  readonly regions: readonly string[] | null
  readonly holder: TokenHolder
  readonly plan: ViewPlan
  /** Every region reads its store now. */
  readonly noCache: boolean
  readonly decideAccess: DecideAccess
  readonly clients: readonly RegionClient[]
  readonly loader: RegionLoader
  readonly cursors: CursorCodec
  readonly isFlagged: IsFlagged
  readonly protection: LocationProtection
  /** Told when access rules were asked, by performance.now. @default nobody is told */
  readonly stages?: { accessDecided(sinceMs: number): void }
}

/** The views, in the order asked. */
export interface ViewedPatients {
  readonly views: readonly PatientView[]
  /** Tells whether they would be the same now. Null: that cannot be told, for not all of them came out of the cache. */
  readonly same: StillTheSame | null
}

/**
 * Asks every region that may be asked, at once, and makes a view of each number, in the order asked. A region is asked a second time only
 * for a page that catches another one up, and for a patient whose location turns out to be protected by a region's answer.
 */
export async function viewPatients(options: ViewPatientsOptions): Promise<ViewedPatients> {
  const { nhsNumbers, plan, cursors, clients, isFlagged } = options
  const distinct = [...new Set(nhsNumbers)]
  const starts = readTimelineStarts(plan, distinct, cursors)
  const groups = groupByProtection(distinct, { plan, codes: clients.map(({ region }) => region.code), isFlagged })
  const viewed = await Promise.all(groups.map((group) => viewGroup(options, { ...group, starts })))
  const late = viewed.flatMap(({ views }, index) => views.filter(({ locationProtected }) => locationProtected && groups[index]?.isComplete === false))
  if (late.length > 0) {
    const again = { nhsNumbers: late.map(({ askedNhsNumber }) => askedNhsNumber), askedPlan: toProtectedPlan(plan), askedProtected: true, isComplete: true, starts }
    viewed.push(await viewGroup(options, again))
  }
  // A later view of a number takes the place of an earlier one.
  const views = new Map(viewed.flatMap(({ views: found }) => found.map((view) => [view.askedNhsNumber, view])))
  const [only] = viewed
  return { views: nhsNumbers.flatMap((nhsNumber) => views.get(nhsNumber) ?? []), same: only && viewed.length === 1 ? only.same : null }
}

/** Patients for whom regions are asked the same. */
interface ViewGroup {
  readonly nhsNumbers: readonly string[]
  /** What is asked of the regions; what is shown is the plan of the options. */
  readonly askedPlan: ViewPlan
  readonly askedProtected: boolean
  /** Whether what is asked is enough for a patient whose location is protected. */
  readonly isComplete: boolean
}

/** Those of whom a region has told that it flags them apart, where they are to be asked for otherwise. */
function groupByProtection(
  nhsNumbers: readonly string[],
  { plan, codes, isFlagged }: { readonly plan: ViewPlan; readonly codes: readonly string[]; readonly isFlagged: IsFlagged },
): readonly ViewGroup[] {
  const protectedPlan = toProtectedPlan(plan)
  if (protectedPlan === plan) return [{ nhsNumbers, askedPlan: plan, askedProtected: false, isComplete: true }]
  const { flagged = [], others = [] } = Object.groupBy(nhsNumbers, (nhsNumber) => (codes.some((code) => isFlagged(code, nhsNumber) === true) ? 'flagged' : 'others'))
  const groups = [
    // What regions answer for their own records is left out then, and need not be asked for otherwise.
    { nhsNumbers: others, askedPlan: plan, askedProtected: false, isComplete: protectedPlan.sections === plan.sections },
    { nhsNumbers: flagged, askedPlan: protectedPlan, askedProtected: true, isComplete: true },
  ]
  return nhsNumbers.length === 0 ? groups.slice(0, 1) : groups.filter((group) => group.nhsNumbers.length > 0)
}

async function viewGroup(
  options: ViewPatientsOptions,
  { nhsNumbers, askedPlan, askedProtected, starts }: ViewGroup & { readonly starts: ReadonlyMap<string, TimelinePositions> },
): Promise<ViewedPatients> {
  const { birthDate, context, regions, holder, plan, noCache, decideAccess, clients, loader, cursors, isFlagged, protection, stages } = options
  const ask: ViewAsk = { nhsNumbers, context, sections: toSectionAsks(askedPlan, starts), records: askedPlan.records, noCache }
  const outcomes: (RegionOutcome | null)[] = clients.map(() => null)
  const partsOf = await Promise.all(
    clients.map(async (client, place) => {
      if (regions && !regions.includes(client.region.code)) return () => toUnaskedPart(client.region, null)
      const sinceMs = performance.now()
      const access = decideAccess(client.region.code, holder, context)
      stages?.accessDecided(sinceMs)
      if (access.code !== 'PERMITTED') return () => toUnaskedPart(client.region, access)
      const outcome = await loader.load({ client, ask })
      outcomes[place] = outcome
      return (patient: AskedPatient) => toRegionPart(client.region, outcome, patient)
    }),
  )
  for (const [place, outcome] of outcomes.entries()) assertNotRefused(outcome, plan, clients[place])
  let isOfOutcomes = true
  const views = await Promise.all(
    nhsNumbers.map(async (askedNhsNumber, index) => {
      const unchecked = partsOf.map((partOf) => partOf({ askedNhsNumber, index }))
      const { parts, birthDateNeeded } = checkIdentity(unchecked, { askedNhsNumber, birthDate })
      const whole = await askAgain(parts, { nhsNumber: askedNhsNumber, context, plan: askedPlan, starts, clients, loader, noCache })
      // What was asked again may fail the next time.
      isOfOutcomes &&= whole.every((part, place) => part === parts[place])
      return createPatientView({ askedNhsNumber, context, plan, identity: { parts: whole, birthDateNeeded }, starts, cursors, isFlagged, protection, askedProtected })
    }),
  )
  const codes = clients.map(({ region }) => region.code)
  const numbers = [...new Set([...nhsNumbers, ...views.map(({ nhsNumber }) => nhsNumber)])]
  return { views, same: isOfOutcomes ? toStillTheSame({ outcomes, regions: codes, holder, context, decideAccess, nhsNumbers: numbers, isFlagged }) : null }
}

/** What a region refuses of the client's own arguments on `records` is the client's error: the region has answered. */
function assertNotRefused(outcome: RegionOutcome | null, { records }: ViewPlan, client: RegionClient | undefined): void {
  const smaller = outcome && outcome.status !== 'REPLIED' ? outcome.smaller : null
  const error = smaller?.why === 'REFUSED' ? toRefusalError(records, smaller, client?.region.applicationName ?? '') : null
  if (error) throw error
}

const firstPages = new WeakMap<ViewPlan, readonly SectionAsk[]>()

/** What is asked of each section; first pages of one plan are the same object each time. */
function toSectionAsks(plan: ViewPlan, starts: ReadonlyMap<string, TimelinePositions>): readonly SectionAsk[] {
  const known = starts.size === 0 ? firstPages.get(plan) : undefined
  if (known) return known
  const asks = plan.sections.map((section) => withStarts(section, starts))
  if (starts.size === 0) firstPages.set(plan, asks)
  return asks
}

function withStarts(section: ViewPlan['sections'][number], starts: ReadonlyMap<string, TimelinePositions>): SectionAsk {
  const positions = starts.get(section.alias) ?? new Map<string, TimelinePosition>()
  return { ...section, after: new Map([...positions].map(([region, position]) => [region, printTimelinePosition(position)])) }
}
