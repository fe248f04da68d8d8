import type * as Region from '../../../schema/generated/region.ts'
import { toOdsCode } from '../../../schema/ods-code.ts'
import { findOrganisationName } from '../../../schema/organisations.ts'
import { type FhirIdentifier, odsCodeSystem } from '../datatypes/identifier.ts'
import { type Reference, toReferredType } from '../datatypes/reference.ts'
import type { ReferenceContext } from '../resource-definition.ts'
import { organization } from '../resources/organization.ts'

/**
 * The organisation that a reference names, by the Bundle's Organization, else by its own ODS code and display; null
 * where it names none. A name that is not published is taken from the table of organisations. What stands for an ODS
 * code and is none, is shown in the name.
 */
export function toOrganisation(
  reference: Reference | undefined,
  context: ReferenceContext,
): Region.Organisation | null {
  if (!reference) return null
  const resolved = context.resolve({ ...reference, type: reference.type ?? 'Organization' }, organization)
  const stated = toStatedCodes([
    ...(resolved?.resource.identifier ?? []),
    ...(reference.identifier ? [reference.identifier] : []),
  ])
  const odsCode = stated.map(toOdsCode).find((one) => one !== null) ?? null
  const name =
    resolved?.resource.name ??
    (isForOther(reference) ? null : reference.display) ??
    (odsCode === null ? null : findOrganisationName(odsCode))
  const [unread] = stated
  if (odsCode === null && unread !== undefined)
    return markUnread({ odsCode, name: name === null ? unread : `${name} (${unread})` })
  return odsCode === null && name === null ? null : { odsCode, name }
}

function toStatedCodes(identifiers: readonly FhirIdentifier[]): readonly string[] {
  return identifiers.flatMap(({ system, value }) => (system === odsCodeSystem && value !== undefined ? [value] : []))
}

const unreadOrganisations = new WeakSet<Region.Organisation>()

function markUnread(organisation: Region.Organisation): Region.Organisation {
  unreadOrganisations.add(organisation)
  return organisation
}

/** Whether an organisation of toOrganisation is stated with an ODS code that is none: nobody knows which it is. */
export function hasUnreadCode(organisation: Region.Organisation): boolean {
  return unreadOrganisations.has(organisation)
}

/** The display of a person is no organisation's name. */
function isForOther(reference: Reference): boolean {
  const type = toReferredType(reference)
  return type !== undefined && type !== 'Organization'
}
