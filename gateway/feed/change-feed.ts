import { setTimeout as delay } from 'node:timers/promises'
import type { ServiceLog } from '../../schema/http/service-log.ts'
import { createFeedProgress, type FeedProgressOptions } from './feed-progress.ts'
import { type HearChangesOptions, hearChanges } from './hear-changes.ts'

export interface ChangeFeedOptions extends FeedProgressOptions, Pick<HearChangesOptions, 'region' | 'assertionKey'> {
  /** Called once each time that the region's changes have not been known for `silenceMs`. */
  readonly onSilence: () => void
  /** @default 3000 */
  readonly silenceMs?: number
  /** Milliseconds since 1970, for assertions. @default Date.now */
  readonly now?: () => number
  /** Milliseconds of a clock that only goes forward, for silence. @default performance.now */
  readonly clock?: () => number
  readonly log: ServiceLog
}

/** One region's changes, heard over a connection that is made again whenever it ends. */
export interface ChangeFeed {
  /** Resolves when the region has told whom it flags, or could not be heard at the first attempt. */
  readonly tried: Promise<void>
  /** Whether all that the region had committed `silenceMs` ago is known here. */
  readonly connected: boolean
  /** How long ago the region was last heard; null: never. */
  readonly silentForMs: number | null
  /** When that was, by `clock`; null: never. */
  readonly lastHeardAtMs: number | null
  /** Up to here changes have been told; null before the first connection. */
  readonly lastSequence: number | null
  /** Of the rules that the region decides by; null before the first connection. */
  readonly policyVersion: string | null
  /** Nothing is told after it is called. */
  close(): Promise<void>
}

/** How closely silence is watched for. `connected` is exact. */
const watchMs = 100
const shortestBackoffMs = 100
const longestBackoffMs = 2000

/** Hears a region's changes from now on; what was missed while the connection was cut is told when it is made again. */
export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const { region, assertionKey, onSilence, silenceMs = 3000, now = Date.now, clock = () => performance.now(), log } = options
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
  let silent = false
  let reason = 'nothing was heard'

  const sinceKnownMs = () => clock() - Math.max(progress.knownAsOfMs, startedAtMs)
  const isKnown = () => clock() - progress.knownAsOfMs < silenceMs
  const noticeSilence = () => {
    if (silent || sinceKnownMs() < silenceMs) return
    silent = true
    log(`The change feed of ${region.code} is silent`, reason)
    onSilence()
  }
  /** Gives up a connection that is dead, and one that answered so late that its clock is tied to ours too loosely. Not one that catches up. */
  const giveUp = () => {
    const isDead = clock() - Math.max(lastHeardAtMs ?? startedAtMs, askedAtMs) >= silenceMs
    const isLate = progress.knownAsOfMs >= askedAtMs && !isKnown()
    if (isDead || isLate) connection.abort(new Error('Change feed: expected a heartbeat in time'))
  }
  const watch = setInterval(() => {
    noticeSilence()
    giveUp()
  }, watchMs)

  /** Whether the region greeted us. */
  const hear = async (): Promise<boolean> => {
    let take: ReturnType<typeof progress.begin> | null = null
    let greeted = false
    connection = new AbortController()
    const asked = () => {
      askedAtMs = clock()
    }
    asked()
    try {
      await hearChanges({
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
          noticeSilence()
          take ??= progress.begin(askedAtMs)
          take(event, clock())
          greeted = true
          if (isKnown()) silent = false
        },
      })
      reason = 'the region ended it'
    } catch (error) {
      reason = toReason(error)
    }
    return greeted
  }
  const hearOn = async () => {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      if (await hear()) failures = 0
      tried.resolve()
      await delay(backoffOf(failures), undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const hearing = hearOn()
  return {
    tried: tried.promise,
    get connected() {
      return isKnown()
    },
    get silentForMs() {
      return lastHeardAtMs === null ? null : clock() - lastHeardAtMs
    },
    get lastHeardAtMs() {
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
      await hearing
    },
  }
}

/** Doubled with each failure in a row, and jittered: the gateways of a store that starts again must not all come at once. */
function backoffOf(failures: number): number {
  const longest = Math.min(longestBackoffMs, shortestBackoffMs * 2 ** failures)
  return longest / 2 + (Math.random() * longest) / 2
}

/** Fit for a log: nothing that the region sent. */
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.startsWith('Change feed: ') ? error.message : error.name
}
