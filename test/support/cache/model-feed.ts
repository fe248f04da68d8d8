import { createFeedProgress } from '../../../gateway/change-feed/feed-progress.ts'
import type { ChangeEvent } from '../../../schema/change-event.ts'
import type { ModelRegion } from './model-region.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What the gateway hears of a model region. */
export interface ModelFeedListener {
  changed(nhsNumber: string, sequence: number): void
  /** `rules`: the version that the region decides by. */
  reset(rules: number): void
  silenced(): void
}

/**
 * The wire between a model region and the gateway, and the gateway's end of it: as `change-feed.ts`, on a test's clock.
 */
export interface ModelFeed {
  readonly isCurrent: boolean
  /** How long an event is on its way; none overtakes another. */
  delayMs: number
  /** Carries what was committed just now. */
  carry(): void
  /** What is on its way is lost; the connection is made again after that long. */
  cut(forMs: number): void
}

const silenceMs = 3000
const watchMs = 100
const heartbeatMs = 1000
/** The region's clock has another beginning. */
const clockLeadMs = 7_000_000

export function createModelFeed(
  region: ModelRegion,
  timetable: VirtualClock,
  delayMs: number,
  listener: ModelFeedListener,
): ModelFeed {
  const progress = createFeedProgress({
    onChange: ({ nhsNumber, sequence }) => listener.changed(nhsNumber, sequence),
    onReset: () => listener.reset(Number(progress.policyVersion)),
  })
  const startedAtMs = timetable.nowMs
  let connection = 0
  let arrivesAtMs = 0
  let awayUntilMs = 0
  let silent = false
  let position: number | null = null
  let send: (event: ChangeEvent) => void = () => {}

  const isCurrent = () => timetable.nowMs - progress.readAsOfMs < silenceMs
  const noticeSilence = () => {
    if (silent || timetable.nowMs - Math.max(progress.readAsOfMs, startedAtMs) < silenceMs) return
    silent = true
    listener.silenced()
  }
  const mark = () => ({ sequence: region.latest.sequence, clockMs: timetable.nowMs + clockLeadMs })
  const carry = () => {
    if (position === null) return
    for (const { sequence, nhsNumber } of region.changesAfter(position)) {
      send({ type: 'change', kind: 'publish', nhsNumber, sequence })
      position = sequence
    }
  }
  const beat = (own: number) => {
    if (own !== connection) return
    send({ type: 'heartbeat', ...mark() })
    timetable.schedule(heartbeatMs, () => beat(own))
  }
  const greet = (after: number | null) => {
    const { sequence, rules } = region.latest
    send({ type: 'hello', policyVersion: String(rules), ...mark() })
    const isOfAnotherHistory = after !== null && after > sequence
    if (isOfAnotherHistory) send({ type: 'reset', sequence })
    position = isOfAnotherHistory ? sequence : (after ?? sequence)
    carry()
    const own = connection
    timetable.schedule(heartbeatMs, () => beat(own))
  }
  /** What this connection carries is heard for as long as it lasts. */
  const open = () => {
    const own = ++connection
    const take = progress.startConnection(timetable.nowMs)
    const hear = (event: ChangeEvent) => {
      if (own !== connection) return
      noticeSilence()
      take(event, timetable.nowMs)
      if (isCurrent()) silent = false
      timetable.schedule(silenceMs + watchMs, noticeSilence)
    }
    position = null
    send = (event) => {
      arrivesAtMs = Math.max(arrivesAtMs, timetable.nowMs + model.delayMs)
      timetable.schedule(arrivesAtMs - timetable.nowMs, () => hear(event))
    }
    return own
  }
  const connect = () => {
    const own = open()
    const after = progress.lastSequence
    timetable.schedule(model.delayMs, () => own === connection && greet(after))
  }

  const model: ModelFeed = {
    get isCurrent() {
      return isCurrent()
    },
    delayMs,
    carry,
    cut(forMs) {
      const own = ++connection
      position = null
      awayUntilMs = Math.max(awayUntilMs, timetable.nowMs + forMs)
      timetable.schedule(awayUntilMs - timetable.nowMs, () => own === connection && connect())
    },
  }
  connect()
  return model
}
