import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for one benchmark, removed at its end with all that is in it. */
export interface BenchFolder extends Disposable {
  readonly path: string
}

export function createBenchFolder(): BenchFolder {
  const path = mkdtempSync(join(tmpdir(), 'bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
