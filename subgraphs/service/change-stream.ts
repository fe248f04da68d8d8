import { type ChangeEvent, type ChangeMark, printChangeEvent } from '../../schema/change-event.ts'
import type { ServiceLog } from '../../schema/http/service-log.ts'
import type { Flagged } from '../store/record-store.ts'
import type { ChangeWatch } from './change-watch.ts'

export interface ChangeStreamOptions {
  readonly watch: ChangeWatch
  /** How far the store was when the listener came. */
  readonly start: ChangeMark
  /** What the listener has heard before, as a sequence number; null: only what is to come. */
  readonly after: number | null
  /** The patients flagged sensitive, since the listener came. */
  readonly flagged: Flagged
  readonly policyVersion: string
  /** @default 1000 */
  readonly heartbeatMs?: number
  /** Called once, when nobody listens any more or the stream has come to its end. */
  readonly onEnd: () => void
  readonly log: ServiceLog
}

export interface ChangeStream {
  readonly body: ReadableStream<Uint8Array>
  /** Ends it now, in order. */
  end(): void
}

/** What one listener is sent, made only as fast as it is read. A store that cannot be read ends it: the listener comes again. */
export function createChangeStream({ watch, start, after, flagged, policyVersion, heartbeatMs = 1000, onEnd, log }: ChangeStreamOptions): ChangeStream {
  const isOfAnotherHistory = after !== null && after > start.sequence
  let position = isOfAnotherHistory ? start.sequence : (after ?? start.sequence)
  let seen = start
  let beatAtMs = start.clockMs
  let ended = false
  let wake = () => {}

  const encode = (event: ChangeEvent) => new TextEncoder().encode(printChangeEvent(event, position))
  const greeting: readonly ChangeEvent[] = [{ type: 'hello', policyVersion, ...start }, ...(isOfAnotherHistory ? [{ type: 'reset', sequence: position } as const] : [])]
  const opening = [...greeting, ...toFlagEvents(flagged)].map(encode)

  const isBehind = () => position < seen.sequence
  // By the clock of the last look: a store that cannot be asked has no heartbeat.
  const isBeatDue = () => seen.clockMs - beatAtMs >= heartbeatMs
  const leave = watch.join((mark) => {
    seen = mark
    if (isBehind() || isBeatDue()) wake()
  })
  const end = () => {
    if (ended) return
    ended = true
    leave()
    onEnd()
    wake()
  }

  const next = async (): Promise<Uint8Array | null> => {
    const opened = opening.shift()
    if (opened) return opened
    while (!ended) {
      // Before changes: who catches up on many must not seem silent.
      if (isBeatDue()) {
        beatAtMs = seen.clockMs
        return encode({ type: 'heartbeat', ...seen })
      }
      if (isBehind()) {
        const { bytes, last } = await watch.readAfter(position)
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

// An event of them is a quarter of the longest that a gateway takes.
const flagsInEvent = 1000

function toFlagEvents({ sequence, nhsNumbers }: Flagged): readonly ChangeEvent[] {
  const pages = Array.from({ length: Math.max(1, Math.ceil(nhsNumbers.length / flagsInEvent)) }, (_, page) => nhsNumbers.slice(page * flagsInEvent, (page + 1) * flagsInEvent))
  return pages.map((page, index) => ({ type: 'flags', sequence, nhsNumbers: page, more: index < pages.length - 1 }))
}
