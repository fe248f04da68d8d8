import { type AccessEvent, isAccess } from '../../../gateway/audit/audit-event.ts'
import { readEntries } from '../../../gateway/audit/read-entries.ts'
import type { System } from '../../support/system.ts'

/** What is on the trail's disk now, of these kinds, oldest first. */
export async function eventsOf({ auditFolder }: System, ...kinds: readonly AccessEvent['kind'][]): Promise<readonly AccessEvent[]> {
  const events: AccessEvent[] = []
  for await (const entries of readEntries(auditFolder)) {
    for (const { event } of entries) if (isAccess(event) && kinds.includes(event.kind)) events.push(event)
  }
  return events
}

/** Likewise, without the intents of changes: what became of each. */
export async function outcomesOf(system: System, ...kinds: readonly AccessEvent['kind'][]): Promise<readonly AccessEvent[]> {
  return (await eventsOf(system, ...kinds)).filter(({ status }) => status !== 'INTENDED')
}
