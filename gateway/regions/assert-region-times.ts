import { Unfit } from '../../schema/process/start-refused.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'

/** Throws Unfit where a region may take as long as a whole request: nothing would be left of the request to answer in. */
export function assertRegionTimes(regions: readonly RegionConfiguration[], deadlineMs: number): void {
  const slowest = regions.reduce((a, b) => (b.timeMs > a.timeMs ? b : a))
  if (slowest.timeMs >= deadlineMs) throw new Unfit(`more than the time of every region, ${slowest.timeMs} ms of ${slowest.code}`, String(deadlineMs))
}
