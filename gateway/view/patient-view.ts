import type { Presence } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { RecordReply } from '../regions/region-reply.ts'
import { checkIdentity } from './check-identity.ts'
import { type Completeness, toCompleteness, toPresence } from './completeness.ts'
import type { LocationProtection } from './location-protection.ts'
import { type MergedDemographics, mergeDemographics } from './merge-demographics.ts'
import { type ListReply, type MergedList, mergeList } from './merge-list.ts'
import { type MergedTimeline, mergeTimeline, type PageReply } from './merge-timeline.ts'
import { sectionKey, type ViewPlan } from './plan-view.ts'
import type { RegionPart } from './region-part.ts'
import { sectionTable } from './section-table.ts'
import type { CursorCodec, TimelinePositions } from './timeline-cursor.ts'

export type Args = Readonly<Record<string, unknown>>

/** One patient out of many regions, as the public schema's Patient shows it. */
export interface PatientView {
  readonly askedNhsNumber: string
  readonly nhsNumber: string
  readonly presence: Presence
  readonly completeness: Completeness
  readonly demographics: MergedDemographics | null
  /** The regions' own records, in the order of the list of regions. */
  readonly records: readonly { readonly part: RegionPart; readonly record: RecordReply }[]
  section(field: string, args: Args): MergedList | MergedTimeline
}

export interface PatientViewOptions {
  readonly askedNhsNumber: string
  readonly birthDate: string | null
  readonly plan: ViewPlan
  /** Every configured region's part, in the order of the list of regions. */
  readonly parts: readonly RegionPart[]
  readonly cursors: CursorCodec
  readonly protectLocation: LocationProtection
}

/** Assembles one patient's view from the regions' parts. Pure. */
export function createPatientView({ askedNhsNumber, birthDate, plan, parts: unchecked, cursors, protectLocation }: PatientViewOptions): PatientView {
  const { parts: checked, birthDateNeeded } = checkIdentity(unchecked, birthDate)
  // If any region flags the patient, no region's answer shows a place.
  const locationProtected = unchecked.some(({ sensitive }) => sensitive)
  const parts = locationProtected ? checked.map((part) => (part.status === 'ANSWERED' ? { ...part, reply: protectLocation(part.reply) } : part)) : checked
  const answered = parts.flatMap((part) => (part.status === 'ANSWERED' ? [{ part, reply: part.reply, record: part.reply.record }] : []))
  const merged = new Map<string, MergedList | MergedTimeline>()
  let demographics: MergedDemographics | null = null

  for (const { alias, field, args } of plan.sections) {
    const replyOf = (part: RegionPart) => part.reply?.record[`gw_${alias}`] ?? null
    const definition = sectionTable[field]
    if (!definition) {
      const records = parts.flatMap((part) => {
        const item = replyOf(part) as Region.Demographics | null
        return item ? [{ region: part.region.code, item }] : []
      })
      demographics = mergeDemographics(records, locationProtected)
    } else if (definition.form === 'list') {
      merged.set(
        sectionKey(field, args),
        mergeList(field, definition, parts, (part) => replyOf(part) as ListReply | null),
      )
    } else {
      const page = {
        field,
        definition,
        first: Number(args.first),
        after: readCursor(cursors, askedNhsNumber, field, args),
        printCursor: (positions: TimelinePositions) => cursors.print(positions, { nhsNumber: askedNhsNumber, field, filter: args.filter }),
      }
      merged.set(
        sectionKey(field, args),
        mergeTimeline(page, parts, (part) => replyOf(part) as PageReply | null),
      )
    }
  }

  return {
    askedNhsNumber,
    nhsNumber: answered.find(({ reply }) => reply.nhsNumber !== null && reply.nhsNumber !== askedNhsNumber)?.reply.nhsNumber ?? askedNhsNumber,
    presence: toPresence(parts),
    completeness: toCompleteness(parts, [...merged.values()], birthDateNeeded),
    demographics,
    records: answered.map(({ part, record }) => ({ part, record })),
    section(field, args) {
      const section = merged.get(sectionKey(field, args))
      if (!section) throw new Error(`The plan has no section for ${field}`)
      return section
    },
  }
}

/** Where each region stands before a page; throws BAD_CURSOR for a cursor that is not good for this patient, field and filter. */
export function readCursor(cursors: CursorCodec, nhsNumber: string, field: string, { after, filter }: Args): TimelinePositions {
  if (after === null || after === undefined) return new Map()
  const positions = cursors.parse(String(after), { nhsNumber, field, filter })
  if (!positions) throw fault('BAD_CURSOR', `Expected a cursor of this patient's ${field} with the same filter.`)
  return positions
}
