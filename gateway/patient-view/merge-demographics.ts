import type { Conflict, Source } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { ReplyItem } from '../regions/reply-item.ts'
import { findConflicts } from './find-conflicts.ts'
import { sortNewestFirst } from './group-items.ts'
import type { LocationRedaction } from './location-redaction.ts'

export type MergedDemographics = Region.Demographics & {
  readonly locationProtected: boolean
  readonly sources: readonly Source[]
  readonly conflicts: readonly Conflict[]
}

export interface DemographicsMerge {
  /** Null: the patient's places may be shown. */
  readonly redaction: LocationRedaction | null
  /** What of them is shown (needed-fields.ts); null: what the regions disagree on, too. */
  readonly fields: readonly string[] | null
}

/** The newest demographic record whole, with what the regions disagree on. Null without any. */
export function mergeDemographics(
  { redaction, fields }: DemographicsMerge,
  records: readonly { readonly region: string; readonly item: Region.Demographics }[],
): MergedDemographics | null {
  const sorted = sortNewestFirst(redaction?.redact(records) ?? records)
  const [newest] = sorted
  if (!newest) return null
  const added = {
    locationProtected: redaction !== null,
    sources: sorted.map(({ region, item: { organisation, identifier, recordedAt } }) => ({
      region,
      organisation,
      identifier,
      recordedAt,
    })),
    conflicts: fields === null ? findConflicts(sorted) : [],
  }
  const { item } = newest
  return item instanceof ReplyItem ? Object.assign(new ReplyItem(item) as typeof item, added) : { ...item, ...added }
}
