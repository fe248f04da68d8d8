import type { ChangeEvent, ChangeMark } from '../../schema/change-event.ts'

/** One committed change of a patient's record in a region. */
export type RegionChange = Omit<Extract<ChangeEvent, { readonly type: 'change' }>, 'type'>

export interface FeedProgressOptions {
  readonly onChange: (change: RegionChange) => void
  /** Nothing that was heard before says anything now: another history, or other rules. */
  readonly onReset: () => void
  /** The patients whom the region flags sensitive, all of them; told before all that is told of later changes. */
  readonly onFlags?: (nhsNumbers: ReadonlySet<string>) => void
}

/** How much of a region's changes is known here. Times are on the reader's own clock, which only goes forward. */
export interface FeedProgress {
  /** Up to here changes have been told; null before the first connection. */
  readonly lastSequence: number | null
  readonly policyVersion: string | null
  /** All that the region had committed by then has been told; -Infinity: never. */
  readonly readAsOfMs: number
  /** A connection on which the region was asked at that time; what is called with its events, in order. Throws where they are no feed's. */
  startConnection(askedAtMs: number): (event: ChangeEvent, heardAtMs: number) => void
}

/**
 * What a region's events add up to. A heartbeat proves nothing by its arrival, for it may have been long on its way: what counts is
 * when the region looked. Its clock is tied to ours by the greeting, which it wrote after it was asked, so a time reckoned from there
 * is never later than the truth. And a mark holds only once every change up to its sequence has been told.
 */
export function createFeedProgress({ onChange, onReset, onFlags }: FeedProgressOptions): FeedProgress {
  let lastSequence: number | null = null
  let policyVersion: string | null = null
  let knownAsOfMs = Number.NEGATIVE_INFINITY

  const begin = (askedAtMs: number) => {
    let offsetMs: number | null = null
    let isOfAnotherHistory = false
    // The earliest that does not hold yet: a later one might never, while changes keep coming.
    let awaited: ChangeMark | null = null
    const flagged = new Set<string>()
    let flaggedAsOf = 0

    const settle = (heardAtMs: number) => {
      if (
        !awaited ||
        offsetMs === null ||
        isOfAnotherHistory ||
        lastSequence === null ||
        lastSequence < awaited.sequence
      )
        return
      knownAsOfMs = Math.max(knownAsOfMs, Math.min(heardAtMs, awaited.clockMs + offsetMs))
      awaited = null
    }
    const greet = ({ sequence, clockMs, policyVersion: version }: Extract<ChangeEvent, { readonly type: 'hello' }>) => {
      offsetMs = askedAtMs - clockMs
      lastSequence ??= sequence
      // Its `reset` follows.
      isOfAnotherHistory = sequence < lastSequence
      const isOtherRules = policyVersion !== null && policyVersion !== version
      policyVersion = version
      if (isOtherRules) onReset()
      awaited = { sequence, clockMs }
    }
    return (event: ChangeEvent, heardAtMs: number) => {
      if ((event.type === 'hello') !== (offsetMs === null))
        throw new Error('Change feed: expected one hello, before all else')
      if (event.type === 'hello') greet(event)
      if (event.type === 'heartbeat') awaited ??= event
      if (event.type === 'change' && event.sequence > (lastSequence ?? 0)) {
        const { type: _, sensitive, ...change } = event
        // What was read before the flags were says nothing of them.
        onChange({ ...change, ...(event.sequence > flaggedAsOf ? { sensitive } : {}) })
        lastSequence = event.sequence
      }
      if (event.type === 'reset') {
        isOfAnotherHistory = false
        lastSequence = event.sequence
        onReset()
      }
      if (event.type === 'flags') {
        for (const nhsNumber of event.nhsNumbers) flagged.add(nhsNumber)
        flaggedAsOf = event.sequence
        if (!event.more) onFlags?.(flagged)
      }
      settle(heardAtMs)
    }
  }
  return {
    get lastSequence() {
      return lastSequence
    },
    get policyVersion() {
      return policyVersion
    },
    get readAsOfMs() {
      return knownAsOfMs
    },
    startConnection: begin,
  }
}
