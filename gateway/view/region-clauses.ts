import type { RegionPart } from './region-part.ts'
import { breakGlassForRestrictedWords, breakGlassWords, overriddenWords, refusalWords, regionWords, tooLargeWords, withheldWords } from './words.ts'

/** What of a part is spoken of. */
export type SpokenPart = Pick<RegionPart, 'region' | 'status' | 'decision' | 'isTooLarge'>

/** What came of asking a region, and what this viewer can do about it. */
export function toRegionClauses(part: SpokenPart): readonly string[] {
  const { region, status, decision } = part
  const words = (status === 'REFUSED' && decision && refusalWords[decision.code]) || toStatusWords(part)
  return [words(region.applicationName), ...toOverrideClauses(part), ...(isBarred(part) ? [breakGlassWords(region.applicationName)] : [])]
}

/** What came of asking a region, in few words. */
export function toStatusWords({ status, isTooLarge = false }: Pick<RegionPart, 'status' | 'isTooLarge'>): (name: string) => string {
  return isTooLarge ? tooLargeWords : regionWords[status]
}

/** That what is shown was barred. */
export function toOverrideClauses({ region, status, decision }: SpokenPart): readonly string[] {
  return status === 'ANSWERED' && decision?.code === 'OVERRIDDEN' ? [overriddenWords(region.applicationName)] : []
}

/** That something is withheld from what a region answered, and what this viewer can do about it. */
export function toWithheldClauses({ region, decision }: SpokenPart): readonly string[] {
  return [withheldWords(region.applicationName), ...(canBreakGlass({ decision }) ? [breakGlassForRestrictedWords(region.applicationName)] : [])]
}

function isBarred({ status, decision }: SpokenPart): boolean {
  return (status === 'REFUSED' || status === 'PERMISSION_REQUIRED') && canBreakGlass({ decision })
}

function canBreakGlass({ decision }: Pick<SpokenPart, 'decision'>): boolean {
  return decision !== null && decision.breakGlass.length > 0
}
