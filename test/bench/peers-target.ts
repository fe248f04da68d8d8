import { once } from 'node:events'
import { resolve } from 'node:path'
import { UsageError } from '../../schema/service/startup-error.ts'
import { startBenchSystem } from '../support/bench/bench-system.ts'
import { parseOptions } from '../support/bench/options.ts'
import { writeTarget } from '../support/bench/target.ts'
import { warmUp } from '../support/bench/warm-up.ts'

const usage = 'Usage: npm run bench -- peers-target DIR [--cached] [--model] [--patients NUMBER] [--warm ANSWERS]'

/**
 * Our gateway for the peers' run (../shared/bench/peers), everything on: DIR/target.json says where it is and what to
 * ask, until SIGTERM or Ctrl+C.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { cached, model, patients, warm, rest } = parseOptions(args, {
    cached: false,
    model: false,
    patients: 0,
    warm: 3000,
  })
  const [folder, ...more] = rest
  if (folder === undefined || more.length > 0)
    throw new UsageError(`DIR: expected a folder, found ${rest.join(' ') || 'nothing'}`, usage)
  const asked = Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal)))
  // Few enough to be cached, all of them, by the warm-up.
  await using system = await startBenchSystem({
    folder: resolve(folder),
    patients: patients || (cached ? 200 : 2000),
    ...(model ? { model: {} } : {}),
  })
  const name = ['ours', ...(cached ? ['cached'] : []), ...(model ? ['model'] : [])].join('-')
  const { file, target } = writeTarget(resolve(folder), system, { name, noCache: !cached })
  await warmUp(target, warm)
  console.log(`The gateway (pid ${system.gateway.pid}) answers at ${system.url}; ${file} is written. Ctrl+C stops it.`)
  await asked
}
