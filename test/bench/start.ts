import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBenchEnvironment } from '../support/bench/bench-environment.ts'
import { createBenchFolder } from '../support/bench/bench-folder.ts'
import { describeMachine, printTimes, sorted } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { holdPorts } from '../support/hold-ports.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const root = join(import.meta.dirname, '../..')

/**
 * How long from `npm start` to readiness, the stores in place? Beside a Node process that does nothing, started by npm
 * likewise.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rest, ...options } = parseOptions(args, { rounds: 5, scale: 0.01 })
  using folder = createBenchFolder()
  // `npm start` is told its ports.
  using held = await holdPorts(1 + loadTestRegions().length)
  const [port = 0, ...storePorts] = held.ports
  const regions = loadTestRegions().map((region, index) => ({
    ...region,
    url: `http://127.0.0.1:${storePorts[index]}`,
  }))
  const { variables } = await createBenchEnvironment(folder.path, regions)
  const environment = { ...variables, PORT: String(port), DEMO_SCALE: String(options.scale) }

  const ports = [port, ...storePorts]
  const startAndStop = async () => {
    const startedAt = performance.now()
    // A group of its own, so that npm and all that it started end together.
    const child = spawn('npm', ['start'], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    })
    const ended = once(child, 'exit')
    for (const one of ports) await untilReady(one, child)
    const tookMs = performance.now() - startedAt
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await ended
    for (const one of ports) await untilGone(one)
    return tookMs
  }
  const startNothing = async () => {
    const startedAt = performance.now()
    await once(spawn('npm', ['exec', '--', 'node', '-e', ''], { cwd: root, stdio: 'ignore' }), 'exit')
    return performance.now() - startedAt
  }
  const firstMs = await startAndStop()
  console.log(
    `${describeMachine()}; demo people, and the population at scale ${options.scale}. The first start, which makes them: ${(firstMs / 1000).toFixed(1)} s.`,
  )
  const times: Record<string, number[]> = { 'npm exec node': [], 'npm start': [] }
  for (let round = 0; round < options.rounds; round++) {
    times['npm exec node']?.push(await startNothing())
    times['npm start']?.push(await startAndStop())
  }
  if (options.rounds > 0) printTimes('From the command to readiness', sorted(times))
}

async function untilReady(port: number, child: ChildProcess): Promise<void> {
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok
  while (!(await isReady())) {
    if (child.exitCode !== null)
      throw new Error(`Expected npm start to become ready, found it ended with ${child.exitCode}`)
    await sleep(20)
  }
}

async function untilGone(port: number): Promise<void> {
  const listens = () =>
    fetch(`http://127.0.0.1:${port}/livez`).then(
      () => true,
      () => false,
    )
  while (await listens()) await sleep(20)
}
