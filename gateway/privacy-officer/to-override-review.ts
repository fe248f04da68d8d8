import type * as Public from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { findOrganisationName } from '../../schema/organisations.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'

/** The schema's OverrideReview before its Region field is resolved. */
export type OverrideReview = Omit<Public.OverrideReview, 'region'> & { readonly region: RegionConfiguration }

/** Converts a region's review to the schema's type. */
export function toOverrideReview(
  { position: _, organisation, ...review }: Region.OverrideReview,
  region: RegionConfiguration,
): OverrideReview {
  return { ...review, region, organisation: { odsCode: organisation, name: findOrganisationName(organisation) } }
}
