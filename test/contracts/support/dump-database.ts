import { DatabaseSync } from 'node:sqlite'

/** Every row of a SQLite file as JSON, by table, in the order in which SQLite reads them. */
export function dumpDatabase(file: string): ReadonlyMap<string, readonly string[]> {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .all()
    return new Map(tables.map(({ name }) => [String(name), db.prepare(`SELECT * FROM "${name}"`).all().map(printRow)]))
  } finally {
    db.close()
  }
}

/** What a SQLite file says of its own form: its tables, indexes and triggers as they were created, and its numbers. */
export function dumpForm(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const pragmas = ['application_id', 'user_version', 'page_size', 'journal_mode', 'encoding'].map((name) =>
      Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {}).join(),
    )
    const created = db.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name').all()
    return `${pragmas.join(' ')}\n${created.map(({ sql }) => `${sql};\n`).join('')}`
  } finally {
    db.close()
  }
}

function printRow(row: object): string {
  return JSON.stringify(row, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  )
}
