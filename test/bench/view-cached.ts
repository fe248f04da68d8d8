import { parseOptions } from '../support/bench/options.ts'
import { printViewCost } from '../support/bench/view-cost.ts'

/**
 * What does the same view cost where the regions' answers are in the gateway's cache? Beside the same gateway asked to
 * read through.
 */
export async function run(args: readonly string[]): Promise<void> {
  // Few enough patients that the warm-up asks for each.
  const { rest, ...options } = parseOptions(args, {
    patients: 200,
    connections: 16,
    rounds: 3,
    seconds: 5,
    warm: 2000,
    model: false,
  })
  await printViewCost({ ...options, subjects: ['floor', 'uncached', 'cached'] })
}
