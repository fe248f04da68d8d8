import fc from 'fast-check'
import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createHistogram } from '../../gateway/observability/metrics/histogram.ts'

const buckets = [0.001, 0.01, 0.1, 1]
const seconds = fc.oneof(fc.constantFrom(0, ...buckets), fc.double({ min: 0, max: 5, noNaN: true }))
const word = fc.constantFrom('A', 'B "quoted"', 'C\\')

/** The lines of a registry's text, in any order. */
async function linesOf(registry: Registry): Promise<readonly string[]> {
  return (await registry.metrics()).split('\n').sort()
}

test("a histogram prints exactly what prom-client's would", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(seconds, word, word)), async (observed) => {
      const [ours, theirs] = [new Registry(), new Registry()]
      const [tell, alone] = [
        createHistogram({
          name: 'wait',
          help: 'How long.',
          labelNames: ['region', 'outcome'],
          buckets,
          registry: ours,
        }),
        createHistogram({ name: 'write', help: 'How long.', labelNames: [], buckets, registry: ours }),
      ]
      const wait = new Histogram({
        name: 'wait',
        help: 'How long.',
        labelNames: ['region', 'outcome'],
        buckets,
        registers: [theirs],
      })
      const write = new Histogram({ name: 'write', help: 'How long.', buckets, registers: [theirs] })
      for (const [value, region, outcome] of observed) {
        tell(value, region, outcome)
        alone(value)
        wait.observe({ region, outcome }, value)
        write.observe(value)
      }
      expect(await linesOf(ours)).toEqual(await linesOf(theirs))
    }),
  )
})
