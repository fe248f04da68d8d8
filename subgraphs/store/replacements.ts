import { printColumnList, toIdentity } from './item-row.ts'
import type { PublishingTransaction } from './publishing-transaction.ts'
import type { Lifecycle, PublishedItem } from './record-store.ts'
import { settleRetraction } from './retractions.ts'
import { allOwners, isOwnReplacement } from './served-lifecycle.ts'

interface Replacing {
  readonly patient: number
  readonly owner: string
  readonly identity: string
}

/**
 * Records which documents this one replaces, and settles the lifecycle of each that may have changed, itself included.
 */
export function replaceDocuments(
  transaction: PublishingTransaction,
  { patient, owner, identity }: Replacing,
  item: PublishedItem,
): void {
  if (item.section !== 'documents') return
  const { statements, by } = transaction
  const earlier = statements
    .all<{ replaced: string }>('SELECT replaced FROM replacement WHERE replacing = ? AND owner = ?', identity, owner)
    .map((row) => row.replaced)
  // A document entered in error replaces nothing.
  const stated =
    item.lifecycle === 'retracted'
      ? []
      : item.replaces.map((identifier) => toIdentity('documents', identifier)).filter((one) => one !== identity)
  if (earlier.length > 0) statements.run('DELETE FROM replacement WHERE replacing = ? AND owner = ?', identity, owner)
  if (
    earlier.length === 0 &&
    stated.length === 0 &&
    !statements.get('SELECT 1 FROM replacement WHERE replaced = ? LIMIT 1', identity)
  )
    return
  const actsFor = by.actsFor === 'all' ? allOwners : printColumnList(by.actsFor)
  for (const replaced of new Set(stated)) {
    statements.run(
      'INSERT INTO replacement (replaced, replacing, owner, acts_for, patient) VALUES (?, ?, ?, ?, ?)',
      replaced,
      identity,
      owner,
      actsFor,
      patient,
    )
  }
  for (const changed of new Set([identity, ...earlier, ...stated])) settleLifecycle(transaction, changed)
}

interface SettledRow {
  readonly patient: number
  readonly identity: string
  readonly owner: string
  readonly id: string
  readonly body: string
  readonly lifecycle: Lifecycle
  readonly published_lifecycle: Lifecycle
  readonly is_replaced: number
}

/**
 * Settles whether each statement of a document is current or superseded, by the same patient's replacing documents of
 * its own publisher or of one that acts for it. A stranger's hides nothing. toServedLifecycle applies each viewer's
 * release at the read.
 */
function settleLifecycle({ statements, at }: PublishingTransaction, identity: string): void {
  const held = statements.all<SettledRow>(
    `SELECT patient, identity, owner, id, lifecycle, body, published_lifecycle,
       EXISTS (SELECT 1 FROM replacement AS r WHERE r.replaced = item.identity AND r.patient = item.patient AND ${isOwnReplacement}) AS is_replaced
     FROM item WHERE identity = ?`,
    identity,
  )
  for (const one of held) {
    const lifecycle =
      one.published_lifecycle === 'current' && one.is_replaced === 1 ? 'superseded' : one.published_lifecycle
    if (lifecycle === one.lifecycle) continue
    statements.run('UPDATE item SET lifecycle = ? WHERE identity = ? AND owner = ?', lifecycle, identity, one.owner)
    settleRetraction(statements, { ...one, lifecycle }, at)
  }
}
