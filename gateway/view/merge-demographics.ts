import type { Conflict, Source } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { findConflicts } from './conflicts.ts'
import { newestFirst } from './newest-first.ts'

export type MergedDemographics = Region.Demographics & {
  readonly locationProtected: boolean
  readonly sources: readonly Source[]
  readonly conflicts: readonly Conflict[]
}

/** The newest demographic record whole, with what the regions disagree on. Null without any. */
export function mergeDemographics(records: readonly { readonly region: string; readonly item: Region.Demographics }[], locationProtected: boolean): MergedDemographics | null {
  const sorted = newestFirst(records)
  const [newest] = sorted
  if (!newest) return null
  return {
    ...newest.item,
    locationProtected,
    sources: sorted.map(({ region, item: { organisation, identifier, recordedAt } }) => ({ region, organisation, identifier, recordedAt })),
    conflicts: findConflicts(sorted),
  }
}
