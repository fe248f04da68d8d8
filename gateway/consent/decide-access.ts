import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { isClinician } from '../../schema/roles.ts'

/** Whether this viewer may ask at all. */
export interface AccessDecision {
  readonly code: 'PERMITTED' | 'REFUSED_PURPOSE' | 'REFUSED_ROLE'
  readonly rules: readonly string[]
  readonly policyVersion: string
}

/** Until the regions' policies are in place: direct care by clinicians, the same for every region. */
export function decideAccess({ role, purpose: tokenPurpose }: TokenHolder, { purpose }: AccessContext): AccessDecision {
  const decide = (code: AccessDecision['code']): AccessDecision => ({ code, rules: ['interim-direct-care-by-clinicians'], policyVersion: 'interim-1' })
  if (purpose !== 'DIRECT_CARE' || (tokenPurpose !== null && tokenPurpose !== 'DIRECT_CARE')) return decide('REFUSED_PURPOSE')
  return decide(isClinician(role.code) ? 'PERMITTED' : 'REFUSED_ROLE')
}
