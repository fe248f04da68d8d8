import { LRUCache } from 'lru-cache'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessEvent } from '../audit/audit-event.ts'
import type { ChangeFeeds } from '../change-feed/change-feeds.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import type { OnLookup } from '../regions/request-coalescer.ts'
import type { RootFieldDependency, ViewDependency } from '../request/response-dependencies.ts'

/** A whole response in JSON, the text of its operation, and its dependencies. */
export interface CachedResponse {
  readonly bytes: Buffer
  readonly query: string
  readonly dependencies: readonly RootFieldDependency[]
  /** The last check that found the response valid. Absent: not checked yet. */
  lastCheck?: ValidityCheck
}

/**
 * The result of a check. It holds from `fromMs` to `untilMs` (milliseconds since 1970) while no change feed sends an
 * event.
 */
interface ValidityCheck {
  readonly fromMs: number
  readonly untilMs: number
  /** The change feeds' version at the check. */
  readonly feedVersion: number
}

export interface ResponseCache {
  /**
   * Returns the cached response if it is still valid for this holder and its audit events are written for this
   * request; otherwise null.
   */
  get(holder: TokenHolder, body: string, recorder: RequestRecorder): Promise<CachedResponse | null>
  set(holder: TokenHolder, body: string, answer: CachedResponse): void
}

export interface ResponseCacheOptions {
  readonly store: ResponseStore<CachedResponse>
  /** Codes of all regions. */
  readonly regions: readonly string[]
  readonly feeds: Pick<ChangeFeeds, 'isCurrent' | 'version'>
  /** Tells whether an operation with this text is answered. */
  readonly admits: (query: string) => boolean
  /** Writes events to the audit trail. Rejects if it cannot. */
  readonly recordCachedViews: (events: readonly AccessEvent[], recorder: RequestRecorder) => Promise<void>
  readonly onLookup: OnLookup
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Access decisions may change at midnight in London, which is always a whole hour of UTC. */
const hourMs = 3_600_000

/**
 * Caches whole responses per token holder and request body, so that a repeated operation is not planned, merged or
 * printed again.
 */
export function createResponseCache({
  store,
  regions,
  feeds,
  admits,
  recordCachedViews,
  onLookup,
  now,
}: ResponseCacheOptions): ResponseCache {
  const isValid = (answer: CachedResponse) => {
    const nowMs = now()
    const { dependencies, lastCheck } = answer
    if (
      lastCheck &&
      lastCheck.feedVersion === feeds.version &&
      lastCheck.fromMs <= nowMs &&
      nowMs < lastCheck.untilMs
    ) {
      // A stale feed sends neither changes nor flags, so the response cannot be trusted.
      return regions.every(feeds.isCurrent)
    }
    if (!dependencies.every(({ validity }) => validity.isValid())) return false
    const untilMs = dependencies.reduce(
      (ms, { validity }) => Math.min(ms, validity.untilMs),
      nowMs - (nowMs % hourMs) + hourMs,
    )
    answer.lastCheck = { fromMs: nowMs, untilMs, feedVersion: feeds.version }
    return true
  }
  const discard = (holder: TokenHolder, body: string) => {
    store.delete(holder, body)
    return null
  }
  return {
    async get(holder, body, recorder) {
      const cached = store.get(holder, body)
      if (!cached) return null
      if (!admits(cached.query) || !isValid(cached)) return discard(holder, body)
      recorder.recordPlanned()
      const isRecorded = await recordCachedViews(toEvents(cached), recorder).then(
        () => true,
        () => false,
      )
      // The operation is then executed, where the same write fails and is reported properly.
      if (!isRecorded) return null
      // The write to disk takes time in which a change may have arrived.
      if (!isValid(cached)) return discard(holder, body)
      for (const view of toViews(cached)) {
        recorder.recordView(view)
        for (const { region, readAtMs } of view.regionResults) onLookup(region.code, 'hit', 1, readAtMs)
      }
      return cached
    },
    set: (holder, body, answer) => store.set(holder, body, answer, estimateBytes(answer)),
  }
}

/** Most responses have one root field, whose list is returned without a copy. */
function toEvents({ dependencies }: CachedResponse): readonly AccessEvent[] {
  const [only] = dependencies
  return only && dependencies.length === 1 ? only.events : dependencies.flatMap(({ events }) => events)
}

function toViews({ dependencies }: CachedResponse): readonly ViewDependency[] {
  const [only] = dependencies
  return only && dependencies.length === 1 ? only.views : dependencies.flatMap(({ views }) => views)
}

// Bytes of an event's objects, measured on responses of fifty patients with an event per region, its text and its
// validity.
const eventBytes = 1400

/** Estimates the memory that a response takes, in bytes. */
function estimateBytes({ bytes, query, dependencies }: CachedResponse): number {
  return bytes.length + query.length + dependencies.reduce((sum, { events }) => sum + events.length * eventBytes, 0)
}

/** Responses by token holder and request body. */
export interface ResponseStore<Answer extends object> {
  get(holder: object, sent: string): Answer | undefined
  /** `bytes` is the response's estimated size. */
  set(holder: object, sent: string, answer: Answer, bytes: number): void
  delete(holder: object, sent: string): void
  /** The total size of all entries. */
  readonly bytes: number
}

/** Bytes of an entry beside the response and the characters of the body. */
const entryBytes = 2000

/**
 * Creates a least-recently-used store bounded in bytes. Holders are compared by object identity, because two tokens
 * may make equal claims.
 */
export function createResponseStore<Answer extends object>(maxBytes: number): ResponseStore<Answer> {
  const answers = new LRUCache<string, Answer>({ maxSize: Math.max(1, Math.floor(maxBytes)) })
  const holderNumbers = new WeakMap<object, number>()
  let holderCount = 0
  const toKey = (holder: object, sent: string) => {
    const number = holderNumbers.get(holder)
    if (number !== undefined) return `${number} ${sent}`
    holderNumbers.set(holder, ++holderCount)
    return `${holderCount} ${sent}`
  }
  return {
    get: (holder, sent) => answers.get(toKey(holder, sent)),
    set: (holder, sent, answer, bytes) =>
      void answers.set(toKey(holder, sent), answer, { size: entryBytes + sent.length + bytes }),
    delete: (holder, sent) => void answers.delete(toKey(holder, sent)),
    get bytes() {
      return answers.calculatedSize
    },
  }
}
