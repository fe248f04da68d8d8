/** Ends the process in order at SIGTERM or SIGINT: what `close` awaits comes to its end, then exit code 0. */
export function closeOnSignal(close: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await close()
      process.exit(0)
    })
  }
}
