import { readAddress, runProgram } from '../run-program.ts'
import { loadTestRegions } from '../test-regions.ts'
import { held } from './bench-record.ts'
import { type BenchSystem, pidOf, startBenchSystem } from './bench-system.ts'
import type { LoadSource } from './closed-loop.ts'
import { type LoadCost, measureCost, startLoad } from './load.ts'
import { describeMachine } from './measure.ts'
import { toRegionPath, toRegionQuery } from './region-query.ts'
import { toViewQuery, viewLength, viewPath } from './view-query.ts'

/** What can be measured: hand-written Node, plain stitching, and the gateway reading through its cache or from it. */
export type SubjectName = 'floor' | 'stitch' | 'uncached' | 'cached'

export interface ViewCostOptions {
  /** The first is what the others are compared with. */
  readonly subjects: readonly SubjectName[]
  /** Model stores, which leave the machine to the gateway and the load. */
  readonly model: boolean
  readonly patients: number
  readonly connections: number
  readonly rounds: number
  readonly seconds: number
  /** Answers. */
  readonly warm: number
}

/** Measures what one view costs each subject, over the same stores, in turn, and prints it. */
export async function printViewCost({
  subjects: names,
  model,
  patients,
  connections,
  rounds,
  seconds,
  warm,
}: ViewCostOptions): Promise<void> {
  await using system = await startBenchSystem({ patients, ...(model ? { model: {} } : {}) })
  await using baselines = new AsyncDisposableStack()
  const subjects: Subject[] = []
  for (const name of names) subjects.push(await startSubject(name, system, connections, baselines))
  const stores = model ? 'model stores' : 'stores'
  console.log(
    `${describeMachine()}; ${connections} connections, ${patients} patients, ${rounds} rounds of ${seconds} s after ${warm} answers, ${stores} and load on the same machine; medians.`,
  )
  printCosts(await measureInTurn(subjects, { rounds, seconds, warm }))
}

interface Subject {
  readonly name: string
  readonly pid: number
  readonly source: LoadSource
}

async function startSubject(
  name: SubjectName,
  system: BenchSystem,
  connections: number,
  baselines: AsyncDisposableStack,
): Promise<Subject> {
  const { url, token, numbers, gateway, environment } = system
  const common = { headers: { authorization: `Bearer ${token}` }, variable: 'nhsNumber', numbers, connections }
  if (name === 'uncached' || name === 'cached') {
    return {
      name: `gateway, ${name}`,
      pid: gateway.pid,
      source: {
        ...common,
        url,
        query: toViewQuery({ noCache: name === 'uncached' }),
        path: viewPath,
        length: viewLength,
      },
    }
  }
  const running = baselines.use(runProgram(`test/support/bench/${name}-process.ts`, [], { ...environment, PORT: '0' }))
  const address = await readAddress(running)
  const fields = loadTestRegions().map(({ viewField }) => viewField)
  const path = toRegionPath(fields[0] ?? '')
  const answer = {
    query: `query View($nhsNumber: NHSNumber!) { ${fields.map(toRegionQuery).join(' ')} }`,
    length: held.documents,
  }
  // The floor has the regions' answers in a list, and its queries prepared.
  return {
    name,
    pid: pidOf(running),
    source: {
      ...common,
      ...answer,
      url: `${address}/graphql`,
      path: name === 'floor' ? `0.data.${path}` : `data.${path}`,
    },
  }
}

async function measureInTurn(
  subjects: readonly Subject[],
  { rounds, seconds, warm }: Pick<ViewCostOptions, 'rounds' | 'seconds' | 'warm'>,
): Promise<ReadonlyMap<string, readonly LoadCost[]>> {
  await using loads = new AsyncDisposableStack()
  const all = subjects.map(({ name, pid, source }) => ({
    name,
    pid,
    load: loads.use(startLoad(source)),
    costs: [] as LoadCost[],
  }))
  for (const { load } of all) if (warm > 0) await load.run({ answers: warm })
  for (let round = 0; round < rounds; round++) {
    for (const { pid, load, costs } of all) costs.push(await measureCost(load, [pid], { seconds }))
  }
  return new Map(all.map(({ name, costs }) => [name, costs]))
}

function printCosts(costs: ReadonlyMap<string, readonly LoadCost[]>): void {
  const [[baselineName, baseline] = ['', []]] = costs
  const rows = [...costs].map(([name, all]) => {
    const show = (pick: (one: LoadCost, round: number) => number, digits: number) =>
      Number(median(all.map(pick)).toFixed(digits))
    return [
      name,
      {
        'CPU ms/answer': show((one) => one.cpuMsPerAnswer, 3),
        // Round by round: what else the machine did fell on both.
        [`x ${baselineName}`]: show(
          (one, round) => one.cpuMsPerAnswer / (baseline[round]?.cpuMsPerAnswer ?? Number.NaN),
          2,
        ),
        'answers/s': show((one) => one.answersPerSecond, 0),
        'p50 ms': show((one) => one.p50, 1),
        'p99 ms': show((one) => one.p99, 1),
        'RSS MB': show((one) => one.rssMb, 0),
        bytes: show((one) => one.bytes, 0),
      },
    ]
  })
  console.table(Object.fromEntries(rows))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
