import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { applicationId, schemaVersions } from '../../../subgraphs/store/database-schema.ts'

/**
 * Rewrites a closed database as an earlier version of the tables would hold the same, where each patient had one
 * publisher.
 */
export function rewriteAsVersion(file: string, version: number): void {
  const earlier = `${file}.earlier`
  const db = new DatabaseSync(earlier)
  db.exec(schemaVersions.slice(0, version).join(''))
  db.exec(`PRAGMA user_version = ${version}; PRAGMA application_id = ${applicationId}; ATTACH '${file}' AS later`)
  const names = (sql: string) => db.prepare(sql).all() as unknown as readonly { readonly name: string }[]
  const tables = names(
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name IN (SELECT name FROM later.sqlite_schema) AND name NOT LIKE 'sqlite_%'",
  )
  for (const { name: table } of tables) {
    const columns = names(
      `SELECT name FROM pragma_table_info('${table}', 'main') WHERE name IN (SELECT name FROM pragma_table_info('${table}', 'later'))`,
    )
    const list = columns.map(({ name }) => `"${name}"`).join(', ')
    db.exec(`INSERT INTO main.${table} (${list}) SELECT ${list} FROM later.${table}`)
  }
  db.exec(`UPDATE main.patient SET (version, last_updated, digest) =
    (SELECT version, last_updated, digest FROM later.patient_statement AS stated WHERE stated.patient = main.patient.patient)`)
  db.close()
  for (const leftover of ['', '-wal', '-shm']) rmSync(file + leftover, { force: true })
  renameSync(earlier, file)
}
