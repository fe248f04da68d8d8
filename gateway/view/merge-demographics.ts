import type { Conflict, Source } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { findConflicts } from './conflicts.ts'

export type MergedDemographics = Region.Demographics & {
  readonly locationProtected: boolean
  readonly sources: readonly Source[]
  readonly conflicts: readonly Conflict[]
}

/** The newest demographic record whole, with what the regions disagree on; places only where no region protects them. Null without any. */
export function mergeDemographics(records: readonly { readonly region: string; readonly item: Region.Demographics }[], locationProtected: boolean): MergedDemographics | null {
  const shown = records.map(({ region, item }) => ({ region, item: locationProtected ? withoutPlaces(item) : item }))
  shown.sort((a, b) => compareVersions(a.item, b.item) || (a.region < b.region ? -1 : 1))
  const [newest] = shown
  if (!newest) return null
  return {
    ...newest.item,
    locationProtected,
    sources: shown.map(({ region, item }) => ({ region, organisation: locationProtected ? null : item.organisation, identifier: item.identifier, recordedAt: item.recordedAt })),
    conflicts: findConflicts(shown.map(({ region, item }) => ({ region, item: { ...item } }))),
  }
}

function withoutPlaces(demographics: Region.Demographics): Region.Demographics {
  return { ...demographics, address: null, telecom: [], gpPractice: null, organisation: null }
}

function compareVersions(a: Region.Demographics, b: Region.Demographics): number {
  if (a.version !== null && b.version !== null && a.version !== b.version) return b.version - a.version
  return (b.lastUpdated ? Date.parse(b.lastUpdated) : 0) - (a.lastUpdated ? Date.parse(a.lastUpdated) : 0)
}
