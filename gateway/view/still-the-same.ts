import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { RegionOutcome } from '../regions/region-reply.ts'

export interface SameQuestion {
  /** Of every region, in any order; null: it was not asked. */
  readonly outcomes: readonly (RegionOutcome | null)[]
  /** Codes of the regions. */
  readonly regions: readonly string[]
  readonly holder: TokenHolder
  readonly context: AccessContext
  readonly decideAccess: DecideAccess
  /** Those asked, and what they are called now. */
  readonly nhsNumbers: readonly string[]
  readonly isFlagged: IsFlagged
}

/**
 * Says from now on whether views of these outcomes would be the same: every region may be asked still, its replies are found still, and
 * flags the same patients. Null where not all came out of the cache. It holds no reply, only what tells them apart.
 */
export function toStillTheSame({ outcomes, regions, holder, context, decideAccess, nhsNumbers, isFlagged }: SameQuestion): (() => boolean) | null {
  const held = outcomes.flatMap((outcome) => (isKept(outcome) && outcome.stillHolds ? [outcome.stillHolds] : []))
  if (held.length < regions.length) return null
  const flags = regions.flatMap((region) => nhsNumbers.map((nhsNumber) => ({ region, nhsNumber, flagged: isFlagged(region, nhsNumber) })))
  return () =>
    held.every((holds) => holds()) &&
    regions.every((region) => decideAccess(region, holder, context).code === 'PERMITTED') &&
    flags.every(({ region, nhsNumber, flagged }) => isFlagged(region, nhsNumber) === flagged)
}

function isKept(outcome: RegionOutcome | null): outcome is RegionOutcome & { readonly status: 'REPLIED' } {
  return outcome?.status === 'REPLIED' && outcome.kept?.size === outcome.view.patients.length
}
