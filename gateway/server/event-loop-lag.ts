/** How far the event loop is behind: everything that waits in it, waits at least as long. */
export interface EventLoopLag extends Disposable {
  /** In milliseconds, of the last round or, where it is longer, of the one that is not over. */
  lagMs(): number
}

const intervalMs = 20

/** Watches the event loop by a timer of 20 ms, which does not keep the process alive. */
export function monitorEventLoopLag(): EventLoopLag {
  let lastTickMs = performance.now()
  let lastLagMs = 0
  const timer = setInterval(() => {
    const now = performance.now()
    lastLagMs = now - lastTickMs - intervalMs
    lastTickMs = now
  }, intervalMs).unref()
  return {
    lagMs: () => Math.max(lastLagMs, performance.now() - lastTickMs - intervalMs),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
