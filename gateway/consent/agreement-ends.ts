import { toInstantMs } from '../../schema/partial-date-time.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { AccessFacts } from '../../schema/policies/facts.ts'
import { roleCodes } from '../../schema/policies/role-group.ts'

/**
 * Creates a reader of the instant (milliseconds since 1970) at which other regions' viewers lose access to a region,
 * by its code.
 * If a region's viewers have lost access already, their last end counts, before any future end. Null: no end is
 * known.
 */
export function createAgreementEndReader(
  policies: ReadonlyMap<string, Policies>,
  now: () => number,
): (region: string) => number | null {
  return (region) => {
    const own = policies.get(region)
    const others = [...policies.keys()].filter((one) => one !== region)
    return own ? findEnd(own, others, now()) : null
  }
}

/** Finds ends by trying the rules at each day they name, so that whatever the rules say of those days counts. */
function findEnd({ rules, decideAccess }: Policies, others: readonly string[], nowMs: number): number | null {
  const days = [...new Set(rules.flatMap(({ text }) => findNamedDays(text)))].sort((a, b) => a - b)
  const ends = others.flatMap((region) =>
    findRegionEnds(roleCodes.map((role) => toEnds(toViewer(region, role), days, decideAccess, nowMs))),
  )
  return ends.length > 0 ? Math.min(...ends) : null
}

interface AgreementEnds {
  readonly isPermittedNow: boolean
  readonly past: readonly number[]
  readonly upcoming: readonly number[]
}

/** Returns the next end for the viewers of one region who have access; if none has, the last past end. */
function findRegionEnds(viewers: readonly AgreementEnds[]): readonly number[] {
  const permitted = viewers.filter(({ isPermittedNow }) => isPermittedNow)
  const upcoming = permitted.flatMap((one) => one.upcoming)
  const past = permitted.length === 0 ? viewers.flatMap((one) => one.past) : []
  if (past.length > 0) return [Math.max(...past)]
  return upcoming.length > 0 ? [Math.min(...upcoming)] : []
}

function toEnds(
  viewer: Omit<AccessFacts, 'nowMs'>,
  days: readonly number[],
  decideAccess: Policies['decideAccess'],
  nowMs: number,
): AgreementEnds {
  const isPermitted = (atMs: number) => decideAccess({ ...viewer, nowMs: atMs }).code === 'PERMITTED'
  const ends = days.filter((day) => isPermitted(day - 1) && !isPermitted(day))
  return {
    isPermittedNow: isPermitted(nowMs),
    past: ends.filter((end) => end <= nowMs),
    upcoming: ends.filter((end) => end > nowMs),
  }
}

/** A supervised viewer of that region who requests data for direct care. */
function toViewer(region: string, role: string): Omit<AccessFacts, 'nowMs'> {
  return { role, areaOfWork: null, organisation: 'any', regions: [region], purpose: 'DIRECT_CARE', supervised: true }
}

/** Returns the instants at which the days that the rules compare with begin in London. */
function findNamedDays(text: string): readonly number[] {
  return [...text.matchAll(/datetime\("([^"]+)"\)/g)].flatMap(([, day = '']) => toInstantMs(day) ?? [])
}
