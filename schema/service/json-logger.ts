import { type DestinationStream, type Logger, pino } from 'pino'

export type { DestinationStream } from 'pino'

/**
 * Writes one JSON object per line: level, instant (ISO 8601), then the fields. It leaves out process id and host, which
 * log collectors add.
 */
export function createJsonLogger(to: DestinationStream): Logger {
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    to,
  )
}

// Largest backlog in bytes for a reader that stopped reading; further lines are dropped.
const maxBufferedBytes = 4 * 1024 * 1024

// Number of waits, of a tenth of a second each, for a stopped reader at exit.
const maxRetriesAtExit = 5

/**
 * Standard output, written asynchronously, so that a slow reader delays nobody. The backlog is written at exit, for
 * half a second at most.
 */
export function openStandardOutput(): DestinationStream {
  let retriesLeft = Number.POSITIVE_INFINITY
  process.prependOnceListener('exit', () => {
    retriesLeft = maxRetriesAtExit
  })
  return open({ dest: 1, sync: false, maxLength: maxBufferedBytes, retryEAGAIN: () => retriesLeft-- > 0 })
}

/** Standard error, written synchronously, because the process may be about to exit. */
export function openStandardError(): DestinationStream {
  return open({ dest: 2, sync: true })
}

function open(options: {
  readonly dest: number
  readonly sync: boolean
  readonly maxLength?: number
  readonly retryEAGAIN?: () => boolean
}): DestinationStream {
  const destination = pino.destination(options)
  // If lines cannot be written, for example on a full disk, the service continues without them.
  destination.on('error', () => {})
  const flushSync = destination.flushSync.bind(destination)
  destination.flushSync = () => {
    try {
      flushSync()
    } catch {
      // A failure to write at exit is ignored too, so that it does not change the exit code.
    }
  }
  return destination
}
