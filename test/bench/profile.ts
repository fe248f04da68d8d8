import { readFileSync, writeFileSync } from 'node:fs'
import { createBenchFolder } from '../support/bench/bench-folder.ts'
import { startBenchSystem } from '../support/bench/bench-system.ts'
import { toSelfTimes } from '../support/bench/cpu-profile.ts'
import { profileWhile } from '../support/bench/inspector.ts'
import { startLoad } from '../support/bench/load.ts'
import { describeMachine } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { readTarget, type Target, writeTarget } from '../support/bench/target.ts'

const connections = 16

/**
 * Where does the gateway spend its time under load? Of `peers-target`'s system where a target file is given, else of
 * one of its own.
 */
export async function run(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, {
    target: '',
    cached: false,
    model: false,
    seconds: 8,
    warm: 3000,
    patients: 0,
    top: 40,
    save: '',
  })
  const { cached, model, patients } = options
  if (options.target !== '') return profile(readTarget(options.target), options)
  using folder = createBenchFolder()
  await using system = await startBenchSystem({
    folder: folder.path,
    patients: patients || (cached ? 200 : 2000),
    ...(model ? { model: {} } : {}),
  })
  await profile(writeTarget(folder.path, system, { name: 'ours', noCache: !cached }).target, options)
}

interface ProfileOptions {
  readonly seconds: number
  readonly warm: number
  readonly top: number
  readonly save: string
}

async function profile(target: Target, { seconds, warm, top, save }: ProfileOptions): Promise<void> {
  const [pid] = target.pids
  if (pid === undefined) throw new Error("Expected a target with the gateway's pid, found none")
  const numbers = readFileSync(target.numbers, 'utf8').trim().split('\n')
  await using load = startLoad({ ...target, numbers, connections })
  if (warm > 0) await load.run({ answers: warm })
  let answers = 0
  const found = await profileWhile({ pid, inspectorPort: target.inspectorPort }, async () => {
    answers = (await load.run({ seconds })).answers
  })
  if (save !== '') writeFileSync(save, JSON.stringify(found))
  console.log(
    `${describeMachine()}; ${target.name}, ${connections} connections, ${answers} answers in ${seconds} s; self times, microseconds an answer.`,
  )
  const print = (title: string, rows: ReturnType<typeof toSelfTimes>) => {
    const all = rows.reduce((sum, { ms }) => sum + ms, 0)
    console.log(`\n${title}`)
    for (const { name, ms } of rows.slice(0, top))
      console.log(
        `${((1000 * ms) / answers).toFixed(1).padStart(8)}  ${((100 * ms) / all).toFixed(1).padStart(5)} %  ${name}`,
      )
  }
  print(
    'by package, or folder of ours',
    toSelfTimes(found, ({ part }) => part),
  )
  print(
    'by file',
    toSelfTimes(found, ({ file, part }) => file || part),
  )
  print(
    'by function',
    toSelfTimes(found, ({ name, file, line }) => (file === '' ? name : `${name}  ${file}:${line}`)),
  )
}
