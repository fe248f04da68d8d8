import { loadRegions, type RegionConfiguration } from '../../schema/regions.ts'

/** A region of a list of regions, the default one unless a file is named, by its slug; throws when it is not listed. */
export function regionOf(slug: string, file?: string): RegionConfiguration {
  const region = loadRegions(file).find((one) => one.slug === slug)
  if (!region) throw new Error(`List of regions: expected the region ${slug}, found none of that slug.`)
  return region
}
