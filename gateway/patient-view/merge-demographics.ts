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
  /** Null: the patient's locations may be shown. */
  readonly redaction: LocationRedaction | null
  /** The fields that are shown (needed-fields.ts); null: all, with what the regions disagree on. */
  readonly fields: readonly string[] | null
}

/** Returns the newest demographic record whole, with the regions' disagreements; null without any record. */
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
