import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPeople } from '../../subgraphs/demo/create-people.ts'
import { publishPeople } from '../../subgraphs/demo/publish-people.ts'
import { publisherOf } from '../../subgraphs/demo/vocabulary/bundle.ts'
import { toPublication } from '../../subgraphs/publishing/to-publication.ts'
import type { RecordStore, ViewerFacts } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const now = new Date('2026-11-22T09:30:00Z')
const people = createPeople(now)
const mapped = people.flatMap(({ nhsNumber, bundles }) =>
  [...bundles].flatMap(([region, held]) =>
    held.map((bundle) => ({
      nhsNumber,
      region,
      bundle,
      mapping: toPublication(bundle, { publisher: publisherOf(bundle) }),
    })),
  ),
)

/** Types that are only referred to, or whose parts are published as something else. */
const onlyReferredTo = new Set(['Practitioner', 'PractitionerRole', 'Binary', 'DiagnosticReport'])

describe("the demo's Bundles", () => {
  test("a store accepts every entry of the demo's Bundles", () => {
    for (const { nhsNumber, region, mapping } of mapped) {
      if (mapping.status === 'refused') expect.fail(`${nhsNumber} in ${region}: ${JSON.stringify(mapping.faults)}`)
      const lost = mapping.entries.filter(
        ({ resourceType, understood, published }) =>
          !understood || (published === 0 && !onlyReferredTo.has(resourceType)),
      )
      expect(lost, `${nhsNumber} in ${region}`).toEqual([])
    }
  })

  test("the demo's Bundles concern the person whom they are listed under, as their publisher states", () => {
    for (const { nhsNumber, bundle, mapping } of mapped) {
      if (mapping.status === 'refused') continue
      for (const { items, optOuts, referrals, patients } of mapping.publications) {
        expect([...items, ...optOuts, ...referrals, ...patients].filter((one) => one.nhsNumber !== nhsNumber)).toEqual(
          [],
        )
        expect(
          items.filter(
            ({ section, organisation }) =>
              section !== 'contacts' && organisation.odsCode !== publisherOf(bundle).odsCode,
          ),
        ).toEqual([])
      }
    }
  })
})

describe.each(loadTestRegions())("the people in $applicationName's store", ({ code, slug }) => {
  const held = people.filter(({ bundles }) => bundles.has(slug))

  async function openPublished() {
    const store = createSqliteRecordStore({ region: code, file: ':memory:' })
    await publishPeople({ store, region: slug, now })
    return { store, [Symbol.dispose]: () => store.close() }
  }

  test("a store finds the demo's people by their numbers, and nobody else", async () => {
    using published = await openPublished()
    const found = await published.store.findPatients([...people.map(({ nhsNumber }) => nhsNumber)])
    expect([...found.keys()].sort()).toEqual(held.map(({ nhsNumber }) => nhsNumber))
    for (const { demographics } of found.values()) expect(demographics?.birthDate).toBeTruthy()
  })

  test("publishing the demo's people again on the same day changes nothing", async () => {
    using published = await openPublished()
    const before = await published.store.sequence()
    await publishPeople({ store: published.store, region: slug, now: new Date('2026-11-22T22:00:00Z') })
    const changes = await published.store.readChangesAfter(before, 1000)
    expect(changes.filter(({ kind }) => kind === 'publish')).toEqual([])
  })

  test("publishing the demo's people on a later day gives them that day's dates", async () => {
    using published = await openPublished()
    const store = createSqliteRecordStore({ region: code, file: ':memory:' })
    const later = new Date('2026-12-24T08:00:00Z')
    await publishPeople({ store: published.store, region: slug, now: later })
    await publishPeople({ store, region: slug, now: later })
    expect(await datesOf(published.store)).toEqual(await datesOf(store))
    store.close()
  })

  const viewer = { organisation: 'REM', person: '555036632103', nowMs: 0 }

  test("the demo refers people to the viewer's organisation yesterday, and records a week's permission where the region requires it", async () => {
    using published = await openPublished()
    const later = new Date('2026-12-24T08:00:00Z')
    await publishPeople({ store: published.store, region: slug, now: later })
    const found = await published.store.findPatients(held.map(({ nhsNumber }) => nhsNumber))
    const facts = await published.store.readViewerFacts(
      [...found.values()].map(({ key }) => key),
      viewer,
    )
    const without = (lacks: (known: ViewerFacts) => boolean) =>
      [...found.values()].filter(({ key }) => lacks(facts.get(key) ?? expect.fail())).map(({ nhsNumber }) => nhsNumber)
    expect(without(({ referrals }) => referrals.join() !== '2026-12-23').sort()).toEqual(['9990000468', '9990000476'])
    const untilMs = later.getTime() + 7 * 86_400_000
    const unasked =
      slug === 'cheshire-merseyside' ? ['9990000441', '9990000484'] : held.map(({ nhsNumber }) => nhsNumber)
    expect(without(({ permission }) => permission?.untilMs !== untilMs).sort()).toEqual(unasked)
    expect(without(({ permission }) => permission === null).sort()).toEqual(unasked)
  })

  async function datesOf(store: RecordStore) {
    const found = await store.findPatients(held.map(({ nhsNumber }) => nhsNumber))
    const keys = [...found.values()].map(({ key }) => key)
    const query = { first: 1000, after: null, fromMs: null, toMs: null, filter: {} }
    const medications = await store.readList('medications', keys, 1000)
    const encounters = await store.readTimeline('encounters', keys, query)
    return keys.map((key) =>
      [...(medications.get(key) ?? []), ...(encounters.get(key) ?? [])].map(({ item }) => [item.id, item.orderedAt]),
    )
  }
})

