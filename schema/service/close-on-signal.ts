import type { CloseOptions } from './listen.ts'
import type { ShutdownSettings } from './shutdown-settings.ts'

// Longest time in which a keep-alive client finishes writing a request that it had begun.
const idleMs = 500

/**
 * Shuts the process down at SIGTERM or SIGINT: exit code 0 once `close` has finished, 1 if that takes too long. Further
 * signals are ignored, because a terminal's Ctrl+C often arrives twice. The returned function shuts down the same way
 * with another exit code.
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
