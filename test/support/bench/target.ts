import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchSystem } from './bench-system.ts'
import { toViewQuery, viewLength, viewPath } from './view-query.ts'

/**
 * A server under load: what to ask it, and how to know a right answer. The form of the peers' run (its run.mjs), and
 * what we add.
 */
export interface Target {
  readonly name: string
  readonly url: string
  /** The processes whose processor time counts. */
  readonly pids: readonly number[]
  readonly headers: Readonly<Record<string, string>>
  readonly query: string
  /** The variable that takes the number. */
  readonly variable: string
  /** A file with one NHS number a line, asked in turn. */
  readonly numbers: string
  /** Where the answer has a list, and of what length. */
  readonly path: string
  readonly length: number
  /** Where the process's inspector listens after SIGUSR1. */
  readonly inspectorPort: number
}

/** Writes target.json, and the numbers beside it. */
export function writeTarget(
  folder: string,
  { url, gateway, token, numbers }: BenchSystem,
  { name, noCache }: { readonly name: string; readonly noCache: boolean },
): { readonly file: string; readonly target: Target } {
  const numbersFile = join(folder, 'numbers.txt')
  writeFileSync(numbersFile, `${numbers.join('\n')}\n`)
  const target: Target = {
    name,
    url,
    pids: [gateway.pid],
    headers: { authorization: `Bearer ${token}` },
    query: toViewQuery({ noCache }),
    variable: 'nhsNumber',
    numbers: numbersFile,
    path: viewPath,
    length: viewLength,
    inspectorPort: gateway.inspectorPort,
  }
  const file = join(folder, 'target.json')
  // It holds a token.
  writeFileSync(file, `${JSON.stringify(target, null, 2)}\n`, { mode: 0o600 })
  return { file, target }
}

export function readTarget(file: string): Target {
  return JSON.parse(readFileSync(file, 'utf8'))
}
