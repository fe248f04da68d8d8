import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { takeCensus } from '../../subgraphs/demo/population/census.ts'
import { documentsAtScale } from '../../subgraphs/demo/population/figures.ts'
import { findPopulationNote, toPopulationNotePublication } from '../../subgraphs/demo/population/note.ts'
import { outlines } from '../../subgraphs/demo/population/outlines.ts'
import { population } from '../../subgraphs/demo/population/population.ts'
import { promisedHoldings } from '../../subgraphs/demo/population/promised-holdings.ts'
import { publishPopulation } from '../../subgraphs/demo/population/publish-population.ts'
import { storedHoldings } from '../../subgraphs/demo/population/stored-holdings.ts'
import { demoRegions } from '../../subgraphs/demo/vocabulary/person.ts'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { publisher } from '../support/store/publications.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const now = new Date('2026-11-22T09:30:00Z')
const scale = 0.0005
const seed = 1

function openStores() {
  const stores = new Map(
    demoRegions.map((slug) => {
      const region = loadTestRegions().find((one) => one.slug === slug)?.code ?? expect.fail(`no region ${slug}`)
      return [slug, createSqliteRecordStore({ region, file: ':memory:' })]
    }),
  )
  const publish = async (at: Date = now) =>
    Promise.all([...stores].map(([region, store]) => publishPopulation({ store, region, scale, seed, now: at })))
  const sequences = async () => Promise.all([...stores.values()].map((store) => store.sequence()))
  const one = (): RecordStore => stores.get('cheshire-merseyside') ?? expect.fail('no store')
  return { stores, one, publish, sequences, [Symbol.dispose]: () => stores.forEach((store) => void store.close()) }
}

describe('the population in the stores', () => {
  test('is what the generator promises, counted person by person', async () => {
    using opened = openStores()
    expect((await opened.publish()).map(({ status }) => status)).toEqual(['made', 'made'])
    const stored = await takeCensus(storedHoldings({ stores: opened.stores, seed, scale }))
    expect(stored).toEqual(await takeCensus(promisedHoldings({ seed, scale, now })))
    for (const region of demoRegions)
      expect(stored.regions.get(region)?.documents.all).toBe(documentsAtScale(region, scale))
  })

  test('has everybody in it who is to be in it', async () => {
    const { regions, shared } = await takeCensus(promisedHoldings({ seed, scale: 0.005, now }))
    for (const { people } of regions.values())
      for (const name of ['unverified', 'sensitive', 'deceased', 're-numbered'])
        expect(people[name], name).toBeGreaterThan(0)
    expect(regions.get('lancashire-south-cumbria')?.people['opted out of the region']).toBeGreaterThan(0)
    expect(regions.get('cheshire-merseyside')?.people['opted out of an organisation']).toBeGreaterThan(0)
    for (const { documents } of regions.values())
      for (const lifecycle of ['superseded', 'retracted']) expect(documents[lifecycle], lifecycle).toBeGreaterThan(0)
    expect(shared['items current in one region only']).toBeGreaterThan(0)
    expect(shared['people whose birth dates differ']).toBeGreaterThan(0)
  })

  test('finds the bytes of a document', async () => {
    using opened = openStores()
    await opened.publish()
    const { nhsNumber } = outlines({ seed, scale }).next().value ?? expect.fail('nobody')
    const [patient] = (await opened.one().findPatients([nhsNumber])).values()
    if (!patient) expect.fail('the first person is not in the store')
    const page = await opened
      .one()
      .readTimeline('documents', [patient.key], { first: 100, after: null, fromMs: null, toMs: null, filter: {} })
    const hash =
      page.get(patient.key)?.flatMap(({ item }) => item.content?.sha256 ?? [])[0] ??
      expect.fail('no document has content')
    expect(await opened.one().readContent(hash)).not.toBeNull()
  })
})

const office = publisher('QYG', { actsFor: 'all', via: 'demo' })

