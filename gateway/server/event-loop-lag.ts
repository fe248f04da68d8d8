/** Measures how late the event loop runs its timers; everything that waits for the loop waits at least as long. */
export interface EventLoopLag extends Disposable {
  /** Returns the lag in milliseconds: the last interval's, or the current interval's if that is longer already. */
  lagMs(): number
}

const intervalMs = 20

/** Monitors the event loop with a timer of 20 ms that does not keep the process alive. */
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
