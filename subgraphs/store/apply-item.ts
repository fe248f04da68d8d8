import { ensurePatient } from './apply-patient.ts'
import { countDocument } from './document-counts.ts'
import { isNewer } from './is-newer.ts'
import { type ItemRow, toIdentity, toItemRow } from './item-row.ts'
import { notePatientKind } from './kinds.ts'
import { type Applied, type PublishingWork, touch } from './publishing-work.ts'
import type { Lifecycle, PublishedItem } from './record-store.ts'
import { recordRetraction, settleRetraction } from './retractions.ts'
import { toItemKind } from './to-item-kind.ts'

interface HeldRow {
  readonly patient: number
  readonly identity: string
  readonly id: string
  readonly lifecycle: Lifecycle
  readonly version: number | null
  readonly last_updated: string | null
  readonly digest: string
  readonly body: string
}

const selectHeld = 'SELECT patient, identity, id, lifecycle, version, last_updated, digest, body FROM item WHERE identity = ?'

/** Publishes one item: new, superseding, retracting, or nothing new. */
export function applyItem(work: PublishingWork, item: PublishedItem): Applied {
  const { statements, region, at } = work
  const patient = ensurePatient(work, item.nhsNumber)
  const row = toItemRow(item, region, at)
  const held = statements.get<HeldRow>(selectHeld, row.identity)
  if (held && held.patient !== patient && held.lifecycle !== 'retracted') {
    const path = `${item.resourceType}.${item.identifier ? 'identifier' : 'id'}`
    return { entry: item.entry, path, code: 'conflict', fault: 'This identifier already belongs to an item of another patient.' }
  }
  if (held?.patient === patient) {
    if (held.digest === row.digest) return 'unchanged'
    if (!isNewer(item, { version: held.version, lastUpdated: held.last_updated })) return 'older'
  }
  if (held) retire(work, held, row)
  const kind = work.kinds.toId(toItemKind({ section: row.section, labels: item.labels, source: row.source, body: item.fields }))
  insert(work, patient, row, { kind, lifecycle: item.lifecycle })
  notePatientKind(statements, patient, kind, { identity: row.identity, isUpdated: held !== undefined })
  if (!held) countDocument(statements, item, at)
  touch(work, patient, 'publish')
  for (const identity of replaceDocuments(work, patient, row.identity, item)) settleLifecycle(work, identity)
  return item.lifecycle === 'retracted' ? 'retracted' : held?.patient === patient ? 'updated' : 'created'
}

/** Moves a held version into the history. An instant that changes gives the item another id: the earlier one is no longer current. */
function retire({ statements, at }: PublishingWork, held: HeldRow, newer: ItemRow): void {
  statements.run('INSERT INTO item_history SELECT identity, patient, section, ?, lifecycle, labels, body FROM item WHERE identity = ?', at, newer.identity)
  statements.run('DELETE FROM item WHERE identity = ?', newer.identity)
  if (held.id !== newer.id) recordRetraction(statements, held, at)
}

function insert({ statements, at }: PublishingWork, patient: number, row: ItemRow, { kind, lifecycle }: { readonly kind: number; readonly lifecycle: Lifecycle }): void {
  statements.run(
    `INSERT INTO item (patient, section, age, id, identity, kind, lifecycle, published_lifecycle, version, last_updated, source, labels, codes, categories, based_on, digest, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    patient,
    row.section,
    row.age,
    row.id,
    row.identity,
    kind,
    lifecycle,
    lifecycle,
    row.version,
    row.last_updated,
    row.source,
    row.labels,
    row.codes,
    row.categories,
    row.based_on,
    row.digest,
    row.body,
  )
  settleRetraction(statements, { ...row, patient, lifecycle }, at)
}

/** Writes down which documents this one replaces; returns the identities whose lifecycle may have changed by it, its own among them. */
function replaceDocuments({ statements }: PublishingWork, patient: number, identity: string, item: PublishedItem): ReadonlySet<string> {
  if (item.section !== 'documents') return new Set()
  const earlier = statements.all<{ replaced: string }>('SELECT replaced FROM replacement WHERE replacing = ?', identity).map((row) => row.replaced)
  // What was entered in error replaces nothing.
  const stated = item.lifecycle === 'retracted' ? [] : item.replaces.map((identifier) => toIdentity('documents', identifier)).filter((one) => one !== identity)
  if (earlier.length > 0) statements.run('DELETE FROM replacement WHERE replacing = ?', identity)
  if (earlier.length === 0 && stated.length === 0 && !statements.get('SELECT 1 FROM replacement WHERE replaced = ? LIMIT 1', identity)) return new Set()
  for (const replaced of new Set(stated)) statements.run('INSERT INTO replacement (replaced, replacing, patient) VALUES (?, ?, ?)', replaced, identity, patient)
  return new Set([identity, ...earlier, ...stated])
}

/** Lets a document be current or superseded as the documents that replace it, of the same patient, now say. */
function settleLifecycle({ statements, at }: PublishingWork, identity: string): void {
  const held = statements.get<HeldRow & { readonly is_replaced: number; readonly published_lifecycle: Lifecycle }>(
    `SELECT i.patient, i.identity, i.id, i.lifecycle, i.body, i.published_lifecycle,
       EXISTS (SELECT 1 FROM replacement AS r WHERE r.replaced = i.identity AND r.patient = i.patient) AS is_replaced
     FROM item AS i WHERE i.identity = ?`,
    identity,
  )
  if (!held) return
  const lifecycle = held.published_lifecycle === 'current' && held.is_replaced === 1 ? 'superseded' : held.published_lifecycle
  if (lifecycle === held.lifecycle) return
  statements.run('UPDATE item SET lifecycle = ? WHERE identity = ?', lifecycle, identity)
  settleRetraction(statements, { ...held, lifecycle }, at)
}
