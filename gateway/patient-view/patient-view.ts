import type { AccessContext } from '../../schema/assertion.ts'
import type { Presence } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { isTimelineField, type SectionField } from '../../schema/sections.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { RecordReply } from '../regions/region-reply.ts'
import type { IdentityCheck } from './check-identity.ts'
import { type Completeness, toCompleteness, toPresence } from './completeness.ts'
import type { LocationRedaction } from './location-redaction.ts'
import { type MergedDemographics, mergeDemographics } from './merge-demographics.ts'
import { type ListReply, type MergedList, mergeList } from './merge-list.ts'
import { type MergedTimeline, mergeTimeline, type PageReply } from './merge-timeline.ts'
import { toSectionKey, type ViewPlan } from './plan-view.ts'
import { findSectionReply, type RegionResult } from './region-result.ts'
import type { CursorCodec, TimelinePositions } from './timeline-cursor.ts'
import { withPageSize } from './timeline-cursor.ts'

export type FieldArgs = Readonly<Record<string, unknown>>

/** One patient merged from the regions' results, in the shape of the public schema's Patient. */
export interface PatientView {
  readonly askedNhsNumber: string
  /** The viewer's purpose, reason and relationship for this patient. */
  readonly context: AccessContext
  readonly nhsNumber: string
  readonly presence: Presence
  readonly completeness: Completeness
  readonly demographics: MergedDemographics | null
  /** No region's part shows a location of the patient. */
  readonly locationProtected: boolean
  /** Codes of the regions that withhold requested demographics. */
  readonly withheldDemographics: ReadonlySet<string>
  /** Every region's result, for the audit trail. */
  readonly regionResults: readonly RegionResult[]
  /** The regional records in the order of the list of regions; empty if the patient's location is protected. */
  readonly records: readonly { readonly result: RegionResult; readonly record: RecordReply }[]
  /** By region code, the number of items of which the region is a source. */
  readonly itemCounts: ReadonlyMap<string, number>
  /** All requested sections. */
  readonly sections: readonly (MergedList | MergedTimeline)[]
  section(field: SectionField, args: FieldArgs): MergedList | MergedTimeline
}

export interface PatientViewOptions {
  readonly askedNhsNumber: string
  readonly context: AccessContext
  readonly plan: ViewPlan
  /** Every configured region's result, in the order of the list of regions, after the identity check. */
  readonly identity: IdentityCheck
  /** By alias, each region's positions before the pages that begin after a cursor. */
  readonly starts: ReadonlyMap<string, TimelinePositions>
  readonly cursors: CursorCodec
  readonly isFlagged: IsFlagged
  readonly redaction: LocationRedaction
  /** The regions were asked by the plan for protected locations (toProtectedPlan). */
  readonly isPlanProtected: boolean
}

/** Merges the regions' results into one patient's view. Pure. */
export function createPatientView(options: PatientViewOptions): PatientView {
  const { askedNhsNumber, context, plan, identity, starts, cursors, isFlagged, isPlanProtected } = options
  const { results, birthDateNeeded } = identity
  const answered = results.flatMap((result) => (result.status === 'ANSWERED' ? [{ result, reply: result.reply }] : []))
  const nhsNumber = answered.find(({ reply }) => reply.nhsNumber !== askedNhsNumber)?.reply.nhsNumber ?? askedNhsNumber
  const nhsNumbers = new Set([askedNhsNumber, nhsNumber])
  const locationProtected =
    isPlanProtected ||
    results.some((result) => mayBeFlaggedSensitive(result, { askedNhsNumber, nhsNumbers, isFlagged }))
  const redaction = locationProtected ? options.redaction : null
  const merged = new Map<string, MergedList | MergedTimeline>()
  const demographicsAsked = plan.sections.some(({ field }) => field === 'demographics')
  const withheldDemographics = new Set(
    answered.flatMap(({ result, reply }) =>
      demographicsAsked && reply.demographicsWithheld ? [result.region.code] : [],
    ),
  )
  let demographics: MergedDemographics | null = null

  for (const { alias, field, args, fields } of plan.sections) {
    if (field === 'demographics') {
      const records = results.flatMap((result) => {
        const item = findSectionReply<Region.Demographics>(result, alias)
        return item ? [{ region: result.region.code, item }] : []
      })
      demographics = mergeDemographics({ redaction, fields }, records)
    } else if (isTimelineField(field)) {
      const printCursor = (positions: TimelinePositions) =>
        cursors.print(positions, { nhsNumbers, field, filter: args.filter, isSealed: locationProtected })
      const page = {
        section: field,
        first: Number(args.first),
        after: starts.get(alias) ?? null,
        printCursor,
        context,
        askedNhsNumber,
        fields,
        redaction,
      }
      const timeline = mergeTimeline(page, results, (result) => findSectionReply<PageReply>(result, alias))
      merged.set(toSectionKey(field, args), timeline)
    } else {
      const list = mergeList({ section: field, context, askedNhsNumber, fields, redaction }, results, (result) =>
        findSectionReply<ListReply>(result, alias),
      )
      merged.set(toSectionKey(field, args), list)
    }
  }

  return {
    askedNhsNumber,
    context,
    nhsNumber,
    presence: toPresence(results),
    completeness: toCompleteness(results, { sections: [...merged.values()], withheldDemographics, birthDateNeeded }),
    demographics,
    locationProtected,
    withheldDemographics,
    regionResults: results,
    // Regional records have fields and filters that the gateway does not know well enough to redact.
    records: locationProtected ? [] : answered.map(({ result, reply }) => ({ result, record: reply.record })),
    itemCounts: countItems([...merged.values()]),
    sections: [...merged.values()],
    section(field, args) {
      const section = merged.get(toSectionKey(field, withPageSize(args)))
      if (!section) throw new Error(`The plan has no section for ${field}`)
      return section
    },
  }
}

/**
 * Tells whether the location must be protected: one region's flag protects it in every region's part.
 * That holds also where the flagging region was not asked, does not answer, or has never sent its flags. A reply's
 * own flag is about the requested number alone, not about a successor that another region states.
 */
function mayBeFlaggedSensitive(
  { region, sensitive }: RegionResult,
  {
    askedNhsNumber,
    nhsNumbers,
    isFlagged,
  }: { readonly askedNhsNumber: string; readonly nhsNumbers: ReadonlySet<string>; readonly isFlagged: IsFlagged },
): boolean {
  if (sensitive) return true
  for (const nhsNumber of nhsNumbers)
    if (isFlagged(region.code, nhsNumber) ?? (sensitive === null || nhsNumber !== askedNhsNumber)) return true
  return false
}

function countItems(sections: PatientView['sections']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { nodes } of sections) {
    for (const { sources } of nodes) for (const { region } of sources) counts.set(region, (counts.get(region) ?? 0) + 1)
  }
  return counts
}
