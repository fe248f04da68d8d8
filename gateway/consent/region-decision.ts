import type { ConsentDecision } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import type { Decision } from '../../schema/policies/decision.ts'

/** A region's decision as the audit trail records it, which is more than the viewer sees. */
export type RegionDecision = Pick<
  Region.ReleaseDecision,
  'code' | 'rules' | 'policyVersion' | 'breakGlass' | 'grants' | 'permission' | 'itemRules' | 'alert'
>

/** Converts a decision of the access rules, which read no fact about a patient. */
export function toRegionDecision({ code, rules, policyVersion }: Decision): RegionDecision {
  return { code, rules, policyVersion, breakGlass: [], grants: [], permission: null, itemRules: [], alert: false }
}

/** Returns the part of a decision that the viewer sees. */
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

/** The status of a region's answer under each decision: ANSWERED means that it shows its record, if it has one. */
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
