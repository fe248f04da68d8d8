import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'

/** The purpose of use where a request states none: a token may be limited to emergencies. */
export function toDefaultPurpose({ purpose }: TokenHolder): AccessContext['purpose'] {
  return purpose === 'EMERGENCY' ? 'EMERGENCY' : 'DIRECT_CARE'
}
