import { roleSystem, type TokenHolder } from '../../schema/access-token.ts'
import type { Access, ConsentCode, RegionStatus } from '../../schema/generated/patient-view.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { findOrganisationRegions } from '../../schema/organisations.ts'
import { consentCodes } from '../../schema/policies/decision.ts'
import { type AccessEntry, type AccessPage, type AccessQuery, BadAccessCursor } from '../audit/access-index.ts'
import type { PrivacyQueryResult } from './privacy-query-result.ts'
import { type PageArgs, toConnection, toPageSize } from './to-connection.ts'

/**
 * Finds the accesses made by the officer's organisation or to a region of theirs. Throws BAD_CURSOR and
 * FIRST_OUT_OF_RANGE.
 */
export async function findAccesses(
  queryIndex: (query: AccessQuery) => Promise<AccessPage>,
  args: PageArgs,
  { organisation: { odsCode } }: TokenHolder,
  regions: ReadonlySet<string>,
): Promise<PrivacyQueryResult> {
  const { after } = args
  const scope = { organisations: [odsCode], regions: findOrganisationRegions(odsCode) }
  const { accesses, hasNextPage } = await queryIndex({ scope, first: toPageSize(args), after: after ?? null }).catch(
    toFault,
  )
  const edges = accesses.map((access) => ({ cursor: access.cursor, node: toAccess(access, regions) }))
  return { value: toConnection(edges, { hasNextPage, after }), status: 'ANSWERED', items: edges.length }
}

function toFault(cause: unknown): never {
  if (cause instanceof BadAccessCursor) throw fault('BAD_CURSOR', 'Expected a cursor of an earlier page.', { cause })
  throw cause
}

/**
 * Converts an access on the trail to the schema's type. Values unknown to the schema become null, an unknown status
 * FAILED.
 */
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

const knownStatuses: Readonly<Record<RegionStatus, true>> = {
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
  return Object.hasOwn(knownStatuses, status)
}

function isConsentCode(code: string): code is ConsentCode {
  return (consentCodes as readonly string[]).includes(code)
}
