import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** Prepared statements of one database, each text prepared once. Row types are what the statement selects, by its author's word. */
export interface Statements {
  get<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): readonly Row[]
  /** The number of rows changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number
  /** The rowid that the insertion was given. */
  insert(sql: string, ...values: readonly SQLInputValue[]): number
}

/** Texts must be finitely many: values go in by parameters, lists as JSON by json_each. */
export function createStatements(db: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known) return known
    const statement = db.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return {
    get: <Row>(sql: string, ...values: readonly SQLInputValue[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: readonly SQLInputValue[]) => prepare(sql).all(...values) as unknown as readonly Row[],
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    insert: (sql, ...values) => Number(prepare(sql).run(...values).lastInsertRowid),
  }
}
