import { expect, test, vi } from 'vitest'
import type { OperationsFigures } from '../../gateway/observability/operations-page/operations-figures.ts'
import { startSystem } from '../support/system.ts'

test('a store counts as ready for ten seconds after it said so, and its state is unknown to a new observer', async () => {
  let passedMs = 0
  await using system = await startSystem({ now: () => Date.now() + passedMs })
  const headers = { authorization: `Bearer ${await system.token({ scope: 'operations' })}` }
  /** What is seen so much later: figures are good for a second. */
  const readinessAfter = async (ms: number) => {
    passedMs += ms
    const { regions } = (await (await fetch(`${system.url}/ops/figures`, { headers })).json()) as OperationsFigures
    return regions.map(({ ready }) => ready)
  }
  expect(await readinessAfter(1000)).toEqual([null, null])
  await vi.waitFor(async () => expect(await readinessAfter(1000)).toEqual([true, true]))
  await system.stop('lancashire-south-cumbria')
  expect(await readinessAfter(11_000)).toEqual([null, null])
  await vi.waitFor(async () => expect(await readinessAfter(1000)).toEqual([true, false]))
})
