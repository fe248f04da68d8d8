/** How far the event loop is behind: everything that waits in it, waits at least as long. */
export interface LoopDelay extends Disposable {
  /** In milliseconds, of the last round or, where it is longer, of the one that is not over. */
  delayMs(): number
}

const everyMs = 20

/** Watches the event loop by a timer of 20 ms, which does not keep the process alive. */
export function watchLoopDelay(): LoopDelay {
  let lastAt = performance.now()
  let lastDelay = 0
  const timer = setInterval(() => {
    const now = performance.now()
    lastDelay = now - lastAt - everyMs
    lastAt = now
  }, everyMs).unref()
  return {
    delayMs: () => Math.max(lastDelay, performance.now() - lastAt - everyMs),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
