import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadLength, LoadResult, LoadSource } from './closed-loop.ts'
import { cpuMsOf, rssMbOf } from './process-cost.ts'

/** A closed loop in a process of its own. */
export interface Load extends AsyncDisposable {
  run(length: LoadLength): Promise<LoadResult>
}

/** What answering cost the server. */
export interface LoadCost extends LoadResult {
  readonly cpuMsPerAnswer: number
  readonly answersPerSecond: number
  readonly rssMb: number
}

export function startLoad(source: LoadSource): Load {
  const child = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)), { execArgv: [] })
  const ended = once(child, 'exit')
  child.send(source)
  return {
    async run(length) {
      child.send(length)
      const [message] = await Promise.race([once(child, 'message'), ended])
      if (typeof message !== 'object' || message === null || 'error' in message)
        throw new Error(`The load ended: ${message?.error ?? message}`)
      return message.result
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await ended
    },
  }
}

/** Runs the load, and reads from the kernel what it cost these processes. */
export async function measureCost(load: Load, pids: readonly number[], length: LoadLength): Promise<LoadCost> {
  const cpuMs = () => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  const before = cpuMs()
  const result = await load.run(length)
  return {
    ...result,
    cpuMsPerAnswer: (cpuMs() - before) / result.answers,
    answersPerSecond: result.answers / result.seconds,
    rssMb: pids.reduce((sum, pid) => sum + rssMbOf(pid), 0),
  }
}
