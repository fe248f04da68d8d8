import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { holdPorts } from '../hold-ports.ts'

const executablePath = '/usr/bin/prometheus'
const folder = join(import.meta.dirname, '../../../gateway/observability/metrics')

/** An alert as Prometheus tells it. */
export interface RaisedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing'
}

/** A sample of a query's answer. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

/** A Prometheus of the test's own. */
export interface Prometheus extends AsyncDisposable {
  /** The health of each target, by its address. */
  targets(): Promise<Readonly<Record<string, string>>>
  /** Alerts that fire, by their name. */
  firing(name: string): Promise<readonly RaisedAlert[]>
  query(text: string): Promise<readonly Sample[]>
}

/**
 * Whether this is asked for (PROMETHEUS=required), with a loud notice where not; then a missing Prometheus is an error.
 */
export function hasPrometheus(): boolean {
  if (process.env.PROMETHEUS !== 'required') {
    console.warn(
      '\n*** TEST WITH PROMETHEUS SKIPPED: `npm run test:prometheus` runs it (Debian: apt-get install prometheus) ***\n',
    )
    return false
  }
  if (!existsSync(executablePath)) throw new Error(`Prometheus: expected ${executablePath}, found none`)
  return true
}

/**
 * Starts Prometheus by the project's own configuration and rules: with other addresses (by those in the file), and
 * sixty times as fast, looking each second.
 */
export async function startPrometheus(addresses: Readonly<Record<string, string>>): Promise<Prometheus> {
  await using starting = new AsyncDisposableStack()
  const own = starting.adopt(await mkdtempDisposable(join(tmpdir(), 'prometheus-')), (made) => made.remove())
  const config = join(own.path, 'prometheus.yml')
  const printed = await readFile(join(folder, 'prometheus.yml'), 'utf8')
  await writeFile(config, moveTargets(printed, addresses).replace(/_interval: .*/g, '_interval: 1s'))
  await writeFile(join(own.path, 'alerts.yml'), shortenRules(await readFile(join(folder, 'alerts.yml'), 'utf8'), 60))
  const [port] = starting.use(await holdPorts(1)).ports
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(own.path, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ]
  const child = spawn(executablePath, flags, { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(child, 'close')
  starting.defer(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
    if (!response.ok)
      throw new Error(`Prometheus: expected an answer to ${path}, found ${response.status} ${await response.text()}`)
    return (await response.json()).data
  }
  await until(async () => (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null))?.ok === true, 30_000)
  const running = starting.move()
  return {
    async targets() {
      const { activeTargets } = await ask('targets?state=active')
      return Object.fromEntries(
        activeTargets.map((one: { scrapeUrl: string; health: string }) => [new URL(one.scrapeUrl).host, one.health]),
      )
    },
    firing: async (name) =>
      (await ask('alerts')).alerts.filter(
        (one: RaisedAlert) => one.labels.alertname === name && one.state === 'firing',
      ),
    query: async (text) =>
      (await ask(`query?query=${encodeURIComponent(text)}`)).result.map(
        ({ metric, value }: { metric: Sample['metric']; value: [number, string] }) => ({
          metric,
          value: Number(value[1]),
        }),
      ),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/**
 * Resolves when it holds, which is looked at again and again: Prometheus does not tell by itself. Rejects when it does
 * not within the time.
 */
export async function until(holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`Expected it to hold within ${withinMs} ms: ${holds}`)
    await delay(100)
  }
}

function moveTargets(config: string, addresses: Readonly<Record<string, string>>): string {
  return config.replace(/targets: \["(.+)"\]/g, (_, listed: string) => {
    const moved = addresses[listed]
    if (moved === undefined) throw new Error(`Expected another address for the target ${listed}, found none`)
    return `targets: ["${moved}"]`
  })
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/**
 * Alert rules with every window, `for` and offset so many times shorter, all else as it is; nothing gets shorter than a
 * second.
 */
export function shortenRules(rules: string, times: number): string {
  return rules.replace(/(\[|for: |offset )(\d+)([smhd])/g, (_, before: string, count: string, unit: string) => {
    const seconds = Math.max(1, Math.round((Number(count) * (secondsOf[unit] ?? 1)) / times))
    return `${before}${seconds}s`
  })
}
