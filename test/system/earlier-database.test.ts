import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { ReleaseClass } from '../../schema/policies/facts.ts'
import { applicationId, schemaVersions } from '../../subgraphs/store/database-schema.ts'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { rewriteAsVersion } from '../support/store/earlier-database.ts'
import {
  concept,
  council,
  identifier,
  item,
  numberOf,
  optOut,
  patient,
  publication,
  publisher,
  referral,
} from '../support/store/publications.ts'
import { keyOf, publishOne, readList, readRetracted, readTimeline, without } from '../support/store/store-reads.ts'

const region = 'CHESHIRE_MERSEYSIDE'
const chlamydia = concept('Chlamydia antigen test', '310861008')

async function makeFile() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'record-store-'))
  return { file: join(folder.path, 'records.sqlite'), [Symbol.asyncDispose]: () => folder.remove() }
}

/** A version 1 database of two patients, row by row as that version wrote it. */
function makeVersion1(file: string, { brokenBody }: { readonly brokenBody?: string } = {}): void {
  const db = new DatabaseSync(file)
  db.exec(
    `PRAGMA journal_mode = WAL; BEGIN; ${schemaVersions[0]} PRAGMA user_version = 1; PRAGMA application_id = ${applicationId}`,
  )
  db.prepare('INSERT INTO store (region) VALUES (?)').run(region)
  const addPatient = db.prepare(
    "INSERT INTO patient (patient, nhs_number, verification, sensitive, local_identifiers, demographics) VALUES (?, ?, '01', 0, '[]', ?)",
  )
  addPatient.run(1, numberOf(0), JSON.stringify({ gpPractice: { odsCode: 'P81001', name: 'A Practice' } }))
  addPatient.run(2, numberOf(1), null)
  const addItem =
    db.prepare(`INSERT INTO item (patient, section, age, id, identity, lifecycle, published_lifecycle, source, labels, codes, categories, based_on, digest, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '[]', 'd', ?)`)
  const organisation = { odsCode: 'REM', name: 'A Trust' }
  const body = (id: string, fields: object) =>
    JSON.stringify({
      id,
      identifier: { system: 'urn:test', value: id },
      organisation,
      recordedAt: '2026-01-01T00:00:00Z',
      ...fields,
    })
  addItem.run(
    1,
    'problems',
    0,
    'asthma',
    'asthma',
    'current',
    'current',
    'REM',
    '',
    brokenBody ?? body('asthma', { code: concept('Asthma', '195967001') }),
  )
  addItem.run(
    1,
    'problems',
    1,
    'depression',
    'depression',
    'current',
    'current',
    'REM',
    '|N|PSY|',
    body('depression', { code: concept('Depression', '35489007') }),
  )
  addItem.run(1, 'results', -1, 'test', 'test', 'current', 'current', 'REM', '', body('test', { code: chlamydia }))
  addItem.run(
    1,
    'encounters',
    -1,
    'visit',
    'visit',
    'current',
    'current',
    'RBL',
    '',
    body('visit', { class: 'AMBULATORY', status: 'FINISHED', start: null, end: null, provider: organisation }),
  )
  addItem.run(
    2,
    'documents',
    -1,
    'letter',
    'letter',
    'retracted',
    'retracted',
    '323',
    '|R|',
    body('letter', { type: concept('Plan', '736253002') }),
  )
  const addRetraction = db.prepare(
    "INSERT INTO retraction (patient, id, identity, at, source, labels, body) VALUES (?, ?, ?, '2026-01-01T00:00:00Z', ?, ?, ?)",
  )
  addRetraction.run(2, 'letter', 'letter', '323', '|R|', body('letter', {}))
  // The letter was the first patient's before.
  addRetraction.run(1, 'earlier', 'letter', '323', '', body('earlier', {}))
  db.exec('COMMIT')
  db.close()
}

const kindsOf = async (store: RecordStore, n: number): Promise<readonly ReleaseClass[]> => {
  const key = (await keyOf(store, numberOf(n))) ?? -1
  return ((await store.findReleaseClasses([key])).get(key) ?? []).map(({ releaseClass }) => releaseClass)
}

