import { type DestinationStream, type Logger, pino } from 'pino'

export type { DestinationStream } from 'pino'

/** Writes one JSON object a line: its level as a word, its instant in ISO 8601, then what it is given. No process id and no host: who collects lines knows where from. */
export function createJsonLogger(to: DestinationStream): Logger {
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    to,
  )
}

// Of a reader who stops reading, no more than this waits in memory; lines beyond it are lost.
const maxBufferedBytes = 4 * 1024 * 1024

// Each is a tenth of a second in which a reader who has stopped may read on.
const maxRetriesAtExit = 5

/** Standard output, written to beside the work: a slow reader holds nobody up. What waits is written when the process exits, unless nobody reads it in half a second. */
export function openStandardOutput(): DestinationStream {
  let retriesLeft = Number.POSITIVE_INFINITY
  process.prependOnceListener('exit', () => {
    retriesLeft = maxRetriesAtExit
  })
  return open({ dest: 1, sync: false, maxLength: maxBufferedBytes, retryEAGAIN: () => retriesLeft-- > 0 })
}

/** Standard error, written to at once: the process may be about to end. */
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
  // Where lines cannot be written, as on a full disk, the work goes on without them.
  destination.on('error', () => {})
  const flushSync = destination.flushSync.bind(destination)
  destination.flushSync = () => {
    try {
      flushSync()
    } catch {
      // Likewise at the end, which is as ordered as it was asked for.
    }
  }
  return destination
}