describe('making the population again', () => {
  test('changes nothing for four weeks', async () => {
    using opened = openStores()
    await opened.publish()
    const before = await opened.sequences()
    const again = await opened.publish(new Date('2026-12-10T08:00:00Z'))
    expect(again.map(({ status }) => status)).toEqual(['there', 'there'])
    expect(await opened.sequences()).toEqual(before)
  })

  test('moves it along after them: the same people, born on the same days, and as many documents', async () => {
    using opened = openStores()
    await opened.publish()
    const later = new Date('2026-12-23T08:00:00Z')
    expect((await opened.publish(later)).map(({ status }) => status)).toEqual(['made', 'made'])
    expect(await findPopulationNote(opened.one())).toEqual({ seed, scale, week: '2026-12-21', complete: true })
    const promised = await takeCensus(promisedHoldings({ seed, scale, now: later }))
    expect(await takeCensus(storedHoldings({ stores: opened.stores, seed, scale }))).toEqual(promised)
  })

  test('completes one that was interrupted, from where its dates were counted', async () => {
    using opened = openStores()
    const store = opened.one()
    const region = 'cheshire-merseyside'
    await store.publish([
      { ...toPopulationNotePublication({ seed, scale, week: '2026-11-09', complete: false }), by: office },
    ])
    const begun = [...population({ region, seed, scale, now: new Date('2026-11-09T12:00:00Z') })].slice(0, 50)
    await store.publish(begun.map((publication) => ({ ...publication, by: office })))
    const before = await store.sequence()
    expect(await publishPopulation({ store, region, scale, seed, now })).toEqual({
      status: 'made',
      note: { seed, scale, week: '2026-11-09', complete: true },
    })
    const people = [...outlines({ seed, scale })].filter(({ documents }) => documents.has(region))
    const touched = new Set((await store.readChangesAfter(before, 10_000)).map(({ nhsNumber }) => nhsNumber))
    expect(people.slice(0, 50).filter(({ nhsNumber }) => touched.has(nhsNumber))).toEqual([])
    expect(people.slice(50).filter(({ nhsNumber }) => !touched.has(nhsNumber))).toEqual([])
  })

  test('leaves one of another seed or scale as it is', async () => {
    using opened = openStores()
    await opened.publish()
    const before = await opened.sequences()
    const outcome = await publishPopulation({
      store: opened.one(),
      region: 'cheshire-merseyside',
      scale: 0.002,
      seed,
      now,
    })
    expect(outcome).toEqual({ status: 'another', note: { seed, scale, week: '2026-11-16', complete: true } })
    expect(await opened.sequences()).toEqual(before)
  })
})

describe('npm run population', () => {
  function run(dataDirectory: string, ...args: readonly string[]) {
    const main = join(import.meta.dirname, '../../subgraphs/demo/population/main.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      env: { ...process.env, DATA_DIR: dataDirectory },
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }

  test('makes a region and prints what is in its store', () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'population-'))
    try {
      expect(run(dataDirectory, '--region', 'cheshire-merseyside', '--scale', '0.0002').stdout).toContain(
        '603 documents in',
      )
      expect(run(dataDirectory, '--region', 'cheshire-merseyside', '--scale', '0.0002').stdout).toContain('already')
      expect(run(dataDirectory, '--statistics').stdout).toMatch(/documents promised: 603\n(.*\n)* +603 {2}all\n/)
    } finally {
      rmSync(dataDirectory, { recursive: true })
    }
  })

  test.each([
    [[], '--region: expected cheshire-merseyside or lancashire-south-cumbria, found nothing'],
    [['--region', 'lancashire-south-cumbria', '--scale', '2'], '--scale: expected a number from 0 to 1, found 2'],
    [['--statistics'], 'expected a store with a population, found none'],
  ])('says what it expected: %j', (args, message) => {
    const { status, stderr } = run(join(tmpdir(), 'population-none'), ...args)
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
