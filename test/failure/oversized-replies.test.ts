import { afterAll, beforeAll, expect, test } from 'vitest'
import { listFaults } from '../support/faults/faults.ts'
import { type FaultySystem, slugs, startFaultySystem } from '../support/faults/faulty-system.ts'

const mebibyte = 1024 ** 2
const look =
  '{ patient(nhsNumber: "9990000018", noCache: true) { completeness { regions { status } } allergies { nodes { id } } } }'

let faulty: FaultySystem
beforeAll(async () => {
  faulty = await startFaultySystem()
})
afterAll(() => faulty[Symbol.asyncDispose]())

test.each([
  // What is read, and what the sockets between hold.
  ['a body of 1 GB', 16 + 16],
  ['a body of 1 GB that says so', 8],
] as const)(
  "the gateway reads no more of %s than a reply's limit, and its memory stays small",
  async (name, mostMebibytes) => {
    const region = faulty.regions[slugs[1]]
    await listFaults({ url: 'http://127.0.0.1:9' })
      .find((fault) => fault.name === name)
      ?.inject(region)
    const askAndMeasure = async () => {
      const before = region.sentBytes
      const { data } = await faulty.ask(look)
      expect(data.patient.completeness.regions).toEqual([{ status: 'ANSWERED' }, { status: 'FAILED' }])
      expect(data.patient.allergies.nodes.length).toBeGreaterThan(0)
      expect((region.sentBytes - before) / mebibyte).toBeLessThan(mostMebibytes)
      return process.memoryUsage.rss() / mebibyte
    }
    const first = Math.max(await askAndMeasure(), await askAndMeasure())
    const sizes: number[] = []
    for (let times = 0; times < 6; times++) sizes.push(await askAndMeasure())
    // Six gigabytes were offered since.
    expect(Math.max(...sizes) - first).toBeLessThan(128)
  },
)
