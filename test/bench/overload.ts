import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startBenchSystem } from '../support/bench/bench-system.ts'
import type { BurstOptions, BurstResult } from '../support/bench/burst.ts'
import { createClosedLoop, type LoadSource } from '../support/bench/closed-loop.ts'
import { startLoad } from '../support/bench/load.ts'
import { describeMachine } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { cpuMsOf, rssMbOf } from '../support/bench/process-cost.ts'
import { toViewQuery, viewLength, viewPath } from '../support/bench/view-query.ts'

/**
 * At ten times what the gateway can do: what is answered in time, what is shed, and is anything lost? Does health
 * answer meanwhile, and how soon is it as before when the load is gone?
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rest, ...options } = parseOptions(args, {
    factor: 10,
    seconds: 5,
    deadline: 1000,
    patients: 1000,
    connections: 16,
    warm: 2000,
    model: false,
    opened: 1000,
  })
  const { factor, seconds, deadline, patients, connections, warm, model, opened } = options
  await using system = await startBenchSystem({ patients, ...(model ? { model: {} } : {}) })
  const source: LoadSource = {
    url: system.url,
    headers: { authorization: `Bearer ${system.token}` },
    query: toViewQuery({ noCache: true }),
    variable: 'nhsNumber',
    numbers: system.numbers,
    path: viewPath,
    length: viewLength,
    connections,
  }
  await using load = startLoad(source)
  if (warm > 0) await load.run({ answers: warm })
  const usual = await load.run({ seconds })
  const capacity = usual.answers / usual.seconds

  const health = watchHealth(new URL(system.url).origin)
  const cpuBefore = cpuMsOf(system.gateway.pid)
  const burst = await burstFrom({ ...source, perSecond: capacity * factor, seconds, deadlineMs: deadline, opened })
  const cpuMs = cpuMsOf(system.gateway.pid) - cpuBefore
  const healthMs = await health.stop()
  const rssMb = rssMbOf(system.gateway.pid)
  const recovery = await measureRecovery(source)

  const offered = burst.sent / burst.seconds
  console.log(
    `${describeMachine()}; ${model ? 'model stores' : 'stores'}, load and gateway on the same machine; uncached views of ${patients} patients; capacity by ${connections} connections that wait for each answer; then ${factor} times as many a second for ${seconds} s, whether or not answered.`,
  )
  console.table({
    'can do, answers/s': toRow(capacity),
    'offered, requests/s': toRow(offered, offered / capacity),
    'answered in time, /s': toRow(
      burst.answeredInTime / burst.seconds,
      burst.answeredInTime / burst.seconds / capacity,
    ),
    'answered too late': toRow(burst.answered - burst.answeredInTime),
    'shed (503)': toRow(burst.shed),
    'other statuses': toRow(Object.values(burst.others).reduce((sum, one) => sum + one, 0)),
    lost: toRow(burst.lost),
    'answered, p50 ms': toRow(at(burst.answerMs, 0.5), at(burst.answerMs, 0.5) / usual.p50),
    'answered, p99 ms': toRow(at(burst.answerMs, 0.99), at(burst.answerMs, 0.99) / usual.p99),
    'shed, p50 ms': toRow(at(burst.shedMs, 0.5)),
    'shed, p99 ms': toRow(at(burst.shedMs, 0.99)),
    'sender late, at most ms': toRow(burst.senderLateMs),
    'health, answers': toRow(healthMs.length),
    'health, slowest ms': toRow(at(healthMs, 1)),
    'gateway CPU, ms/request': toRow(cpuMs / burst.sent),
    'gateway RSS, MB': toRow(rssMb),
    'recovery, first answer ms': toRow(recovery.firstMs),
    'recovery, p50 ms of the first second': toRow(recovery.p50, recovery.p50 / recovery.laterP50),
  })
  const [tookLongest = Number.NaN] = recovery.slow
  console.log(
    `In time: ${deadline} ms from when a request was due. The last ratio is to the second after. Slowest answer after the load: ${tookLongest.toFixed(0)} ms.`,
  )
}

function toRow(figure: number, ratio?: number) {
  const round = (value: number) => (Number.isFinite(value) ? Number(value.toFixed(2)) : null)
  return { figure: round(figure), ...(ratio === undefined ? {} : { ratio: round(ratio) }) }
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY
}

async function burstFrom(options: BurstOptions): Promise<BurstResult> {
  const child = fork(fileURLToPath(new URL('../support/bench/burst-process.ts', import.meta.url)), { execArgv: [] })
  const ended = once(child, 'exit')
  child.send(options)
  const [result] = await Promise.race([once(child, 'message'), ended])
  await ended
  if (typeof result !== 'object') throw new Error(`The burst ended with ${result}`)
  return result as BurstResult
}

/** Asks /livez and /readyz in turn, one at a time, until stopped. Rejects where one does not say 200. */
function watchHealth(origin: string): { stop(): Promise<readonly number[]> } {
  let goesOn = true
  const watch = async () => {
    const times: number[] = []
    while (goesOn) {
      for (const path of ['/livez', '/readyz']) {
        const startedAt = performance.now()
        const { status } = await fetch(`${origin}${path}`)
        if (status !== 200) throw new Error(`Expected 200 of ${path}, found ${status}`)
        times.push(performance.now() - startedAt)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return times.sort((a, b) => a - b)
  }
  const watching = watch()
  watching.catch(() => {})
  return {
    stop() {
      goesOn = false
      return watching
    },
  }
}

/** One view after another, for two seconds: what the first takes, and those of each second. */
async function measureRecovery(source: LoadSource) {
  const startedAt = performance.now()
  const loop = createClosedLoop({ ...source, connections: 1 })
  try {
    const { p50: firstMs } = await loop.run({ answers: 1 })
    const first = await loop.run({ seconds: Math.max(0.1, 1 - (performance.now() - startedAt) / 1000) })
    const later = await loop.run({ seconds: 1 })
    return { firstMs, p50: first.p50, laterP50: later.p50, slow: [Math.max(first.p99, later.p99, firstMs)] }
  } finally {
    await loop.close()
  }
}
