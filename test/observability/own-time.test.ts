import { expect, test } from 'vitest'
import { measureOwnTime } from '../support/bench/own-time.ts'

test("the gateway's own time in its histogram equals what a client and proxies measure from outside", async () => {
  const { toldMs, seenMs, clientMs } = await measureOwnTime({ requests: 30, warm: 10, patients: 10 })
  // Loose, for other tests run beside it: `npm run bench -- own-time` is the measurement.
  expect(toldMs / seenMs).toBeGreaterThan(0.5)
  expect(toldMs / seenMs).toBeLessThan(1.5)
  // So it is told apart from the regions': neither nothing nor all.
  expect(toldMs).toBeLessThan(clientMs * 0.8)
})
