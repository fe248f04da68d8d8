import type { TokenHolder } from '../../../schema/access-token.ts'
import type { AccessContext } from '../../../schema/assertion.ts'

/** Who asks, and why: all that a region's rules can read, and nothing else. */
export interface ModelViewer {
  readonly holder: TokenHolder
  readonly context: AccessContext
}

const holder: TokenHolder = {
  id: '555036632103',
  name: 'Dr Ada Sample',
  role: { system: 'https://fhir.nhs.uk/CodeSystem/NHSDigital-SDS-JobRoleCode', code: 'R0050', display: null },
  areaOfWork: null,
  nhsNumber: null,
  organisation: { odsCode: 'REM', name: null },
  purpose: null,
  scopes: ['record'],
  verifiedUntilMs: Number.MAX_SAFE_INTEGER,
}
const context: AccessContext = { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null }

/** A viewer, and for each fact one who differs from the first in that fact alone. */
export const viewers: readonly ModelViewer[] = [
  { holder, context },
  { holder: { ...holder, id: '555036632104' }, context },
  { holder: { ...holder, role: { ...holder.role, code: 'R1290' } }, context },
  { holder: { ...holder, organisation: { odsCode: 'RXN', name: null } }, context },
  { holder: { ...holder, areaOfWork: 'GENITOURINARY_MEDICINE' }, context },
  { holder: { ...holder, nhsNumber: '9990000093' }, context },
  { holder: { ...holder, purpose: 'DIRECT_CARE' }, context },
  { holder, context: { ...context, purpose: 'EMERGENCY' } },
  { holder, context: { ...context, relationship: 'CLAIMED' } },
  { holder, context: { ...context, reason: 'MENTAL_HEALTH_CARE' } },
  { holder, context: { ...context, supervisor: '555036632199' } },
]

/** What tells viewers apart, as the model has it. */
export function toIdentity(viewer: ModelViewer): string {
  return String(viewers.indexOf(viewer))
}

export function viewerOf(identity: string): ModelViewer {
  const viewer = viewers[Number(identity)]
  if (!viewer) throw new Error(`No viewer ${identity}`)
  return viewer
}
