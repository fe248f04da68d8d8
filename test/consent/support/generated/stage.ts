import { type MockInstance, vi } from 'vitest'
import type { AccessEvent, AuditEvent } from '../../../../gateway/audit/audit-event.ts'
import { type GraphQLAnswer, type System, type SystemOptions, startSystem } from '../../../support/system.ts'
import type { ViewerModel, Which } from './model.ts'
import { persons, type Scene } from './scene.ts'
import { createTally, type Tally } from './tally.ts'

/** The system that scenes are played on, and what it puts on its audit trail. */
export interface Stage extends AsyncDisposable {
  readonly system: System
  readonly tally: Tally
  /** The accesses that were put on the trail since the last call. */
  takeEvents(): readonly AccessEvent[]
  /** Asks as a viewer; with the viewer's access context, unless the variables have none. */
  ask(scene: Scene, viewer: Which, text: string, variables: Readonly<Record<string, unknown>>): Promise<GraphQLAnswer>
  token(scene: Scene, viewer: Which): Promise<string>
}

export async function createStage(options: SystemOptions = {}): Promise<Stage> {
  const system = await startSystem(options)
  const recording: MockInstance<(events: readonly AuditEvent[]) => Promise<void>> = vi.spyOn(system.trail, 'record')
  const token = (scene: Scene, viewer: Which) => {
    const { role, organisation, areaOfWork, tokenPurpose, self } = scene.world.viewers[viewer]
    return system.token({
      role,
      organisation,
      person: persons[viewer],
      areaOfWork: areaOfWork ?? undefined,
      purpose: tokenPurpose ?? undefined,
      nhsNumber: self ? scene.numbers[self.patient][self.number] : undefined,
    })
  }
  return {
    system,
    tally: createTally(),
    takeEvents: () => {
      const events = recording.mock.calls.flatMap(([recorded]) => recorded)
      recording.mockClear()
      return events.filter((event): event is AccessEvent => event.kind === 'VIEW' || event.kind === 'DOCUMENT')
    },
    ask: async (scene, viewer, text, variables) => system.query(text, { access: toAccess(scene.world.viewers[viewer], viewer), ...variables }, await token(scene, viewer)),
    token,
    [Symbol.asyncDispose]: async () => {
      recording.mockRestore()
      await system[Symbol.asyncDispose]()
    },
  }
}

function toAccess({ access: { supervisor, ...access } }: ViewerModel, viewer: Which) {
  return { ...access, supervisor: supervisor === null ? null : supervisor === 'self' ? persons[viewer] : '555999999999' }
}
