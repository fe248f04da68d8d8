import type * as Region from '../../../schema/generated/region.ts'

/** A region's plain permit, but for what is said. */
export function releaseDecision(changes: Partial<Region.ReleaseDecision> = {}): Region.ReleaseDecision {
  return {
    code: 'PERMITTED',
    rules: [],
    policyVersion: '1',
    breakGlass: [],
    grants: [],
    permission: null,
    itemRules: [],
    alert: false,
    standsForMs: 60_000,
    cacheable: true,
    ...changes,
  }
}
