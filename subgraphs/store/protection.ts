import type { SectionField } from '../../schema/sections.ts'
import { parseColumnList, printColumnList } from './item-row.ts'
import { toProtectiveLabels } from './ownership.ts'
import type { PublishingTransaction } from './publishing-transaction.ts'
import { addPatientReleaseClass } from './release-classes.ts'
import { toReleaseClass } from './to-release-class.ts'

interface Row {
  readonly patient: number
  readonly section: SectionField
  readonly owner: string
  readonly source: string
  readonly labels: string
  readonly protection: string
  readonly body: string
}

/**
 * Adds the protective labels of each publisher's statement of an identity to all of one patient's statements of it: the
 * strictest stands.
 */
export function settleProtection({ statements, releaseClasses }: PublishingTransaction, identity: string): void {
  const rows = statements.all<Row>(
    'SELECT patient, section, owner, source, labels, protection, body FROM item WHERE identity = ?',
    identity,
  )
  for (const own of Map.groupBy(rows, ({ patient }) => patient).values()) {
    const protective = [...new Set(own.flatMap(({ labels }) => toProtectiveLabels(parseColumnList(labels))))].sort()
    for (const { patient, section, owner, source, labels, protection, body } of own) {
      const stated = parseColumnList(labels)
      const added = printColumnList(protective.filter((label) => !stated.includes(label)))
      if (added === protection) continue
      const kind = releaseClasses.toId(
        toReleaseClass({ section, labels: [...stated, ...parseColumnList(added)], source, body: JSON.parse(body) }),
      )
      statements.run(
        'UPDATE item SET protection = ?, kind = ? WHERE identity = ? AND owner = ?',
        added,
        kind,
        identity,
        owner,
      )
      addPatientReleaseClass(statements, patient, kind, { identity, isUpdated: true })
    }
  }
}

/** Does so for every identity of which a patient has several statements, for example after two records became one. */
export function settleProtections(transaction: PublishingTransaction, patient: number): void {
  const several = transaction.statements.all<{ identity: string }>(
    'SELECT identity FROM item WHERE patient = ? GROUP BY identity HAVING count(*) > 1',
    patient,
  )
  for (const { identity } of several) settleProtection(transaction, identity)
}
