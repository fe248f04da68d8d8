import type * as Public from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { findOrganisationName } from '../../schema/organisations.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'

/** A review as the schema shows it; its Region is resolved further. */
export type OverrideReview = Omit<Public.OverrideReview, 'region'> & { readonly region: RegionConfiguration }

/** A region's review, in the words of the patient view. */
export function toOverrideReview(
  { position: _, organisation, ...review }: Region.OverrideReview,
  region: RegionConfiguration,
): OverrideReview {
  return { ...review, region, organisation: { odsCode: organisation, name: findOrganisationName(organisation) } }
}
