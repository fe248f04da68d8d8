import { Unfit } from '../../schema/process/start-refused.ts'
import { loadRegions, type RegionConfiguration } from '../../schema/regions.ts'

/** A region of a list of regions, the default one unless a file is named, by its slug; throws Unfit when it is not listed. */
export function regionOf(slug: string, file?: string): RegionConfiguration {
  const regions = loadRegions(file)
  const region = regions.find((one) => one.slug === slug)
  if (!region) throw new Unfit(`a list of regions with the slug ${slug}`, regions.map((one) => one.slug).join(', '))
  return region
}