describe('a database of an earlier version', () => {
  it('has the kinds of all its items once it is opened', async () => {
    await using made = await makeFile()
    makeVersion1(made.file)
    const store = createSqliteRecordStore({ region, file: made.file })
    expect(await kindsOf(store, 0)).toHaveLength(5)
    expect(await kindsOf(store, 0)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ section: 'problems', labels: [], source: 'REM' }),
        expect.objectContaining({ section: 'problems', labels: ['N', 'PSY'] }),
        expect.objectContaining({ section: 'results', exclusionSets: ['STI'] }),
      ]),
    )
    expect(await kindsOf(store, 1)).toEqual([
      {
        section: 'documents',
        labels: ['R'],
        source: '323',
        types: ['736253002'],
        categories: [],
        settings: [],
        exclusionSets: [],
      },
    ])
    expect((await readList(store, 'problems')).map((stored) => stored.item.id)).toEqual(['asthma', 'depression'])
    expect((await readRetracted(store)).length).toBe(1)
    expect(await readRetracted(store, without('R'))).toEqual([])
    const key = (await keyOf(store, numberOf(0))) ?? -1
    const known = (await store.readViewerFacts([key], { organisation: 'REM', person: '1', nowMs: 0 })).get(key)
    expect(known?.encounters).toEqual([{ class: 'AMBULATORY', status: 'FINISHED', start: null, end: null }])
    expect((await store.readFigures(0)).documents).toBe(1)
    expect(
      await publishOne(
        store,
        publication({ items: [item('problems', 'new'), item('documents', 'newer', { entry: 1 })] }),
      ),
    ).toEqual({ 0: 'created', 1: 'created' })
    expect((await store.readFigures(0)).documents).toBe(2)
    store.close()
  })

  it('stays as it was when it cannot be brought up to date, and nothing of a record is told', async () => {
    await using made = await makeFile()
    makeVersion1(made.file, { brokenBody: '{"secret' })
    const open = () => createSqliteRecordStore({ region, file: made.file })
    expect(open).toThrow(/an item that is no JSON/)
    expect(open).not.toThrow(/secret/)
    const db = new DatabaseSync(made.file)
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
    expect(db.prepare("SELECT count(*) AS tables FROM sqlite_schema WHERE name IN ('kind', 'referral')").get()).toEqual(
      { tables: 0 },
    )
    expect(db.prepare('SELECT count(labels) AS labels FROM retraction').get()).toEqual({ labels: 2 })
    db.close()
  })
})

