import { roleSystem } from '../../schema/access-token.ts'
import type { Access, ConsentCode, RegionStatus } from '../../schema/generated/patient-view.ts'
import type { AccessEntry } from '../audit/access-index.ts'

/** An access on the trail as the schema shows it; of kinds VIEW and DOCUMENT, which always have a region. */
export function toAccess({ time, event }: AccessEntry): Access {
  const { kind, person, role, organisation, operation, region, status, decision, authority, alert } = event
  if (region === null) throw new Error(`Expected a region of an access of kind ${kind}`)
  return {
    at: time,
    person: person.id,
    name: person.name,
    role: { system: roleSystem, code: role.code, display: role.display },
    organisation: { odsCode: organisation.odsCode, name: organisation.name },
    operation: kind === 'DOCUMENT' ? 'document content' : (operation.name ?? 'unnamed'),
    region,
    status: status as RegionStatus,
    decision: decision.code === 'UNDECIDED' ? null : (decision.code as ConsentCode),
    grant: authority?.kind === 'GRANT' ? authority.id : null,
    alert,
  }
}
