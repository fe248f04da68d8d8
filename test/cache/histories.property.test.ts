import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyHistory } from '../support/cache/any-history.ts'
import { runHistory } from '../support/cache/run-history.ts'

// CASES=10000 npx vitest run test/cache/histories.property.test.ts; with the SEED and the PATH_TO of a failure, that
// one again.
const numRuns = Number(process.env.CASES ?? 3000)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const path = process.env.PATH_TO === undefined ? {} : { path: process.env.PATH_TO }

test(
  'no answer contains what its viewer may not see, later than three seconds after any change',
  async () => {
    const all = { cached: 0, shared: 0, asked: 0, again: 0 }
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const { faults, ...counts } = await runHistory(history)
        expect(faults).toEqual([])
        for (const from of ['cached', 'shared', 'asked', 'again'] as const) all[from] += counts[from]
      }),
      { numRuns, ...seed, ...path },
    )
    // Or nothing was tried.
    const parts = all.cached + all.shared + all.asked
    expect([
      all.cached > parts / 10,
      all.shared > parts / 50,
      all.asked > parts / 10,
      all.again > numRuns / 20,
    ]).toEqual([true, true, true, true])
  },
  numRuns * 200,
)
