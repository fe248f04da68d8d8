import type { RegionConfiguration } from '../../../schema/regions.ts'
import { loadTestRegions } from '../test-regions.ts'

const [first, second] = loadTestRegions()
if (!first || !second) throw new Error('Expected two regions in the list')
const third: RegionConfiguration = {
  ...second,
  code: 'WALES',
  slug: 'wales',
  typePrefix: 'Wales',
  name: 'Wales',
  applicationName: 'WCP',
}

/** The default regions and one more: nothing may count on there being two. */
export const threeRegions: readonly RegionConfiguration[] = [first, second, third]
