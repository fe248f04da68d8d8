import { setTimeout as delay } from 'node:timers/promises'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import { type ChangeFeedConnectionOptions, receiveChanges } from './change-feed-connection.ts'
import { createFeedProgress, type FeedProgressOptions } from './feed-progress.ts'

export interface ChangeFeedOptions
  extends FeedProgressOptions,
    Pick<ChangeFeedConnectionOptions, 'region' | 'assertionKey'> {
  /** Called once each time the feed becomes stale: the region's changes are unknown for `staleAfterMs`. */
  readonly onStale: () => void
  /** @default 3000 */
  readonly staleAfterMs?: number
  /** Milliseconds since 1970, for assertions. @default Date.now */
  readonly now?: () => number
  /** Monotonic clock for staleness, in milliseconds. @default performance.now */
  readonly clock?: () => number
  readonly log: ServiceLog
}

/** One region's change feed, over a connection that is opened again whenever it ends. */
export interface ChangeFeed {
  /** Resolves when the region has sent its flagged patients, or when the first connection failed. */
  readonly firstAttempt: Promise<void>
  /** Whether every change that the region committed `staleAfterMs` ago or earlier was received. */
  readonly isCurrent: boolean
  /** Milliseconds since bytes last arrived; null: none ever did. */
  readonly silentForMs: number | null
  /** When bytes last arrived, by `clock`; null: none ever did. */
  readonly lastReceivedAtMs: number | null
  /** Sequence number of the last change received; null before the first connection. */
  readonly lastSequence: number | null
  /** Version of the region's rules; null before the first connection. */
  readonly policyVersion: string | null
  /** Closes the feed. No callback runs afterwards. */
  close(): Promise<void>
}

/** Interval between checks for staleness. `isCurrent` itself is exact. */
const staleCheckMs = 100
const shortestBackoffMs = 100
const longestBackoffMs = 2000

/**
 * Creates the change feed of a region, from now on. Changes missed while disconnected arrive after the reconnection.
 */
export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const {
    region,
    assertionKey,
    onStale,
    staleAfterMs = 3000,
    now = Date.now,
    clock = () => performance.now(),
    log,
  } = options
  const firstAttempt = Promise.withResolvers<void>()
  const progress = createFeedProgress({
    ...options,
    onFlags: (nhsNumbers) => {
      options.onFlags?.(nhsNumbers)
      firstAttempt.resolve()
    },
  })
  const startedAtMs = clock()
  const closing = new AbortController()
  let connection = new AbortController()
  let requestedAtMs = startedAtMs
  let lastReceivedAtMs: number | null = null
  let isStale = false
  let reason = 'nothing was received'

  const unknownForMs = () => clock() - Math.max(progress.readAsOfMs, startedAtMs)
  const isCurrent = () => clock() - progress.readAsOfMs < staleAfterMs
  const reportStale = () => {
    if (isStale || unknownForMs() < staleAfterMs) return
    isStale = true
    log(`The change feed of ${region.code} is silent`, reason)
    onStale()
  }
  /**
   * Aborts a connection that is dead, or whose greeting came so late that the clocks are tied too loosely. A connection
   * that is catching up is not aborted.
   */
  const abortDeadConnection = () => {
    const isDead = clock() - Math.max(lastReceivedAtMs ?? startedAtMs, requestedAtMs) >= staleAfterMs
    const isLate = progress.readAsOfMs >= requestedAtMs && !isCurrent()
    if (isDead || isLate) connection.abort(new Error('Change feed: expected a heartbeat in time'))
  }
  const watch = setInterval(() => {
    reportStale()
    abortDeadConnection()
  }, staleCheckMs)

  /** Resolves with whether the region sent a greeting. */
  const receiveOnce = async (): Promise<boolean> => {
    let receive: ReturnType<typeof progress.startConnection> | null = null
    let isGreeted = false
    connection = new AbortController()
    const markRequested = () => {
      requestedAtMs = clock()
    }
    markRequested()
    try {
      await receiveChanges({
        region,
        assertionKey,
        now,
        after: progress.lastSequence,
        signal: connection.signal,
        onConnect: markRequested,
        onBytes: () => {
          lastReceivedAtMs = clock()
        },
        onEvent: (event) => {
          if (closing.signal.aborted) return
          // Listeners learn that the feed became stale before they learn that it is current again.
          reportStale()
          receive ??= progress.startConnection(requestedAtMs)
          receive(event, clock())
          isGreeted = true
          if (isCurrent()) isStale = false
        },
      })
      reason = 'the region ended it'
    } catch (error) {
      reason = toReason(error)
    }
    return isGreeted
  }
  const receiveUntilClosed = async () => {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      if (await receiveOnce()) failures = 0
      firstAttempt.resolve()
      await delay(toBackoffMs(failures), undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const receiving = receiveUntilClosed()
  return {
    firstAttempt: firstAttempt.promise,
    get isCurrent() {
      return isCurrent()
    },
    get silentForMs() {
      return lastReceivedAtMs === null ? null : clock() - lastReceivedAtMs
    },
    get lastReceivedAtMs() {
      return lastReceivedAtMs
    },
    get lastSequence() {
      return progress.lastSequence
    },
    get policyVersion() {
      return progress.policyVersion
    },
    async close() {
      clearInterval(watch)
      closing.abort()
      connection.abort()
      await receiving
    },
  }
}

/**
 * Doubles with each consecutive failure. It is random, so that the gateways of a restarted store do not reconnect at
 * once.
 */
function toBackoffMs(failures: number): number {
  const longest = Math.min(longestBackoffMs, shortestBackoffMs * 2 ** failures)
  return longest / 2 + (Math.random() * longest) / 2
}

/** Returns a reason for the log that contains nothing the region sent. */
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string'
    ? error.code
    : error.message.startsWith('Change feed: ')
      ? error.message
      : error.name
}
