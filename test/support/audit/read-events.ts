import { type AccessEvent, isAccessEvent } from '../../../gateway/audit/audit-event.ts'
import { readEntries } from '../../../gateway/audit/read-entries.ts'
import type { System } from '../system.ts'

/** What is on the trail's disk now, of these kinds, oldest first. */
export async function readEvents(
  { auditFolder }: System,
  ...kinds: readonly AccessEvent['kind'][]
): Promise<readonly AccessEvent[]> {
  const events: AccessEvent[] = []
  for await (const entries of readEntries(auditFolder)) {
    for (const { event } of entries) if (isAccessEvent(event) && kinds.includes(event.kind)) events.push(event)
  }
  return events
}

/** Likewise, without the intents of changes: what became of each. */
export async function readOutcomeEvents(
  system: System,
  ...kinds: readonly AccessEvent['kind'][]
): Promise<readonly AccessEvent[]> {
  return (await readEvents(system, ...kinds)).filter(({ status }) => status !== 'INTENDED')
}
