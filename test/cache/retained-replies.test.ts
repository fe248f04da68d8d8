import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { createReplyReader } from '../../gateway/regions/reply-reader.ts'
import { readRegionalSdl } from '../../schema/sdl.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const megabyte = 1024 * 1024

test('the cache retains no more of a reply about many patients than the one patient and the time of the read', () => {
  const [region] = loadTestRegions()
  if (!region) throw new Error('Expected a region')
  const read = createReplyReader(
    buildSchema(readRegionalSdl(region)),
    `query ($n: [NHSNumber!]!) { gw_0: ${region.viewField}(nhsNumbers: $n) { readAt patients { nhsNumber record { gw_s0: documents(first: 1) { nodes { id title } } } } } }`,
  )
  const patient = {
    nhsNumber: '9990000018',
    record: { gw_s0: { nodes: [{ id: 'one', title: 'Letter '.repeat(1500) }] } },
  }
  const body = JSON.stringify({
    data: { gw_0: { readAt: '2026-11-27T16:06:09.935Z', patients: Array(50).fill(patient) } },
  })
  const kept: unknown[] = []
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = process.memoryUsage().heapUsed
  for (let times = 0; times < 60; times++) {
    const { readAt, patients } = read(Buffer.from(body)).gw_0 as {
      readonly readAt: string
      readonly patients: readonly unknown[]
    }
    kept.push({ readAt, patient: patients[times % 50] })
  }
  collect()
  expect(kept.length).toBe(60)
  // Whole, the replies take half a megabyte each; what is kept, ten kilobytes.
  expect(body.length).toBeGreaterThan(megabyte / 2)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * megabyte)
})
