import type { RegionConfiguration } from '../../schema/regions.ts'
import { type BenchSystem, startBenchSystem } from '../support/bench/bench-system.ts'
import type { LoadResult, LoadSource } from '../support/bench/closed-loop.ts'
import { type LoadCost, measureCost, startLoad } from '../support/bench/load.ts'
import { describeMachine } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const counts = { documents: 4, medications: 2, allergies: 1 } as const
const slowMs = 1000
const waiters = 8

/**
 * What do more regions cost, each 50 ms away, in time and in the gateway's processor time? And does one that is slow
 * cost those who do not ask it anything?
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rest, ...options } = parseOptions(args, { regions: '2,8,16,42', delay: 50, seconds: 5, warm: 300 })
  const found: FanOut[] = []
  for (const count of options.regions.split(',').map(Number)) found.push(await measureFanOut(count, options))
  const conditions = `model stores, ${options.delay} ms each, with ${Object.values(counts).join(', ')} documents, medicines, allergies`
  console.log(
    `${describeMachine()}; ${conditions}; one view at a time, uncached, for ${options.seconds} s; in the end while ${waiters} others wait for one more region that takes ${slowMs} ms.`,
  )
  console.table(
    Object.fromEntries(found.map((one) => [`${one.regions} regions`, toRow(one, found[0] ?? one, options.delay)])),
  )
}

interface FanOut {
  readonly regions: number
  readonly alone: LoadCost
  /** The same while others wait for a slow region. */
  readonly besideSlow: LoadResult
}

interface Options {
  readonly delay: number
  readonly seconds: number
  readonly warm: number
}

async function measureFanOut(count: number, { delay, seconds, warm }: Options): Promise<FanOut> {
  const regions = toRegions(count + 1)
  const asked = regions.slice(0, count)
  const delaysMs = Object.fromEntries(regions.map(({ code }, index) => [code, index < count ? delay : slowMs]))
  await using system = await startBenchSystem({
    patients: 2000,
    regions,
    model: { counts, delaysMs },
    program: 'test/support/bench/wide-gateway-process.ts',
  })
  {
    // Many at once: one after the other would wait for each.
    await using warming = startLoad(toSource(system, asked, 16))
    await warming.run({ answers: warm })
  }
  await using load = startLoad(toSource(system, asked, 1))
  const alone = await measureCost(load, [system.gateway.pid], { seconds })
  await using waiting = startLoad(toSource(system, regions, waiters))
  const [besideSlow] = await Promise.all([load.run({ seconds }), waiting.run({ seconds })])
  return { regions: count, alone, besideSlow }
}

/** So many regions, all with the schema and the rules of the first in the list. */
function toRegions(count: number): readonly RegionConfiguration[] {
  const [first] = loadTestRegions()
  if (!first) throw new Error('Expected a region in the list of regions, found none')
  const toRegion = (_: unknown, index: number) => {
    const n = index + 1
    return {
      ...first,
      code: `REGION_${n}`,
      typePrefix: `Region${n}`,
      name: `Region ${n}`,
      applicationName: `Viewer ${n}`,
    }
  }
  return Array.from({ length: count }, toRegion)
}

/** Views over these regions. Each answers, or the load ends. */
function toSource(
  { url, token, numbers }: BenchSystem,
  asked: readonly RegionConfiguration[],
  connections: number,
): LoadSource {
  const query = `query FanOut($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber, noCache: true, regions: [${asked.map(({ code }) => code).join(' ')}]) {
    completeness { complete regions { region { code } status } }
    documents(first: 20) { nodes { id sources { region } title created } }
    medications { nodes { id sources { region } medicine { text } dosage status } }
    allergies { nodes { id sources { region } substance { text } } }
  } }`
  const headers = { authorization: `Bearer ${token}` }
  return {
    url,
    headers,
    query,
    variable: 'nhsNumber',
    numbers,
    path: 'data.patient.medications.nodes',
    length: counts.medications * asked.length,
    connections,
  }
}

function toRow(one: FanOut, baseline: FanOut, delayMs: number) {
  const { alone, besideSlow } = one
  const perRegion = ({ regions, alone: { cpuMsPerAnswer } }: FanOut) => cpuMsPerAnswer / regions
  const round = (value: number) => Number(value.toFixed(2))
  return {
    'p50 ms': round(alone.p50),
    'p99 ms': round(alone.p99),
    [`p50 less ${delayMs} ms`]: round(alone.p50 - delayMs),
    'CPU ms/view': round(alone.cpuMsPerAnswer),
    'CPU ms/region': round(perRegion(one)),
    'x CPU/region': round(perRegion(one) / perRegion(baseline)),
    'p50 ms beside slow': round(besideSlow.p50),
    'x p50': round(besideSlow.p50 / alone.p50),
  }
}
