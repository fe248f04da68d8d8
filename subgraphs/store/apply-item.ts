import { ensurePatient } from './apply-patient.ts'
import { countDocument } from './document-counts.ts'
import { isNewer } from './is-newer.ts'
import { type ItemRow, identify, parseWords, printWords, toItemRow } from './item-row.ts'
import { notePatientKind } from './kinds.ts'
import { corrects, lifts, toProtective } from './ownership.ts'
import { settleProtection } from './protection.ts'
import { type Applied, applyToEach, type PublishingWork, touch } from './publishing-work.ts'
import type { Lifecycle, PublishedItem } from './record-store.ts'
import { replaceDocuments } from './replacements.ts'
import { recordRetraction, settleRetraction } from './retractions.ts'
import { toItemKind } from './to-item-kind.ts'

/** One publisher's statement of an item, as it is held. */
interface HeldStatement {
  readonly patient: number
  readonly identity: string
  readonly owner: string
  readonly id: string
  readonly beside: number
  readonly lifecycle: Lifecycle
  readonly version: number | null
  readonly last_updated: string | null
  readonly labels: string
  readonly digest: string
  readonly body: string
}

const selectHeld = 'SELECT patient, identity, owner, id, beside, lifecycle, version, last_updated, labels, digest, body FROM item WHERE identity = ?'

/** Publishes one item: new, superseding, retracting, or nothing new; of each statement that its publisher may correct, else as a statement of its own. */
export function applyItem(work: PublishingWork, item: PublishedItem): Applied {
  const patient = ensurePatient(work, item)
  const { identity } = identify(item, work.region)
  const statements = work.statements.all<HeldStatement>(selectHeld, identity)
  const correctable = statements.filter(({ owner }) => corrects(work.by, owner))
  const ofPatient = correctable.filter((held) => held.patient === patient)
  const own = ofPatient.length > 0 ? ofPatient : correctable
  const isOthersShown = statements.some((held) => !own.includes(held) && held.lifecycle === 'current')
  if (item.lifecycle === 'retracted' && isOthersShown) work.warnings.push({ entry: item.entry, path: '', code: 'business-rule', fault: othersStay })
  const hasOthers = statements.length > 1 || own.length < statements.length
  if (own.length === 0) return applyStatement(work, item, { patient, owner: work.by.publisher, held: undefined, isBeside: hasOthers, hasOthers })
  return applyToEach(own, (held) => applyStatement(work, item, { patient, owner: held.owner, held, isBeside: held.beside === 1, hasOthers }))
}

const othersStay = 'Your own statement is retracted; another publisher’s of the same identity stays.'

interface StatementPlace {
  readonly patient: number
  readonly owner: string
  /** The statement that is held of this owner. */
  readonly held: HeldStatement | undefined
  /** Another owner's statement has the id that regions share. */
  readonly isBeside: boolean
  /** There are other statements of the same identity. */
  readonly hasOthers: boolean
}

function applyStatement(work: PublishingWork, item: PublishedItem, { patient, owner, held, isBeside, hasOthers }: StatementPlace): Applied {
  const { statements, region, at, by } = work
  const row = toItemRow(item, { region, recordedAt: at, besideOf: isBeside ? owner : null })
  if (held && held.patient !== patient && held.lifecycle !== 'retracted') {
    const path = `${item.resourceType}.${item.identifier ? 'identifier' : 'id'}`
    return { entry: item.entry, path, code: 'conflict', fault: 'This identifier already belongs to an item of another patient.' }
  }
  if (held?.patient === patient) {
    if (held.digest === row.digest) return 'unchanged'
    if (!isNewer(item, { version: held.version, lastUpdated: held.last_updated })) return 'older'
  }
  if (held) retire(work, held, row)
  const labels = held && !lifts(by, owner) ? [...new Set([...item.labels, ...toProtective(parseWords(held.labels))])] : item.labels
  const kind = work.kinds.toId(toItemKind({ section: row.section, labels, source: row.source, body: item.fields }))
  insert(work, patient, { ...row, labels: printWords(labels) }, { kind, owner, beside: isBeside ? 1 : 0, lifecycle: item.lifecycle })
  notePatientKind(statements, patient, kind, { identity: row.identity, isUpdated: held !== undefined })
  if (hasOthers) settleProtection(work, row.identity)
  // Another publisher's statement of the same identity is the same document.
  if (!held && !hasOthers) countDocument(statements, item, at)
  touch(work, patient, 'publish')
  replaceDocuments(work, { patient, owner, identity: row.identity }, item)
  return item.lifecycle === 'retracted' ? 'retracted' : held?.patient === patient ? 'updated' : 'created'
}

/** Moves a held version into the history. An instant that changes gives the item another id: the earlier one is no longer current. */
function retire({ statements, at }: PublishingWork, held: HeldStatement, newer: ItemRow): void {
  statements.run(
    `INSERT INTO item_history (identity, patient, section, ended_at, lifecycle, labels, body, publisher, publication)
     SELECT identity, patient, section, ?, lifecycle, labels, body, publisher, publication FROM item WHERE identity = ? AND owner = ?`,
    at,
    held.identity,
    held.owner,
  )
  statements.run('DELETE FROM item WHERE identity = ? AND owner = ?', held.identity, held.owner)
  if (held.id !== newer.id) recordRetraction(statements, held, at)
}

interface Placed {
  readonly kind: number
  readonly owner: string
  readonly beside: 0 | 1
  readonly lifecycle: Lifecycle
}

function insert({ statements, at, publication }: PublishingWork, patient: number, row: ItemRow, { kind, owner, beside, lifecycle }: Placed): void {
  statements.run(
    `INSERT INTO item (patient, section, age, id, identity, kind, lifecycle, published_lifecycle, version, last_updated, source, labels, codes, categories, based_on, digest, body,
       publisher, publication, beside)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    owner,
    publication,
    beside,
  )
  settleRetraction(statements, { ...row, patient, owner, lifecycle }, at)
}
