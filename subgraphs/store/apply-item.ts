import { ensurePatient } from './apply-patient.ts'
import { countDocument } from './document-counts.ts'
import { isNewer } from './is-newer.ts'
import { type ItemRow, identify, parseColumnList, printColumnList, toItemRow } from './item-row.ts'
import { canCorrect, canLiftProtection, toProtectiveLabels } from './ownership.ts'
import { settleProtection } from './protection.ts'
import { type ApplyResult, applyToEach, markChanged, type PublishingTransaction } from './publishing-transaction.ts'
import type { Lifecycle, PublishedItem } from './record-store.ts'
import { addPatientReleaseClass } from './release-classes.ts'
import { replaceDocuments } from './replacements.ts'
import { recordRetraction, settleRetraction } from './retractions.ts'
import { toReleaseClass } from './to-release-class.ts'

/** One publisher's stored statement of an item. */
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

const selectHeld =
  'SELECT patient, identity, owner, id, beside, lifecycle, version, last_updated, labels, digest, body FROM item WHERE identity = ?'

/** Applies one published item: to each statement that its publisher may correct, else as a statement of its own. */
export function applyItem(transaction: PublishingTransaction, item: PublishedItem): ApplyResult {
  const patient = ensurePatient(transaction, item)
  const { identity } = identify(item, transaction.region)
  const statements = transaction.statements.all<HeldStatement>(selectHeld, identity)
  const correctable = statements.filter(({ owner }) => canCorrect(transaction.by, owner))
  const ofPatient = correctable.filter((held) => held.patient === patient)
  const own = ofPatient.length > 0 ? ofPatient : correctable
  const isOthersShown = statements.some((held) => !own.includes(held) && held.lifecycle === 'current')
  if (item.lifecycle === 'retracted' && isOthersShown)
    transaction.warnings.push({ entry: item.entry, path: '', code: 'business-rule', fault: othersStayWarning })
  const hasOthers = statements.length > 1 || own.length < statements.length
  if (own.length === 0)
    return applyStatement(transaction, item, {
      patient,
      owner: transaction.by.publisher,
      held: undefined,
      isBeside: hasOthers,
      hasOthers,
    })
  return applyToEach(own, (held) =>
    applyStatement(transaction, item, { patient, owner: held.owner, held, isBeside: held.beside === 1, hasOthers }),
  )
}

const othersStayWarning = 'Your own statement is retracted; another publisher’s of the same identity stays.'

interface StatementContext {
  readonly patient: number
  readonly owner: string
  /** The stored statement of this owner; undefined if there is none. */
  readonly held: HeldStatement | undefined
  /** Whether another owner's statement has the id that regions share. */
  readonly isBeside: boolean
  /** Whether there are other statements of the same identity. */
  readonly hasOthers: boolean
}

function applyStatement(
  transaction: PublishingTransaction,
  item: PublishedItem,
  { patient, owner, held, isBeside, hasOthers }: StatementContext,
): ApplyResult {
  const { statements, region, at, by } = transaction
  const row = toItemRow(item, { region, recordedAt: at, besideOf: isBeside ? owner : null })
  if (held && held.patient !== patient && held.lifecycle !== 'retracted') {
    const path = `${item.resourceType}.${item.identifier ? 'identifier' : 'id'}`
    return {
      entry: item.entry,
      path,
      code: 'conflict',
      fault: 'This identifier already belongs to an item of another patient.',
    }
  }
  if (held?.patient === patient) {
    if (held.digest === row.digest) return 'unchanged'
    if (!isNewer(item, { version: held.version, lastUpdated: held.last_updated })) return 'older'
  }
  if (held) retire(transaction, held, row)
  const labels =
    held && !canLiftProtection(by, owner)
      ? [...new Set([...item.labels, ...toProtectiveLabels(parseColumnList(held.labels))])]
      : item.labels
  const kind = transaction.releaseClasses.toId(
    toReleaseClass({ section: row.section, labels, source: row.source, body: item.fields }),
  )
  insert(
    transaction,
    patient,
    { ...row, labels: printColumnList(labels) },
    { kind, owner, beside: isBeside ? 1 : 0, lifecycle: item.lifecycle },
  )
  addPatientReleaseClass(statements, patient, kind, { identity: row.identity, isUpdated: held !== undefined })
  if (hasOthers) settleProtection(transaction, row.identity)
  // Another publisher's statement of the same identity is the same document.
  if (!held && !hasOthers) countDocument(statements, item, at)
  markChanged(transaction, patient, 'publish')
  replaceDocuments(transaction, { patient, owner, identity: row.identity }, item)
  return item.lifecycle === 'retracted' ? 'retracted' : held?.patient === patient ? 'updated' : 'created'
}

/**
 * Moves a stored version into the history. A changed instant gives the item another id, so the earlier id is listed as
 * retracted.
 */
function retire({ statements, at }: PublishingTransaction, held: HeldStatement, newer: ItemRow): void {
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

interface StatementColumns {
  readonly kind: number
  readonly owner: string
  readonly beside: 0 | 1
  readonly lifecycle: Lifecycle
}

function insert(
  { statements, at, publication }: PublishingTransaction,
  patient: number,
  row: ItemRow,
  { kind, owner, beside, lifecycle }: StatementColumns,
): void {
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
