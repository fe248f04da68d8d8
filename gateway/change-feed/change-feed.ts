import { setTimeout as delay } from 'node:timers/promises'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import { type ChangeFeedConnectionOptions, receiveChanges } from './change-feed-connection.ts'
import { createFeedProgress, type FeedProgressOptions } from './feed-progress.ts'

export interface ChangeFeedOptions
  extends FeedProgressOptions,
    Pick<ChangeFeedConnectionOptions, 'region' | 'assertionKey'> {
  /** Called once each time that the region's changes have not been known for `silenceMs`. */
  readonly onStale: () => void
  /** @default 3000 */
  readonly staleAfterMs?: number
  /** Milliseconds since 1970, for assertions. @default Date.now */
  readonly now?: () => number
  /** Milliseconds of a clock that only goes forward, for silence. @default performance.now */
  readonly clock?: () => number
  readonly log: ServiceLog
}

/** One region's changes, heard over a connection that is made again whenever it ends. */
export interface ChangeFeed {
  /** Resolves when the region has told whom it flags, or could not be heard at the first attempt. */
  readonly firstAttempt: Promise<void>
  /** Whether all that the region had committed `silenceMs` ago is known here. */
  readonly isCurrent: boolean
  /** How long ago the region was last heard; null: never. */
  readonly silentForMs: number | null
  /** When that was, by `clock`; null: never. */
  readonly lastReceivedAtMs: number | null
  /** Up to here changes have been told; null before the first connection. */
  readonly lastSequence: number | null
  /** Of the rules that the region decides by; null before the first connection. */
  readonly policyVersion: string | null
  /** Nothing is told after it is called. */
  close(): Promise<void>
}

/** How closely silence is watched for. `connected` is exact. */
const staleCheckMs = 100
const shortestBackoffMs = 100
const longestBackoffMs = 2000

/** Hears a region's changes from now on; what was missed while the connection was cut is told when it is made again. */
export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const {
    region,
    assertionKey,
    onStale: onSilence,
    staleAfterMs: silenceMs = 3000,
    now = Date.now,
    clock = () => performance.now(),
    log,
  } = options
  const tried = Promise.withResolvers<void>()
  const progress = createFeedProgress({
    ...options,
    onFlags: (nhsNumbers) => {
      options.onFlags?.(nhsNumbers)
      tried.resolve()
    },
  })
  const startedAtMs = clock()
  const closing = new AbortController()
  let connection = new AbortController()
  let askedAtMs = startedAtMs
  let lastHeardAtMs: number | null = null
  let isStale = false
  let reason = 'nothing was heard'

  const sinceKnownMs = () => clock() - Math.max(progress.readAsOfMs, startedAtMs)
  const isKnown = () => clock() - progress.readAsOfMs < silenceMs
  const reportStale = () => {
    if (isStale || sinceKnownMs() < silenceMs) return
    isStale = true
    log(`The change feed of ${region.code} is silent`, reason)
    onSilence()
  }
  /** Gives up a connection that is dead, and one that answered so late that its clock is tied to ours too loosely. Not one that catches up. */
  const abortDeadConnection = () => {
    const isDead = clock() - Math.max(lastHeardAtMs ?? startedAtMs, askedAtMs) >= silenceMs
    const isLate = progress.readAsOfMs >= askedAtMs && !isKnown()
    if (isDead || isLate) connection.abort(new Error('Change feed: expected a heartbeat in time'))
  }
  const watch = setInterval(() => {
    reportStale()
    abortDeadConnection()
  }, staleCheckMs)

  /** Whether the region greeted us. */
  const receiveOnce = async (): Promise<boolean> => {
    let take: ReturnType<typeof progress.startConnection> | null = null
    let greeted = false
    connection = new AbortController()
    const asked = () => {
      askedAtMs = clock()
    }
    asked()
    try {
      await receiveChanges({
        region,
        assertionKey,
        now,
        after: progress.lastSequence,
        signal: connection.signal,
        onConnect: asked,
        onBytes: () => {
          lastHeardAtMs = clock()
        },
        onEvent: (event) => {
          if (closing.signal.aborted) return
          // Silence is told before what ends it.
          reportStale()
          take ??= progress.startConnection(askedAtMs)
          take(event, clock())
          greeted = true
          if (isKnown()) isStale = false
        },
      })
      reason = 'the region ended it'
    } catch (error) {
      reason = toReason(error)
    }
    return greeted
  }
  const receiveUntilClosed = async () => {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      if (await receiveOnce()) failures = 0
      tried.resolve()
      await delay(toBackoffMs(failures), undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const receiving = receiveUntilClosed()
  return {
    firstAttempt: tried.promise,
    get isCurrent() {
      return isKnown()
    },
    get silentForMs() {
      return lastHeardAtMs === null ? null : clock() - lastHeardAtMs
    },
    get lastReceivedAtMs() {
      return lastHeardAtMs
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

/** Doubled with each failure in a row, and jittered: the gateways of a store that starts again must not all come at once. */
function toBackoffMs(failures: number): number {
  const longest = Math.min(longestBackoffMs, shortestBackoffMs * 2 ** failures)
  return longest / 2 + (Math.random() * longest) / 2
}

/** Fit for a log: nothing that the region sent. */
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string'
    ? error.code
    : error.message.startsWith('Change feed: ')
      ? error.message
      : error.name
}
