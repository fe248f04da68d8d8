import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string>>

/** A program of the project as a process, and all that it has said so far. */
export interface RunningProgram extends AsyncDisposable {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** Resolves with the output's match; rejects when the program ends without one. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit code, null after a signal. */
  readonly ended: Promise<number | null>
}

/** Runs a program by its path from the root, with these environment variables alone. */
export function runProgram(program: string, args: readonly string[], environment: Environment): RunningProgram {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../..', program), ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  const changed = new EventTarget()
  for (const [name, stream] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      changed.dispatchEvent(new Event('said'))
    })
  }
  // `close`, not `exit`: all that it said has been read.
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const all = () => said.out + said.err
  return {
    child,
    out: () => said.out,
    err: () => said.err,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(all())
          if (match) resolve(match)
        }
        changed.addEventListener('said', look)
        void ended.then((code) => {
          look()
          reject(new Error(`${program} ended with ${code} before it said ${pattern}:\n${all()}`))
        })
        look()
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/**
 * The address that a service prints once it listens; with PORT=0 nobody knows it before. Rejects when the program ends
 * without one.
 */
export async function readAddress({ says }: RunningProgram, service = '\\S+'): Promise<string> {
  const [, url = ''] = await says(new RegExp(`^${service} listens at (http:\\S+)\n`, 'm'))
  return url
}
