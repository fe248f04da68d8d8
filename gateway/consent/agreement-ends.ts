import { toInstantMs } from '../../schema/partial-date-time.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { AccessFacts } from '../../schema/policies/facts.ts'
import { roleCodes } from '../../schema/policies/role-group.ts'

/** When the first agreement ends under which viewers of other regions may ask this one, by its code, in milliseconds since 1970; the last end that has passed, where none may ask now. Null where no end is known. */
export function createAgreementEnds(policies: ReadonlyMap<string, Policies>, now: () => number): (region: string) => number | null {
  return (region) => {
    const own = policies.get(region)
    const others = [...policies.keys()].filter((one) => one !== region)
    return own ? findEnd(own, others, now()) : null
  }
}

/** The days that the region's rules name are tried on the rules themselves, so whatever they say of them counts. */
function findEnd({ rules, decideAccess }: Policies, others: readonly string[], nowMs: number): number | null {
  const days = [...new Set(rules.flatMap(({ text }) => toDays(text)))].sort((a, b) => a - b)
  const endsOf = (viewer: Omit<AccessFacts, 'nowMs'>): readonly number[] => {
    const may = (atMs: number) => decideAccess({ ...viewer, nowMs: atMs }).code === 'PERMITTED'
    const ends = days.filter((day) => may(day - 1) && !may(day))
    return may(nowMs) ? ends.filter((end) => end > nowMs) : ends.filter((end) => end <= nowMs)
  }
  const ends = others.flatMap((region) => roleCodes.flatMap((role) => endsOf(toViewer(region, role))))
  const toCome = ends.filter((end) => end > nowMs)
  if (toCome.length > 0) return Math.min(...toCome)
  return ends.length > 0 ? Math.max(...ends) : null
}

/** A viewer of that region who asks for care, as supervised as may be. */
function toViewer(region: string, role: string): Omit<AccessFacts, 'nowMs'> {
  return { role, areaOfWork: null, organisation: 'any', regions: [region], purpose: 'DIRECT_CARE', supervised: true }
}

/** The instants at which the days begin, in London, that a rule compares with. */
function toDays(text: string): readonly number[] {
  return [...text.matchAll(/datetime\("([^"]+)"\)/g)].flatMap(([, day = '']) => toInstantMs(day) ?? [])
}
