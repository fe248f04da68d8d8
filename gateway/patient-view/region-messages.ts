import {
  breakGlassForRestrictedMessage,
  breakGlassMessage,
  overriddenMessage,
  refusalMessages,
  regionMessages,
  tooLargeMessage,
  withheldMessage,
} from './messages.ts'
import type { RegionResult } from './region-result.ts'

/** The fields of a region's result that its messages depend on. */
export type DescribedResult = Pick<RegionResult, 'region' | 'status' | 'decision' | 'isTooLarge'>

/** Says what the region answered, and what this viewer can do about it. */
export function toRegionMessages(result: DescribedResult): readonly string[] {
  const { region, status, decision } = result
  const toMessage = (status === 'REFUSED' && decision && refusalMessages[decision.code]) || toStatusMessage(result)
  return [
    toMessage(region.applicationName),
    ...toOverrideMessages(result),
    ...(isRefusedButOverridable(result) ? [breakGlassMessage(region.applicationName)] : []),
  ]
}

/** Says briefly what the region answered. */
export function toStatusMessage({
  status,
  isTooLarge = false,
}: Pick<RegionResult, 'status' | 'isTooLarge'>): (name: string) => string {
  return isTooLarge ? tooLargeMessage : regionMessages[status]
}

/** Says that the glass was broken for what is shown. */
export function toOverrideMessages({ region, status, decision }: DescribedResult): readonly string[] {
  return status === 'ANSWERED' && decision?.code === 'OVERRIDDEN' ? [overriddenMessage(region.applicationName)] : []
}

/** Says that the region withholds something, and what this viewer can do about it. */
export function toWithheldMessages({ region, decision }: DescribedResult): readonly string[] {
  return [
    withheldMessage(region.applicationName),
    ...(canBreakGlass({ decision }) ? [breakGlassForRestrictedMessage(region.applicationName)] : []),
  ]
}

function isRefusedButOverridable({ status, decision }: DescribedResult): boolean {
  return (status === 'REFUSED' || status === 'PERMISSION_REQUIRED') && canBreakGlass({ decision })
}

function canBreakGlass({ decision }: Pick<DescribedResult, 'decision'>): boolean {
  return decision !== null && decision.breakGlass.length > 0
}
