import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessEvent } from '../audit/audit-event.ts'
import type { AnswerMemory } from '../cache/answer-memory.ts'
import type { ChangeFeeds } from '../feed/change-feeds.ts'
import type { RequestRecorder } from '../metrics/request-recorder.ts'
import type { OnLookup } from '../regions/shared-asks.ts'
import type { BasisPart, BasisView } from './answer-basis.ts'

/** A whole answer, in JSON, to an operation of this text, and all that it was made of. */
export interface KeptAnswer {
  readonly bytes: Buffer
  readonly query: string
  readonly parts: readonly BasisPart[]
  /** The last time that all of it was looked at, and held. Absent: it was not yet. */
  looked?: Look
}

/** A look at all that an answer was made of. It need not be repeated in this time, in milliseconds since 1970, while the feeds tell nothing. */
interface Look {
  readonly fromMs: number
  readonly untilMs: number
  /** What the feeds had told by then. */
  readonly told: number
}

export interface KeptAnswers {
  /**
   * What was answered to this holder before, where nothing that was heard, and no time that is over, makes any of it untrue; its accesses are on
   * the trail, as this request's. Null: it is to be answered anew.
   */
  again(holder: TokenHolder, body: string, recorder: RequestRecorder): Promise<KeptAnswer | null>
  keep(holder: TokenHolder, body: string, answer: KeptAnswer): void
}

export interface KeptAnswersOptions {
  readonly memory: AnswerMemory<KeptAnswer>
  /** RegionCodes. */
  readonly regions: readonly string[]
  readonly feeds: Pick<ChangeFeeds, 'isCurrent' | 'told'>
  /** Whether an operation of this text is answered. */
  readonly admits: (query: string) => boolean
  /** Puts events on the trail; rejects where they cannot be. */
  readonly recordAgain: (events: readonly AccessEvent[], recorder: RequestRecorder) => Promise<void>
  readonly onLookup: OnLookup
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Access rules may decide otherwise at midnight in London, which is at a whole hour. */
const hourMs = 3_600_000

/** Answers that are asked for again by the same person, in the same words: nothing of them is planned, merged or printed anew. */
export function createKeptAnswers({ memory, regions, feeds, admits, recordAgain, onLookup, now }: KeptAnswersOptions): KeptAnswers {
  const isGood = (answer: KeptAnswer) => {
    const nowMs = now()
    const { parts, looked } = answer
    if (looked && looked.told === feeds.told && looked.fromMs <= nowMs && nowMs < looked.untilMs) {
      // Nor is anything known of a region that is not heard: neither changes nor flags.
      return regions.every(feeds.isCurrent)
    }
    if (!parts.every(({ same }) => same.holds())) return false
    const untilMs = parts.reduce((ms, { same }) => Math.min(ms, same.untilMs), nowMs - (nowMs % hourMs) + hourMs)
    answer.looked = { fromMs: nowMs, untilMs, told: feeds.told }
    return true
  }
  const forget = (holder: TokenHolder, body: string) => {
    memory.forget(holder, body)
    return null
  }
  return {
    async again(holder, body, recorder) {
      const kept = memory.find(holder, body)
      if (!kept) return null
      if (!admits(kept.query) || !isGood(kept)) return forget(holder, body)
      recorder.planned()
      const isRecorded = await recordAgain(eventsOf(kept), recorder).then(
        () => true,
        () => false,
      )
      // Answered anew, it cannot be recorded either, and is refused in the words for that.
      if (!isRecorded) return null
      // Something may have been heard, and the disk may have been slow.
      if (!isGood(kept)) return forget(holder, body)
      for (const view of viewsOf(kept)) {
        recorder.viewed(view)
        for (const { region, readAtMs } of view.parts) onLookup(region.code, 'hit', 1, readAtMs)
      }
      return kept
    },
    keep: (holder, body, answer) => memory.keep(holder, body, answer, sizeOf(answer)),
  }
}

/** Most answers have one part, whose list is given as it is. */
function eventsOf({ parts }: KeptAnswer): readonly AccessEvent[] {
  const [only] = parts
  return only && parts.length === 1 ? only.events : parts.flatMap(({ events }) => events)
}

function viewsOf({ parts }: KeptAnswer): readonly BasisView[] {
  const [only] = parts
  return only && parts.length === 1 ? only.views : parts.flatMap(({ views }) => views)
}

// As objects, measured on answers of fifty patients: each has an event for each region, its text beside it, and what tells whether it holds.
const eventBytes = 1400

/** What an answer takes, in bytes. */
function sizeOf({ bytes, query, parts }: KeptAnswer): number {
  return bytes.length + query.length + parts.reduce((sum, { events }) => sum + events.length * eventBytes, 0)
}
