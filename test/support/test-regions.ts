import { loadRegions, type RegionConfiguration } from '../../schema/regions.ts'

/** The slugs of the regions that tests run over, whichever others the repository's list of regions has. */
export const testSlugs = ['cheshire-merseyside', 'lancashire-south-cumbria'] as const
export type Slug = (typeof testSlugs)[number]

/** These regions' entries of the repository's list, in its order. */
export function loadTestRegions(): readonly (RegionConfiguration & { readonly slug: Slug })[] {
  return loadRegions().flatMap((region) => {
    const slug = testSlugs.find((one) => one === region.slug)
    return slug === undefined ? [] : [{ ...region, slug }]
  })
}
