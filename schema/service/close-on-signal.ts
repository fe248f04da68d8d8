import type { CloseOptions } from './listen.ts'
import type { ShutdownSettings } from './shutdown-settings.ts'

// As long as a client that keeps its connection takes to write a request that it had begun.
const idleMs = 500

/**
 * Ends the process in order at SIGTERM or SIGINT: what `close` awaits comes to its end, then exit code 0. Where it does not in time, exit code 1.
 * Further signals change nothing: a terminal's Ctrl+C often comes twice. What is returned ends it the same way, with another exit code.
 */
export function closeOnSignal(
  close: (options: CloseOptions) => Promise<void>,
  { drainMs = 0, stopMs = 8000 }: Partial<ShutdownSettings> = {},
): (exitCode: number) => Promise<void> {
  let ending = false
  const end = async (exitCode: number) => {
    if (ending) return
    ending = true
    setTimeout(() => {
      process.stderr.write(
        `Stop: expected every request to end within ${stopMs / 1000} s (STOP_SECONDS), found one that goes on; it is cut off.\n`,
      )
      process.exit(1)
    }, drainMs + stopMs)
    await close({ drainMs, idleMs })
    process.exit(exitCode)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0))
  return end
}
