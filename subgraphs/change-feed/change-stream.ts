import { type ChangeEvent, type ChangeMark, printChangeEvent } from '../../schema/change-event.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { FlaggedPatients } from '../store/record-store.ts'
import type { ChangePoller } from './change-poller.ts'

export interface ChangeStreamOptions {
  readonly poller: ChangePoller
  /** The store's last sequence number when the subscriber connected. */
  readonly startMark: ChangeMark
  /** The last sequence number that the subscriber has received; null for new changes only. */
  readonly after: number | null
  /** The patients flagged sensitive when the subscriber connected. */
  readonly flagged: FlaggedPatients
  readonly policyVersion: string
  /** Milliseconds between heartbeats. @default 1000 */
  readonly heartbeatMs?: number
  /** Is called once, when the subscriber has gone or the stream has ended. */
  readonly onEnd: () => void
  readonly log: ServiceLog
}

export interface ChangeStream {
  readonly body: ReadableStream<Uint8Array>
  /** Ends the stream in order. */
  end(): void
}

/**
 * Creates one subscriber's stream, written only as fast as it is read. A store that cannot be read ends the stream; the
 * subscriber reconnects.
 */
export function createChangeStream({
  poller,
  startMark,
  after,
  flagged,
  policyVersion,
  heartbeatMs = 1000,
  onEnd,
  log,
}: ChangeStreamOptions): ChangeStream {
  const isAheadOfStore = after !== null && after > startMark.sequence
  let position = isAheadOfStore ? startMark.sequence : (after ?? startMark.sequence)
  let latest = startMark
  let lastHeartbeatMs = startMark.clockMs
  let ended = false
  let wake = () => {}

  const encode = (event: ChangeEvent) => new TextEncoder().encode(printChangeEvent(event, position))
  const greeting: readonly ChangeEvent[] = [
    { type: 'hello', policyVersion, ...startMark },
    ...(isAheadOfStore ? [{ type: 'reset', sequence: position } as const] : []),
  ]
  const opening = [...greeting, ...toFlagEvents(flagged)].map(encode)

  const isBehind = () => position < latest.sequence
  // This uses the clock of the last poll, because a store that cannot be read sends no heartbeat.
  const isHeartbeatDue = () => latest.clockMs - lastHeartbeatMs >= heartbeatMs
  const unsubscribe = poller.subscribe((mark) => {
    latest = mark
    if (isBehind() || isHeartbeatDue()) wake()
  })
  const end = () => {
    if (ended) return
    ended = true
    unsubscribe()
    onEnd()
    wake()
  }

  const next = async (): Promise<Uint8Array | null> => {
    const opened = opening.shift()
    if (opened) return opened
    while (!ended) {
      // The heartbeat precedes changes, so that a subscriber that catches up on many does not count as stale.
      if (isHeartbeatDue()) {
        lastHeartbeatMs = latest.clockMs
        return encode({ type: 'heartbeat', ...latest })
      }
      if (isBehind()) {
        const { bytes, last } = await poller.readAfter(position)
        position = last
        return bytes
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return null
  }
  const nextOrEnd = async () => {
    try {
      return await next()
    } catch (error) {
      log('The change feed cannot read its store', error)
      end()
      return null
    }
  }

  return {
    end,
    body: new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const bytes = await nextOrEnd()
          if (bytes) controller.enqueue(bytes)
          else controller.close()
        },
        cancel: end,
      },
      { highWaterMark: 0 },
    ),
  }
}

// Such an event is a quarter of the longest that a gateway accepts.
const maxFlagsPerEvent = 1000

function toFlagEvents({ sequence, nhsNumbers }: FlaggedPatients): readonly ChangeEvent[] {
  const pages = Array.from({ length: Math.max(1, Math.ceil(nhsNumbers.length / maxFlagsPerEvent)) }, (_, page) =>
    nhsNumbers.slice(page * maxFlagsPerEvent, (page + 1) * maxFlagsPerEvent),
  )
  return pages.map((page, index) => ({ type: 'flags', sequence, nhsNumbers: page, more: index < pages.length - 1 }))
}
