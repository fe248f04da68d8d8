import { LRUCache } from 'lru-cache'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessEvent } from '../audit/audit-event.ts'
import type { ChangeFeeds } from '../change-feed/change-feeds.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import type { OnLookup } from '../regions/request-coalescer.ts'
import type { RootFieldDependency, ViewDependency } from '../request/response-dependencies.ts'

/** A whole answer, in JSON, to an operation of this text, and all that it was made of. */
export interface CachedResponse {
  readonly bytes: Buffer
  readonly query: string
  readonly dependencies: readonly RootFieldDependency[]
  /** The last time that all of it was looked at, and held. Absent: it was not yet. */
  lastCheck?: ValidityCheck
}

/** A look at all that an answer was made of. It need not be repeated in this time, in milliseconds since 1970, while the feeds tell nothing. */
interface ValidityCheck {
  readonly fromMs: number
  readonly untilMs: number
  /** What the feeds had told by then. */
  readonly feedVersion: number
}

export interface ResponseCache {
  /**
   * What was answered to this holder before, where nothing that was heard, and no time that is over, makes any of it untrue; its accesses are on
   * the trail, as this request's. Null: it is to be answered anew.
   */
  get(holder: TokenHolder, body: string, recorder: RequestRecorder): Promise<CachedResponse | null>
  set(holder: TokenHolder, body: string, answer: CachedResponse): void
}

export interface ResponseCacheOptions {
  readonly store: ResponseStore<CachedResponse>
  /** RegionCodes. */
  readonly regions: readonly string[]
  readonly feeds: Pick<ChangeFeeds, 'isCurrent' | 'version'>
  /** Whether an operation of this text is answered. */
  readonly admits: (query: string) => boolean
  /** Puts events on the trail; rejects where they cannot be. */
  readonly recordCachedViews: (events: readonly AccessEvent[], recorder: RequestRecorder) => Promise<void>
  readonly onLookup: OnLookup
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Access rules may decide otherwise at midnight in London, which is at a whole hour. */
const hourMs = 3_600_000

/** Answers that are asked for again by the same person, in the same words: nothing of them is planned, merged or printed anew. */
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
      // Nor is anything known of a region that is not heard: neither changes nor flags.
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
      // Answered anew, it cannot be recorded either, and is refused in the words for that.
      if (!isRecorded) return null
      // Something may have been heard, and the disk may have been slow.
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

/** Most answers have one part, whose list is given as it is. */
function toEvents({ dependencies }: CachedResponse): readonly AccessEvent[] {
  const [only] = dependencies
  return only && dependencies.length === 1 ? only.events : dependencies.flatMap(({ events }) => events)
}

function toViews({ dependencies }: CachedResponse): readonly ViewDependency[] {
  const [only] = dependencies
  return only && dependencies.length === 1 ? only.views : dependencies.flatMap(({ views }) => views)
}

// As objects, measured on answers of fifty patients: each has an event for each region, its text beside it, and what tells whether it holds.
const eventBytes = 1400

/** What an answer takes, in bytes. */
function estimateBytes({ bytes, query, dependencies }: CachedResponse): number {
  return bytes.length + query.length + dependencies.reduce((sum, { events }) => sum + events.length * eventBytes, 0)
}

/** What was answered to what was sent, for one holder of a token alone. */
export interface ResponseStore<Answer extends object> {
  get(holder: object, sent: string): Answer | undefined
  /** `bytes`: what the answer takes. */
  set(holder: object, sent: string, answer: Answer, bytes: number): void
  delete(holder: object, sent: string): void
  /** All that is kept takes so many. */
  readonly bytes: number
}

/** Beside the bytes of the answer and the characters that were sent. */
const entryBytes = 2000

/** Answers in a bounded number of bytes, those asked for last; holders are told apart as objects, for two may say the same of themselves. */
export function createResponseStore<Answer extends object>(maxBytes: number): ResponseStore<Answer> {
  const answers = new LRUCache<string, Answer>({ maxSize: Math.max(1, Math.floor(maxBytes)) })
  const holderNumbers = new WeakMap<object, number>()
  let holderCount = 0
  const toKey = (holder: object, sent: string) => {
    const known = holderNumbers.get(holder)
    if (known !== undefined) return `${known} ${sent}`
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
