import type { ConsentDecision } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import type { Decision } from '../../schema/policies/decision.ts'

/** What a region's rules decided, as the audit trail has it: more than the viewer is told. */
export type RegionDecision = Pick<
  Region.ReleaseDecision,
  'code' | 'rules' | 'policyVersion' | 'breakGlass' | 'grants' | 'permission' | 'itemRules' | 'alert'
>

/** What the access rules alone decided; no fact of a patient enters it. */
export function toRegionDecision({ code, rules, policyVersion }: Decision): RegionDecision {
  return { code, rules, policyVersion, breakGlass: [], grants: [], permission: null, itemRules: [], alert: false }
}

/** What the viewer is told of a decision. */
export function toConsentDecision({
  code,
  rules,
  policyVersion,
  breakGlass,
  grants,
}: Pick<RegionDecision, 'code' | 'rules' | 'policyVersion' | 'breakGlass' | 'grants'>): ConsentDecision {
  return {
    code,
    rules,
    policyVersion,
    grant: grants[0] ?? null,
    breakGlass: breakGlass.map(({ barrier, reasons }) => ({ barrier, reasons })),
  }
}

/** What a region's answer comes to under a decision: ANSWERED where it shows a record, if it has one. */
export const statusByDecision = {
  PERMITTED: 'ANSWERED',
  OVERRIDDEN: 'ANSWERED',
  PERMISSION_REQUIRED: 'PERMISSION_REQUIRED',
  RELATIONSHIP_REQUIRED: 'RELATIONSHIP_REQUIRED',
  REFUSED_PURPOSE: 'REFUSED',
  REFUSED_AGREEMENT: 'REFUSED',
  REFUSED_ROLE: 'REFUSED',
  REFUSED_SELF: 'REFUSED',
  REFUSED_OPT_OUT: 'REFUSED',
} as const satisfies Record<Region.ReleaseCode, string>
