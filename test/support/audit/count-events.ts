import { readEntries } from '../../../gateway/audit/read-entries.ts'

/** How many events a trail has of each operation, by its name. */
export async function countEvents(auditFolder: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for await (const entries of readEntries(auditFolder)) {
    for (const { event } of entries) {
      if (!('operation' in event) || event.operation.name === null) continue
      counts.set(event.operation.name, (counts.get(event.operation.name) ?? 0) + 1)
    }
  }
  return counts
}
