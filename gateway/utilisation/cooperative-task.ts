import { setImmediate as nextTurn } from 'node:timers/promises'

/** Work that can be left off after each step and taken up again. */
export type CooperativeTask<Result> = Generator<void, Result, void>

/** Does all of it at once. */
export function runToCompletion<Result>(steps: CooperativeTask<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Does it in slices of so many milliseconds, and a step; between two, the event loop goes on with other work. */
export async function runInSlices<Result>(steps: CooperativeTask<Result>, sliceMs = 10): Promise<Result> {
  for (let untilMs = performance.now() + sliceMs; ; ) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() < untilMs) continue
    await nextTurn()
    untilMs = performance.now() + sliceMs
  }
}
