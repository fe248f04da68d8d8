import type { DatabaseSync } from 'node:sqlite'
import { exclusionSetsVersion } from '../../schema/exclusion-sets.ts'
import type { SectionField } from '../../schema/sections.ts'
import { parseColumnList } from './item-row.ts'
import { toReleaseClass } from './to-release-class.ts'

/** Whether the items' release classes were made by this program's exclusion sets. */
export function isClassified(db: DatabaseSync): boolean {
  return db.prepare('SELECT exclusion_sets_version AS version FROM store').get()?.version === exclusionSetsVersion
}

/**
 * Throws if another program has since classified the items by other exclusion sets, because new items would not fit.
 */
export function assertClassified(db: DatabaseSync): void {
  if (!isClassified(db))
    throw new Error(
      'Record store: expected items classified by the exclusion sets of this program, found those of another version. Start it again.',
    )
}

/** Classifies every item inside the open transaction; rows whose class is unchanged are not written. */
export function classifyItems(db: DatabaseSync): void {
  db.function('kind_text', { deterministic: true }, (section, labels, source, body) =>
    JSON.stringify(
      toReleaseClass({
        section: String(section) as SectionField,
        labels: parseColumnList(String(labels)),
        source: String(source),
        body: parseBody(String(body)),
      }),
    ),
  )
  const kind = '(SELECT kind.kind FROM kind WHERE kind.text = kind_text(section, labels || protection, source, body))'
  db.exec(`
    INSERT OR IGNORE INTO kind (text) SELECT DISTINCT kind_text(section, labels || protection, source, body) FROM item;
    UPDATE item SET kind = ${kind} WHERE kind <> ${kind};
    INSERT OR IGNORE INTO patient_kind SELECT DISTINCT patient, kind FROM item;
    INSERT OR IGNORE INTO patient_kind SELECT retraction.patient, item.kind FROM retraction JOIN item USING (identity, owner);
  `)
  db.prepare('UPDATE store SET exclusion_sets_version = ?').run(exclusionSetsVersion)
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text)
  } catch {
    // JSON.parse's own message would quote a patient's record.
    throw new Error('an item that is no JSON')
  }
}
