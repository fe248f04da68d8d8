import { readFileSync } from 'node:fs'
import { startLoad } from './load.ts'
import type { Target } from './target.ts'

/**
 * Asks a target so often that its code is compiled before anybody measures. A run's own seconds of warm-up may be few
 * requests where stores are slow.
 */
export async function warmUp(target: Target, answers: number): Promise<void> {
  if (answers === 0) return
  await using load = startLoad({
    ...target,
    numbers: readFileSync(target.numbers, 'utf8').trim().split('\n'),
    connections: 16,
  })
  await load.run({ answers })
}
