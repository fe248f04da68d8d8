import type * as Region from '../../../schema/generated/region.ts'
import { organisationName } from '../../../schema/organisations.ts'
import { type FhirIdentifier, odsCodeSystem } from '../datatypes/identifier.ts'
import { type Reference, toReferredType } from '../datatypes/reference.ts'
import type { Place } from '../resource-definition.ts'
import { organization } from '../resources/organization.ts'

/**
 * The organisation that a reference names, by the Bundle's Organization, else by its own ODS code and display; null where it names none.
 * A name that is not published is taken from the table of organisations.
 */
export function toOrganisation(reference: Reference | undefined, place: Place): Region.Organisation | null {
  if (!reference) return null
  const resolved = place.resolve({ ...reference, type: reference.type ?? 'Organization' }, organization)
  const odsCode = toOdsCode(resolved?.resource.identifier) ?? toOdsCode(reference.identifier ? [reference.identifier] : [])
  const name = resolved?.resource.name ?? (isForOther(reference) ? null : reference.display) ?? (odsCode === null ? null : organisationName(odsCode))
  return odsCode === null && name === null ? null : { odsCode, name }
}

function toOdsCode(identifiers: readonly FhirIdentifier[] | undefined): string | null {
  return identifiers?.find((one) => one.system === odsCodeSystem && one.value !== undefined)?.value?.toUpperCase() ?? null
}

/** The display of a person is no organisation's name. */
function isForOther(reference: Reference): boolean {
  const type = toReferredType(reference)
  return type !== undefined && type !== 'Organization'
}
