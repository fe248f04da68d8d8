import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { RegionOutcome } from '../regions/region-reply.ts'
import type { Validity } from '../request/response-dependencies.ts'

export interface ValidityOptions {
  /** Each region's outcome, in any order; null: it was not asked. */
  readonly outcomes: readonly (RegionOutcome | null)[]
  /** Codes of the regions. */
  readonly regions: readonly string[]
  readonly holder: TokenHolder
  readonly context: AccessContext
  readonly decideAccess: DecideAccess
  /** The requested numbers and their successors. */
  readonly nhsNumbers: readonly string[]
  readonly isFlagged: IsFlagged
}

/** Creates the validity of views of these outcomes; null unless all came out of the cache. */
export function toValidity({
  outcomes,
  regions,
  holder,
  context,
  decideAccess,
  nhsNumbers,
  isFlagged,
}: ValidityOptions): Validity | null {
  const cachedOutcomes = outcomes.flatMap((outcome) =>
    isCachedOutcome(outcome) ? [{ holds: outcome.isStillValid, untilMs: outcome.validUntilMs }] : [],
  )
  if (cachedOutcomes.length < regions.length) return null
  const flags = regions.flatMap((region) =>
    nhsNumbers.map((nhsNumber) => ({ region, nhsNumber, flagged: isFlagged(region, nhsNumber) })),
  )
  return {
    isValid: () =>
      cachedOutcomes.every(({ holds }) => holds()) &&
      regions.every((region) => decideAccess(region, holder, context).code === 'PERMITTED') &&
      flags.every(({ region, nhsNumber, flagged }) => isFlagged(region, nhsNumber) === flagged),
    untilMs: Math.min(...cachedOutcomes.map(({ untilMs }) => untilMs)),
  }
}

type CachedOutcome = RegionOutcome & {
  readonly status: 'REPLIED'
  readonly isStillValid: () => boolean
  readonly validUntilMs: number
}

function isCachedOutcome(outcome: RegionOutcome | null): outcome is CachedOutcome {
  return (
    outcome?.status === 'REPLIED' &&
    outcome.cachedReadAt?.size === outcome.view.patients.length &&
    outcome.isStillValid !== undefined &&
    outcome.validUntilMs !== undefined
  )
}