describe("the stories of the demo's people", () => {
  const storeOf = new Map<string, RecordStore>(
    loadTestRegions().map(({ code, slug }) => [slug, createSqliteRecordStore({ region: code, file: ':memory:' })]),
  )
  beforeAll(async () => {
    for (const [region, store] of storeOf) await publishPeople({ store, region, now })
  })
  afterAll(() => {
    for (const store of storeOf.values()) store.close()
  })

  async function patientIn(region: string, nhsNumber: string) {
    const store = storeOf.get(region) ?? expect.fail(`no store of ${region}`)
    const patient =
      (await store.findPatients([nhsNumber])).get(nhsNumber) ?? expect.fail(`${region} does not know ${nhsNumber}`)
    return { store, patient }
  }

  test('the stores find the renumbered person by the earlier number', async () => {
    for (const region of storeOf.keys()) {
      const { patient } = await patientIn(region, '9990009007')
      expect(patient.nhsNumber).toBe('9990000255')
    }
  })

  test('only one region holds an unverified number, and only one a sensitive flag', async () => {
    const facts = (nhsNumber: string) =>
      Promise.all(
        ['cheshire-merseyside', 'lancashire-south-cumbria'].map(
          async (region) => (await patientIn(region, nhsNumber)).patient,
        ),
      )
    expect((await facts('9990000263')).map(({ verification }) => verification)).toEqual(['01', '02'])
    expect((await facts('9990000271')).map(({ sensitive }) => sensitive)).toEqual([false, true])
  })

  test('the stores hold an opt-out from a region and one from an organisation', async () => {
    expect((await patientIn('lancashire-south-cumbria', '9990000360')).patient.optOuts).toEqual([
      { organisation: null },
    ])
    expect((await patientIn('cheshire-merseyside', '9990000379')).patient.optOuts).toMatchObject([
      { organisation: { odsCode: 'RBL' } },
    ])
  })

  test('one region retracts an item that the other holds as current', async () => {
    const merseyside = await patientIn('cheshire-merseyside', '9990000190')
    const lancashire = await patientIn('lancashire-south-cumbria', '9990000190')
    const retracted =
      (await merseyside.store.readRetractions([merseyside.patient.key])).get(merseyside.patient.key) ?? []
    const current =
      (await lancashire.store.readList('problems', [lancashire.patient.key], 10)).get(lancashire.patient.key) ?? []
    expect(retracted.map(({ id }) => id)).toEqual(current.map(({ item }) => item.id))
  })

  test('the stores label sealed, very restricted and sensitive items', async () => {
    const labelsOf = async (region: string, nhsNumber: string) => {
      const { store, patient } = await patientIn(region, nhsNumber)
      const page = await store.readTimeline('documents', [patient.key], {
        first: 100,
        after: null,
        fromMs: null,
        toMs: null,
        filter: {},
      })
      const kinds = new Map(
        (await store.findReleaseClasses([patient.key]))
          .get(patient.key)
          ?.map(({ id, releaseClass }) => [id, releaseClass.labels ?? []]),
      )
      return (page.get(patient.key) ?? []).map(({ item, releaseClass: kind }) => [item.title, kinds.get(kind)?.join()])
    }
    expect(await labelsOf('cheshire-merseyside', '9990000336')).toEqual([
      ['Sealed letter', 'N,SEALED'],
      ['Report for the court', 'V'],
      ['Occupational health report', 'R'],
      ['Knee clinic letter', 'N'],
    ])
    expect(await labelsOf('cheshire-merseyside', '9990000344')).toEqual([
      ['Community mental health team note', 'PSY,R'],
      ['Crisis plan made in Liverpool', 'N,PSY'],
      ['Discharge from the Broadoak Unit', 'N,PSY'],
    ])
  })
})
