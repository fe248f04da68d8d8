import type { PublishedItem } from '../../store/record-store.ts'
import type { FaultList } from '../fault-list.ts'

/**
 * Refuses two items of one section that claim the same identity in one Bundle: the store would take one for a new
 * version of the other, and nothing may be lost.
 */
export function refuseDuplicates(items: readonly PublishedItem[], faults: FaultList): void {
  const first = new Map<string, PublishedItem>()
  for (const item of items) {
    const { section, resourceType, identifier, resourceId, organisation } = item
    const identity = identifier
      ? [identifier.system, identifier.value]
      : [resourceType, organisation.odsCode, resourceId]
    const key = JSON.stringify([section, ...identity])
    const earlier = first.get(key)
    if (!earlier) first.set(key, item)
    else
      faults.add({
        entry: item.entry,
        path: identifier ? 'identifier' : 'id',
        code: 'duplicate',
        fault: `expected an identity of its own, found that of entry ${earlier.entry}`,
      })
  }
}
