import { toInstantMs } from '../../schema/partial-date-time.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { AccessFacts } from '../../schema/policies/facts.ts'
import { roleCodes } from '../../schema/policies/role-group.ts'

/** When the first agreement ends under which viewers of another region may ask this one, by its code, in milliseconds since 1970; of a region whose viewers may not ask any more, the last end, which goes before those to come. Null where no end is known. */
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

/** The days that the region's rules name are tried on the rules themselves, so whatever they say of them counts. */
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

/** The next end of what some of a region's viewers may; where none may, the last that has passed. */
function findRegionEnds(viewers: readonly AgreementEnds[]): readonly number[] {
  const who = viewers.filter(({ isPermittedNow }) => isPermittedNow)
  const toCome = who.flatMap((one) => one.upcoming)
  const passed = who.length === 0 ? viewers.flatMap((one) => one.past) : []
  if (passed.length > 0) return [Math.max(...passed)]
  return toCome.length > 0 ? [Math.min(...toCome)] : []
}

function toEnds(
  viewer: Omit<AccessFacts, 'nowMs'>,
  days: readonly number[],
  decideAccess: Policies['decideAccess'],
  nowMs: number,
): AgreementEnds {
  const may = (atMs: number) => decideAccess({ ...viewer, nowMs: atMs }).code === 'PERMITTED'
  const ends = days.filter((day) => may(day - 1) && !may(day))
  return {
    isPermittedNow: may(nowMs),
    past: ends.filter((end) => end <= nowMs),
    upcoming: ends.filter((end) => end > nowMs),
  }
}

/** A viewer of that region who asks for care, as supervised as may be. */
function toViewer(region: string, role: string): Omit<AccessFacts, 'nowMs'> {
  return { role, areaOfWork: null, organisation: 'any', regions: [region], purpose: 'DIRECT_CARE', supervised: true }
}

/** The instants at which the days begin, in London, that a rule compares with. */
function findNamedDays(text: string): readonly number[] {
  return [...text.matchAll(/datetime\("([^"]+)"\)/g)].flatMap(([, day = '']) => toInstantMs(day) ?? [])
}
