import { type MockInstance, vi } from 'vitest'
import type { AccessEvent, AuditEvent } from '../../../gateway/audit/audit-event.ts'
import { PrintedEvent, type WritableEvent } from '../../../gateway/audit/chain-line.ts'
import { type GraphQLAnswer, type System, startSystem } from '../system.ts'
import { dayBefore, londonDay } from './calendar.ts'
import { type ComparisonCounts, createComparisonCounts } from './comparison-counts.ts'
import type { Which } from './model.ts'
import { type Scenario, toPerson } from './scenario.ts'

/** The system that scenes are played on, and what it puts on its audit trail. */
export interface ScenarioSystem extends AsyncDisposable {
  readonly system: System
  readonly tally: ComparisonCounts
  /** Asks everything again, as the other viewer and once more as the same. */
  readonly repeats: boolean
  /** The accesses that were put on the trail since the last call. */
  takeEvents(): readonly AccessEvent[]
  /** Asks as a viewer; with the viewer's access context, unless the variables have none. */
  ask(
    scene: Scenario,
    viewer: Which,
    text: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<GraphQLAnswer>
  token(scene: Scenario, viewer: Which): Promise<string>
  /** Runs with the clock of stores and gateway put back. */
  daysEarlier<T>(days: number, run: () => Promise<T>): Promise<T>
}

export interface ScenarioSystemOptions {
  /** The gateway keeps replies, and everything is asked several times. */
  readonly keepsReplies: boolean
}

export async function startScenarioSystem({ keepsReplies }: ScenarioSystemOptions): Promise<ScenarioSystem> {
  let putBackMs = 0
  const system = await startSystem({ cache: keepsReplies, now: () => Date.now() - putBackMs })
  const tally = createComparisonCounts()
  const recording: MockInstance<(events: readonly WritableEvent[]) => Promise<void>> = vi.spyOn(system.trail, 'record')
  const token = (scene: Scenario, viewer: Which) => {
    const { role, organisation, areaOfWork, tokenPurpose, self } = scene.world.viewers[viewer]
    return system.token({
      role,
      organisation,
      person: toPerson(scene, viewer),
      areaOfWork: areaOfWork ?? undefined,
      purpose: tokenPurpose ?? undefined,
      nhsNumber: self ? scene.numbers[self.patient][self.number] : undefined,
    })
  }
  return {
    system,
    tally,
    repeats: keepsReplies,
    takeEvents: () => {
      const events = recording.mock.calls.flatMap(([recorded]) => recorded).map(toEvent)
      recording.mockClear()
      for (const event of events) if (event.kind === 'VIEW') tally.add(`from ${event.answeredFrom}`)
      return events.filter((event): event is AccessEvent => event.kind === 'VIEW' || event.kind === 'DOCUMENT')
    },
    ask: async (scene, viewer, text, variables) =>
      system.query(text, { access: toAccess(scene, viewer), ...variables }, await token(scene, viewer)),
    token,
    daysEarlier: async (days, run) => {
      putBackMs = toEarlierMs(days)
      try {
        return await run()
      } finally {
        putBackMs = 0
      }
    },
    [Symbol.asyncDispose]: async () => {
      recording.mockRestore()
      await system[Symbol.asyncDispose]()
    },
  }
}

/**
 * How long ago it was that day in London, in milliseconds: where the clocks changed since, whole days of 24 hours may
 * miss it in the night.
 */
function toEarlierMs(days: number): number {
  const nowMs = Date.now()
  const day = dayBefore(londonDay(nowMs), days)
  const wholeDaysMs = days * 86_400_000
  return (
    [0, 3_600_000, -3_600_000].map((ms) => wholeDaysMs + ms).find((ms) => londonDay(nowMs - ms) === day) ?? wholeDaysMs
  )
}

function toAccess(scene: Scenario, viewer: Which) {
  const { supervisor, ...access } = scene.world.viewers[viewer].access
  return {
    ...access,
    supervisor: supervisor === null ? null : supervisor === 'self' ? toPerson(scene, viewer) : '555999999999',
  }
}

/** What is given again goes on the trail as the text that it has there. */
function toEvent(event: WritableEvent): AuditEvent {
  return event instanceof PrintedEvent ? JSON.parse(event.text) : event
}
