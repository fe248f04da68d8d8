import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs } from '../../schema/partial-date-time.ts'
import type { StoredItem } from '../store/record-store.ts'

type StoredMedication = StoredItem<'medications'>

/**
 * Merges a statement with the requests it is based on: one therapy with the latest issue, and the latest request's
 * dosage if it states none. All are one publisher's, because a stranger's statement must not hide a request.
 */
export function foldTherapies(items: readonly StoredMedication[]): readonly StoredMedication[] {
  const byIdentifier = new Map(
    items.flatMap((stored) => (stored.item.identifier ? [[print(stored, stored.item.identifier), stored]] : [])),
  )
  const folded = new Map<StoredMedication, StoredMedication>()
  const absorbed = new Set<StoredMedication>()
  for (const statement of items) {
    if (statement.basedOn.length === 0 || absorbed.has(statement)) continue
    // A statement that absorbed others stays, because two that name each other must not both vanish.
    const requests = statement.basedOn
      .map((identifier) => byIdentifier.get(print(statement, identifier)))
      .filter((request) => request !== undefined && request !== statement && !folded.has(request))
    folded.set(statement, fold(statement, requests as readonly StoredMedication[]))
    for (const request of requests) if (request) absorbed.add(request)
  }
  return items.filter((stored) => !absorbed.has(stored)).map((stored) => folded.get(stored) ?? stored)
}

function fold(statement: StoredMedication, requests: readonly StoredMedication[]): StoredMedication {
  const { item } = statement
  const issues = [item, ...requests.map((request) => request.item)]
    .map((one) => one.lastIssued)
    .filter((issued) => issued !== null)
  const latest = requests
    .toSorted((a, b) => instantOf(b.item) - instantOf(a.item))
    .find((request) => request.item.dosage !== null)
  const lastIssued = issues.toSorted((a, b) => (toInstantMs(b) ?? 0) - (toInstantMs(a) ?? 0))[0] ?? null
  return { ...statement, item: { ...item, lastIssued, dosage: item.dosage ?? latest?.item.dosage ?? null } }
}

function instantOf({ lastIssued, started, orderedAt }: Region.Medication): number {
  const text = lastIssued ?? started ?? orderedAt
  return (text === null ? null : toInstantMs(text)) ?? Number.NEGATIVE_INFINITY
}

function print({ owner }: StoredMedication, { system, value }: Region.Identifier): string {
  return JSON.stringify([owner, system, value])
}
