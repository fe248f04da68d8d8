import type { ChangeEvent, ChangeMark } from '../../schema/change-event.ts'

/** One committed change of a patient's record in a region. */
export type RegionChange = Omit<Extract<ChangeEvent, { readonly type: 'change' }>, 'type'>

export interface FeedProgressOptions {
  readonly onChange: (change: RegionChange) => void
  /** Called when everything received before became invalid: the store has a new history or new rules. */
  readonly onReset: () => void
  /** Called with all patients whom the region flags sensitive, before any later change. */
  readonly onFlags?: (nhsNumbers: ReadonlySet<string>) => void
}

/** How much of a region's changes was received. Times are by the gateway's monotonic clock. */
export interface FeedProgress {
  /** Sequence number of the last change received; null before the first connection. */
  readonly lastSequence: number | null
  readonly policyVersion: string | null
  /** Every change that the region committed by this time was received. -Infinity: no time is known. */
  readonly readAsOfMs: number
  /**
   * Starts a connection that was opened at that time, and returns the handler of its events, in order. The handler
   * throws if the events are not those of a change feed.
   */
  startConnection(requestedAtMs: number): (event: ChangeEvent, receivedAtMs: number) => void
}

/**
 * Creates the progress of one region's feed. A heartbeat's arrival proves nothing, because the heartbeat may have been
 * delayed; what counts is when the region read its store. The greeting ties the region's clock to ours. The region
 * wrote it after our request, so a time converted by it is never too late. A mark counts only once every change up to
 * its sequence number was received.
 */
export function createFeedProgress({ onChange, onReset, onFlags }: FeedProgressOptions): FeedProgress {
  let lastSequence: number | null = null
  let policyVersion: string | null = null
  let readAsOfMs = Number.NEGATIVE_INFINITY

  const startConnection = (requestedAtMs: number) => {
    let offsetMs: number | null = null
    let hasNewHistory = false
    // The earliest mark that does not count yet. A later one might never count while changes keep arriving.
    let pendingMark: ChangeMark | null = null
    const flagged = new Set<string>()
    let flaggedAsOf = 0

    const applyMark = (receivedAtMs: number) => {
      if (
        !pendingMark ||
        offsetMs === null ||
        hasNewHistory ||
        lastSequence === null ||
        lastSequence < pendingMark.sequence
      )
        return
      readAsOfMs = Math.max(readAsOfMs, Math.min(receivedAtMs, pendingMark.clockMs + offsetMs))
      pendingMark = null
    }
    const greet = ({ sequence, clockMs, policyVersion: version }: Extract<ChangeEvent, { readonly type: 'hello' }>) => {
      offsetMs = requestedAtMs - clockMs
      lastSequence ??= sequence
      // A `reset` event follows.
      hasNewHistory = sequence < lastSequence
      const hasNewRules = policyVersion !== null && policyVersion !== version
      policyVersion = version
      if (hasNewRules) onReset()
      pendingMark = { sequence, clockMs }
    }
    return (event: ChangeEvent, receivedAtMs: number) => {
      if ((event.type === 'hello') !== (offsetMs === null))
        throw new Error('Change feed: expected one hello, before all else')
      if (event.type === 'hello') greet(event)
      if (event.type === 'heartbeat') pendingMark ??= event
      if (event.type === 'change' && event.sequence > (lastSequence ?? 0)) {
        const { type: _, sensitive, ...change } = event
        // An event older than the flags states nothing about them.
        onChange({ ...change, ...(event.sequence > flaggedAsOf ? { sensitive } : {}) })
        lastSequence = event.sequence
      }
      if (event.type === 'reset') {
        hasNewHistory = false
        lastSequence = event.sequence
        onReset()
      }
      if (event.type === 'flags') {
        for (const nhsNumber of event.nhsNumbers) flagged.add(nhsNumber)
        flaggedAsOf = event.sequence
        if (!event.more) onFlags?.(flagged)
      }
      applyMark(receivedAtMs)
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
      return readAsOfMs
    },
    startConnection,
  }
}
