import type { AccessContext } from '../../schema/assertion.ts'
import { isClinician } from '../../schema/roles.ts'

/** May this viewer ask at all. Until the regions' policies are in place: direct care by clinicians, the same for every region. */
export interface AccessDecision {
  readonly code: 'PERMITTED' | 'REFUSED_PURPOSE' | 'REFUSED_ROLE'
  readonly rules: readonly string[]
  readonly policyVersion: string
}

export function decideAccess(roleCode: string, { purpose }: AccessContext): AccessDecision {
  const decide = (code: AccessDecision['code']): AccessDecision => ({ code, rules: ['interim-direct-care-by-clinicians'], policyVersion: 'interim-1' })
  if (purpose !== 'DIRECT_CARE') return decide('REFUSED_PURPOSE')
  return decide(isClinician(roleCode) ? 'PERMITTED' : 'REFUSED_ROLE')
}
