import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { checkLargeDatabase, checkWhileServing, maxCheckedBytes } from '../../subgraphs/store/check-large-database.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { createServiceProcesses } from '../support/service-processes.ts'
import { item, publication } from '../support/store/publications.ts'

const region = 'CHESHIRE_MERSEYSIDE'
const pageBytes = 8192
const restore = 'Restore it from a backup; or move it away, with its -wal and -shm files, and publish everything again.'

/** A store of some thirty pages, closed in order. */
async function makeDatabase(file: string): Promise<void> {
  const store = createSqliteRecordStore({ region, file })
  await store.publish([publication({ items: Array.from({ length: 200 }, (_, n) => item('problems', `p${n}`)) })])
  store.close()
}

async function makeFolder() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'damaged-database-'))
  return { file: join(folder.path, 'records.sqlite'), [Symbol.asyncDispose]: () => folder.remove() }
}

function overwrite(file: string, position: number, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, position)
  closeSync(descriptor)
}

/** A database above what is checked before opening, one page of which is overwritten. */
async function makeLargeDamaged(file: string): Promise<void> {
  await makeDatabase(file)
  const db = new DatabaseSync(file)
  writeContent(db)
  db.close()
  overwrite(file, 20 * pageBytes, new Uint8Array(pageBytes).fill(0xa5))
}

/** As much as makes a database too large to be checked before opening. */
function writeContent(db: DatabaseSync): void {
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; INSERT INTO content (content, sha256, size) VALUES (99, 'x', 1)`,
  )
  db.prepare(
    `WITH RECURSIVE chunk (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM chunk WHERE n < ?)
    INSERT INTO content_chunk (content, position, bytes) SELECT 99, n, zeroblob(65536) FROM chunk`,
  ).run(maxCheckedBytes / 65_536)
}

test('a store refuses a database with any page overwritten, and leaves it unchanged', async () => {
  await using folder = await makeFolder()
  await makeDatabase(folder.file)
  const sound = readFileSync(folder.file)
  expect(sound.length).toBeGreaterThan(20 * pageBytes)
  for (let page = 0; page < sound.length / pageBytes; page++) {
    const damaged = Buffer.from(sound).fill(0xa5, page * pageBytes, (page + 1) * pageBytes)
    writeFileSync(folder.file, damaged)
    expect(() => createSqliteRecordStore({ region, file: folder.file }), `page ${page}`).toThrow(restore)
    expect(readFileSync(folder.file).equals(damaged), `page ${page}`).toBe(true)
  }
})

test('a store refuses a database cut off at any page', async () => {
  await using folder = await makeFolder()
  await makeDatabase(folder.file)
  const sound = readFileSync(folder.file)
  for (let pages = 1; pages < sound.length / pageBytes; pages++) {
    writeFileSync(folder.file, sound.subarray(0, pages * pageBytes))
    expect(() => createSqliteRecordStore({ region, file: folder.file }), `${pages} pages`).toThrow(restore)
  }
})

test('a store does not treat an emptied file as a new database', async () => {
  await using folder = await makeFolder()
  await makeDatabase(folder.file)
  truncateSync(folder.file, 0)
  const anHourAgo = Date.now() / 1000 - 3600
  utimesSync(folder.file, anHourAgo, anHourAgo)
  expect(() => createSqliteRecordStore({ region, file: folder.file })).toThrow(
    `found a file of 0 bytes that nobody is making. ${restore}`,
  )
  expect(statSync(folder.file).size).toBe(0)
})

test('the check reads a database whose pages are mostly in the write-ahead log', async () => {
  await using folder = await makeFolder()
  await makeDatabase(folder.file)
  using writing = new DatabaseSync(folder.file)
  writing.exec('PRAGMA wal_autocheckpoint = 0')
  writeContent(writing)
  expect(statSync(folder.file).size).toBeLessThan(maxCheckedBytes)
  const store = createSqliteRecordStore({ region, file: folder.file })
  expect(store.isChecked).toBe(false)
  await checkLargeDatabase(folder.file)
  store.close()
})

test('a store continues and says so while its database cannot be checked, and stops in order when it is damaged', async () => {
  await using folder = await makeFolder()
  const happened: string[] = []
  const run = (check: () => Promise<void>) =>
    checkWhileServing({
      check,
      stop: async (exitCode) => void happened.push(`stopped with ${exitCode}`),
      report: (message) => void happened.push(message),
      log: (message) => void happened.push(message),
    })
  // There is no such file.
  await run(() => checkLargeDatabase(folder.file))
  expect(happened.splice(0)).toEqual(['The database could not be checked; it is served as it is'])
  await makeDatabase(folder.file)
  await run(() => checkLargeDatabase(folder.file))
  expect(happened).toEqual([])
  overwrite(folder.file, 20 * pageBytes, new Uint8Array(pageBytes).fill(0xa5))
  await run(() => checkLargeDatabase(folder.file))
  expect(happened).toEqual([
    `Record store ${folder.file}: expected a sound database, found damaged pages. ${restore}`,
    'stopped with 1',
  ])
})

describe("a store's process exits with 1 and one line that says what to do", () => {
  const slug = 'cheshire-merseyside'

  test("a store's process with a damaged database exits before it listens", async () => {
    await using system = await createServiceProcesses()
    const file = system.databaseFile(slug)
    mkdirSync(dirname(file), { recursive: true })
    await makeDatabase(file)
    overwrite(file, 12 * pageBytes, new Uint8Array(16).fill(0xff))
    await expect(system.startStore(slug)).rejects.toThrow(
      `ended with 1 before it said /listens at/:\nRecord store ${file}: expected a sound database, found damaged pages. ${restore}\n`,
    )
  })

  test("a store's process with a large damaged database exits as soon as the check finds the damage", async () => {
    await using system = await createServiceProcesses()
    const file = system.databaseFile(slug)
    mkdirSync(dirname(file), { recursive: true })
    await makeLargeDamaged(file)
    const store = await system.startStore(slug)
    expect(await store.ended).toBe(1)
    expect(store.err()).toBe(`Record store ${file}: expected a sound database, found damaged pages. ${restore}\n`)
  })
})