describe('a database made before publishers were kept', () => {
  const letter = item('documents', 'letter', { version: 1, labels: ['V'], organisation: council })

  async function openEarlier(file: string): Promise<RecordStore> {
    const store = createSqliteRecordStore({ region, file })
    await publishOne(
      store,
      publication({
        patients: [patient(0, { sensitive: true, fields: { version: 1 } })],
        items: [
          item('problems', 'p', { entry: 1, version: 1, fields: { significance: 'held' } }),
          { ...letter, entry: 2 },
          item('documents', 'older', { entry: 3 }),
          item('documents', 'newer', { entry: 4, replaces: [identifier('older')] }),
        ],
        optOuts: [optOut('o', { entry: 5, organisation: council })],
        referrals: [referral('r', { entry: 6 })],
      }),
    )
    store.close()
    rewriteAsVersion(file, 4)
    return createSqliteRecordStore({ region, file })
  }
  const significances = async (store: RecordStore) =>
    (await readList(store, 'problems')).map((stored) => stored.item.significance).sort()
  const rowOf = async (store: RecordStore) => (await store.findPatients([numberOf(0)])).get(numberOf(0))

  it('is held as it was, and no stranger corrects, unseals or lifts any of it', async () => {
    await using made = await makeFile()
    const store = await openEarlier(made.file)
    expect(await rowOf(store)).toMatchObject({
      sensitive: true,
      demographics: { version: 1 },
      optOuts: [{ organisation: council }],
    })
    const documents = await readTimeline(store, 'documents', { lifecycles: ['current', 'superseded'] })
    expect(documents.map((stored) => stored.item.identifier?.value).sort()).toEqual(['letter', 'newer', 'older'])
    await publishOne(
      store,
      publication({
        by: publisher('RBL'),
        patients: [patient(0, { fields: { version: 9 } })],
        items: [
          item('problems', 'p', { entry: 1, version: 9, lifecycle: 'retracted' }),
          { ...letter, entry: 2, version: 9, labels: [] },
          item('documents', 'newer', { entry: 3, version: 9 }),
        ],
        optOuts: [optOut('o', { entry: 5, active: false, organisation: council, lastUpdated: '2030-01-01T00:00:00Z' })],
      }),
    )
    expect(await significances(store)).toEqual(['held'])
    expect(await rowOf(store)).toMatchObject({ sensitive: true, optOuts: [{ organisation: council }] })
    expect(
      (await kindsOf(store, 0)).filter(({ section, labels }) => section === 'documents' && labels?.includes('V'))
        .length,
    ).toBeGreaterThan(0)
    const [older] = await readTimeline(store, 'documents', { lifecycles: ['superseded'] })
    expect(older?.item.identifier?.value).toBe('older')
    store.close()
  })

  it('is corrected by each item’s source organisation, by its successor, and by the store’s office, which withdraws its opt-outs too', async () => {
    const office = publisher('QYG', { actsFor: 'all', via: 'import' })
    for (const by of [publisher('REM'), publisher('RBN', { actsFor: ['REM'] }), office]) {
      await using made = await makeFile()
      const store = await openEarlier(made.file)
      const corrected = item('problems', 'p', { entry: 1, version: 2, fields: { significance: 'corrected' } })
      expect(await publishOne(store, publication({ by, items: [corrected] }))).toEqual({ 1: 'updated' })
      expect(await significances(store)).toEqual(['corrected'])
      // Once more, now that its publisher is kept.
      expect(
        await publishOne(
          store,
          publication({ by: publisher('REM'), items: [{ ...corrected, version: 3, lifecycle: 'retracted' }] }),
        ),
      ).toEqual({ 1: 'retracted' })
      expect(await significances(store)).toEqual([])
      expect(await readRetracted(store)).toHaveLength(2)
      const withdrawn = publication({
        by,
        optOuts: [optOut('o', { active: false, organisation: council, lastUpdated: '2030-01-01T00:00:00Z' })],
      })
      await publishOne(store, withdrawn)
      expect((await rowOf(store))?.optOuts).toEqual(by === office ? [] : [{ organisation: council }])
      store.close()
    }
  })

  it('lets a patient’s organisation lift the flag that it set', async () => {
    await using made = await makeFile()
    const store = await openEarlier(made.file)
    expect(await publishOne(store, publication({ patients: [patient(0, { fields: { version: 2 } })] }))).toEqual({
      0: 'updated',
    })
    expect((await rowOf(store))?.sensitive).toBe(false)
    store.close()
  })
})

describe('a database classified by other exclusion sets', () => {
  const publishTest = (store: RecordStore) =>
    publishOne(
      store,
      publication({ items: [item('results', 'r', { fields: { code: chlamydia } }), item('results', 's')] }),
    )

  /** Lets the file be as a program would have made it whose table does not have the code. */
  const classifyOtherwise = (file: string) => {
    const db = new DatabaseSync(file)
    db.exec(`
      DELETE FROM patient_kind;
      UPDATE item SET kind = (SELECT min(kind) FROM kind WHERE text LIKE '%"exclusionSets":[]%');
      DELETE FROM kind WHERE text NOT LIKE '%"exclusionSets":[]%';
      INSERT INTO patient_kind SELECT DISTINCT patient, kind FROM item;
      UPDATE store SET exclusion_sets_version = 'another';`)
    db.close()
  }

  it('is classified anew at opening', async () => {
    await using made = await makeFile()
    const before = createSqliteRecordStore({ region, file: made.file })
    await publishTest(before)
    before.close()
    classifyOtherwise(made.file)
    const store = createSqliteRecordStore({ region, file: made.file })
    const kinds = new Map((await store.findReleaseClasses([1])).get(1)?.map(({ id, releaseClass: kind }) => [id, kind]))
    const results = await readTimeline(store, 'results')
    expect(
      results
        .map(({ item: one, releaseClass: kind }) => [one.identifier?.value, kinds.get(kind)?.exclusionSets])
        .sort(),
    ).toEqual([
      ['r', ['STI']],
      ['s', []],
    ])
    store.close()
  })

  it('takes no publication from a program that opened it before', async () => {
    await using made = await makeFile()
    const store = createSqliteRecordStore({ region, file: made.file })
    await publishTest(store)
    classifyOtherwise(made.file)
    await expect(store.publish([publication({ items: [item('results', 't')] })])).rejects.toThrow(/another version/)
    expect(await readTimeline(store, 'results')).toHaveLength(2)
    store.close()
  })
})
