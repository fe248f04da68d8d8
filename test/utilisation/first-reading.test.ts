import { expect, test } from 'vitest'
import { startTallying } from '../../gateway/utilisation/trail-tallies.ts'

test('the trail is read once after the start, though nobody asks, and a reading that fails is no fault', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let reads = 0
  const tallies = {
    read: () => {
      reads++
      resolve()
      return Promise.reject(new Error('the trail cannot be read'))
    },
  }
  using _reading = startTallying(tallies, { afterMs: 0 })
  // Closed before it began, so it reads nothing.
  startTallying(tallies, { afterMs: 0 })[Symbol.dispose]()
  await promise
  await new Promise(setImmediate)
  expect(reads).toBe(1)
})
