import { parseOptions } from '../support/bench/options.ts'
import { printViewCost } from '../support/bench/view-cost.ts'

/**
 * What does one view over both regions cost the gateway in processor time, nothing from a cache, everything on: token,
 * rules, merging, audit?
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rest, ...options } = parseOptions(args, {
    patients: 2000,
    connections: 16,
    rounds: 3,
    seconds: 5,
    warm: 2000,
    model: false,
  })
  await printViewCost({ ...options, subjects: ['floor', 'stitch', 'uncached'] })
}
