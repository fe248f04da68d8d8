import { roleSystem } from '../../schema/access-token.ts'
import type { Access, ConsentCode, RegionStatus } from '../../schema/generated/patient-view.ts'
import { consentCodes } from '../../schema/policies/decision.ts'
import type { AccessEntry } from '../audit/access-index.ts'

/** An access on the trail as the schema shows it; what the schema has no word for is null, and of a status FAILED. */
export function toAccess({ time, event, odd }: AccessEntry, regions: ReadonlySet<string>): Access {
  const { kind, person, role, organisation, operation, region, status, decision, authority, alert } = event
  return {
    at: time,
    person: person.id,
    name: person.name,
    role: { system: roleSystem, code: role.code, display: role.display },
    organisation: { odsCode: organisation.odsCode, name: organisation.name },
    operation: kind === 'DOCUMENT' ? 'document content' : (operation.name ?? 'unnamed'),
    region: region !== null && regions.has(region) ? region : null,
    status: isRegionStatus(status) ? status : 'FAILED',
    decision: isConsentCode(decision.code) ? decision.code : null,
    grant: authority?.kind === 'GRANT' ? authority.id : null,
    alert,
    odd: odd !== null,
  }
}

const statuses: Readonly<Record<RegionStatus, true>> = {
  ANSWERED: true,
  NOT_KNOWN: true,
  REFUSED: true,
  PERMISSION_REQUIRED: true,
  RELATIONSHIP_REQUIRED: true,
  IDENTITY_MISMATCH: true,
  TIMED_OUT: true,
  UNREACHABLE: true,
  FAILED: true,
  SUSPENDED: true,
  NOT_ASKED: true,
}

function isRegionStatus(status: string): status is RegionStatus {
  return Object.hasOwn(statuses, status)
}

function isConsentCode(code: string): code is ConsentCode {
  return (consentCodes as readonly string[]).includes(code)
}
