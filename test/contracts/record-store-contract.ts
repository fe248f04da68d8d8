import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toItemId } from '../../schema/item-id.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import type { PublishEffect } from '../../subgraphs/store/published-by.ts'
import type { PublishedItem, RecordStore, TimelineFilter } from '../../subgraphs/store/record-store.ts'
import {
  content,
  council,
  identifier,
  item,
  numberOf,
  optOut,
  patient,
  publication,
  referral,
  trust,
} from '../support/store/publications.ts'
import {
  keyOf,
  positionOf,
  publishOne,
  readList,
  readRetracted,
  readTimeline,
  without,
} from '../support/store/store-reads.ts'
import { describeConsent } from './consent-contract.ts'
import { describePublishers } from './publishers-contract.ts'
import { describeReleaseClasses } from './release-classes-contract.ts'
import { describeFigures } from './store-figures-contract.ts'
import { describeViewerFacts } from './viewer-facts-contract.ts'

/** Makes an empty store; closed at the test's end. */
export type MakeStore = () => Promise<{ readonly store: RecordStore } & AsyncDisposable>

/** What every RecordStore does, whatever it keeps its records in. */
export function describeRecordStore(name: string, makeStore: MakeStore): void {
  describeReleaseClasses(name, makeStore)
  describeViewerFacts(name, makeStore)
  describeConsent(name, makeStore)
  describeFigures(name, makeStore)
  describePublishers(name, makeStore)

  describe(`${name}: reading`, () => {
    it('pages through any history in order, each item once, whatever the page size', async () => {
      const instants = fc.oneof(
        fc.constant(null),
        fc.integer({ min: -3, max: 3 }),
        fc.integer({ min: -4_000_000_000_000, max: 4_000_000_000_000 }),
      )
      await fc.assert(
        fc.asyncProperty(
          fc.array(instants, { maxLength: 40 }),
          fc.integer({ min: 1, max: 7 }),
          async (history, first) => {
            await using made = await makeStore()
            const { store } = made
            const items = history.map((orderedAtMs, n) => item('results', `r${n}`, { orderedAtMs }))
            await store.publish([publication({ items })])
            const key = await keyOf(store, numberOf(0))
            const read: TimelinePosition[] = []
            for (let after: TimelinePosition | null = null; ; ) {
              const page =
                key === undefined
                  ? []
                  : ((
                      await store.readTimeline('results', [key], { first, after, fromMs: null, toMs: null, filter: {} })
                    ).get(key) ?? [])
              for (const { item: one } of page.slice(0, first)) read.push(positionOf(one.position))
              if (page.length <= first) break
              after = read.at(-1) ?? null
            }
            expect(read).toEqual(read.toSorted(compareTimelinePositions))
            expect(new Set(read.map((position) => position.id)).size).toBe(history.length)
            expect(read.map((position) => position.orderedAtMs).toSorted(byNumber)).toEqual(history.toSorted(byNumber))
          },
        ),
        { numRuns: 40 },
      )
    })

    it('reads many patients in one call, to each its own, and leaves out those without', async () => {
      await using made = await makeStore()
      const { store } = made
      const numbers = [0, 1, 2].map(numberOf)
      await store.publish([
        publication({
          patients: [patient(2)],
          items: [0, 1].map((n) => item('problems', `p${n}`, { nhsNumber: numberOf(n) })),
        }),
      ])
      const found = await store.findPatients([...numbers, numberOf(3)])
      expect([...found.keys()]).toEqual(numbers)
      const lists = await store.readList(
        'problems',
        [...found.values()].map((row) => row.key),
        10,
      )
      expect([...lists.values()].map((items) => items.map(({ item: one }) => one.identifier?.value))).toEqual([
        ['p0'],
        ['p1'],
      ])
    })

    it('gives one item more than asked for where there are more', async () => {
      await using made = await makeStore()
      const { store } = made
      await store.publish([publication({ items: [1, 2, 3].map((n) => item('alerts', `a${n}`)) })])
      const key = (await keyOf(store, numberOf(0))) ?? 0
      expect((await store.readList('alerts', [key], 2)).get(key)).toHaveLength(3)
      expect((await store.readList('alerts', [key], 3)).get(key)).toHaveLength(3)
    })

    it('keeps to codes, categories, organisations and instants', async () => {
      await using made = await makeStore()
      const { store } = made
      const day = (n: number) => `2026-01-0${n}T00:00:00Z`
      await store.publish([
        publication({
          items: [
            item('documents', 'summary', { at: day(1) }),
            item('documents', 'plan', {
              at: day(2),
              organisation: council,
              fields: { type: { text: 'Plan', codings: [{ system: null, code: '736253002', display: null }] } },
            }),
            item('documents', 'undated', {
              fields: {
                category: { text: 'Care plan', codings: [{ system: null, code: '734163000', display: null }] },
              },
            }),
          ],
        }),
      ])
      const key = (await keyOf(store, numberOf(0))) ?? 0
      const read = async (filter: TimelineFilter, fromMs: number | null = null, toMs: number | null = null) =>
        (
          (await store.readTimeline('documents', [key], { first: 9, after: null, fromMs, toMs, filter })).get(key) ?? []
        ).map(({ item: one }) => one.identifier?.value)
      expect(await read({})).toEqual(['plan', 'summary', 'undated'])
      expect(await read({ codes: ['736253002', '1'] })).toEqual(['plan'])
      expect(await read({ codes: ['73625300'] })).toEqual([])
      expect(await read({ categories: ['734163000'] })).toEqual(['undated'])
      expect(await read({ organisations: ['323'] })).toEqual(['plan'])
      expect(await read({}, Date.parse(day(2)), Date.parse(day(2)))).toEqual(['plan'])
      expect(await read({}, null, Date.parse(day(1)))).toEqual(['summary'])
    })

    it('gives the same item the same id in every region, and one without identifier an id of its own', async () => {
      await using made = await makeStore()
      const { store } = made
      const shared = item('results', 'shared', { at: '2026-01-01T00:00:00Z' })
      await store.publish([
        publication({
          items: [shared, { ...shared, identifier: null }, { ...shared, identifier: null, resourceType: 'Other' }],
        }),
      ])
      const key = (await keyOf(store, numberOf(0))) ?? 0
      const ids = (
        (
          await store.readTimeline('results', [key], { first: 9, after: null, fromMs: null, toMs: null, filter: {} })
        ).get(key) ?? []
      ).map(({ item: one }) => one.id)
      expect(new Set(ids).size).toBe(3)
      expect(ids).toContain(
        toItemId({ kind: 'results', system: 'urn:test', value: 'shared', orderedAtMs: shared.orderedAtMs }),
      )
    })
  })

  describe(`${name}: publishing`, () => {
    it('changes nothing when the same is published again', async () => {
      await using made = await makeStore()
      const { store } = made
      const all = publication({
        patients: [patient(0)],
        items: [
          item('problems', 'p', { entry: 1 }),
          item('documents', 'd', { entry: 2, replaces: [identifier('older')] }),
        ],
        optOuts: [optOut('o', { entry: 3, organisation: council })],
        referrals: [referral('r', { entry: 4 })],
        contents: [content(Buffer.from('text'))],
      })
      const first = await publishOne(store, all)
      expect(first).toEqual({ 0: 'created', 1: 'created', 2: 'created', 3: 'created', 4: 'created' })
      const sequence = await store.sequence()
      const again = await publishOne(store, all)
      expect(again).toEqual({ 0: 'unchanged', 1: 'unchanged', 2: 'unchanged', 3: 'unchanged', 4: 'unchanged' })
      expect(await store.sequence()).toBe(sequence)
    })

    it('lets a newer version supersede, by number before date before arrival', async () => {
      await using made = await makeStore()
      const { store } = made
      const name = (text: string, stamp: Partial<PublishedItem<'problems'>> = {}) =>
        item('problems', 'p', { ...stamp, fields: { significance: text } })
      const steps: readonly [PublishedItem, PublishEffect, string][] = [
        [name('first'), 'created', 'first'],
        [name('arrived later'), 'updated', 'arrived later'],
        [name('version 2', { version: 2, lastUpdated: '2026-01-01T00:00:00Z' }), 'updated', 'version 2'],
        [name('version 1', { version: 1, lastUpdated: '2026-02-01T00:00:00Z' }), 'older', 'version 2'],
        [name('version 10', { version: 10, lastUpdated: '2025-01-01T00:00:00Z' }), 'updated', 'version 10'],
        [name('earlier', { lastUpdated: '2024-12-31T23:30:00Z' }), 'older', 'version 10'],
        [name('another zone', { lastUpdated: '2025-01-01T00:30:00+01:00' }), 'older', 'version 10'],
        [name('later', { lastUpdated: '2025-01-02T00:00:00Z' }), 'updated', 'later'],
      ]
      for (const [arriving, as, shown] of steps) {
        expect(await publishOne(store, publication({ items: [arriving] }))).toEqual({ 0: as })
        expect((await readList(store, 'problems')).map(({ item: one }) => one.significance)).toEqual([shown])
      }
    })

    it('retracts, lists what was retracted, and lets a newer version bring it back', async () => {
      await using made = await makeStore()
      const { store } = made
      const problem = item('problems', 'p', { version: 1 })
      await publishOne(store, publication({ items: [problem] }))
      const [{ item: shown } = { item: null }] = await readList(store, 'problems')
      expect(
        await publishOne(store, publication({ items: [{ ...problem, version: 2, lifecycle: 'retracted' }] })),
      ).toEqual({ 0: 'retracted' })
      expect(await readList(store, 'problems')).toEqual([])
      expect(await readRetracted(store)).toEqual([shown?.id])
      expect(await publishOne(store, publication({ items: [{ ...problem, version: 3 }] }))).toEqual({ 0: 'updated' })
      expect(await readList(store, 'problems')).toHaveLength(1)
      expect(await readRetracted(store)).toEqual([])
    })

    it('keeps the retraction of an item it never had', async () => {
      await using made = await makeStore()
      const { store } = made
      expect(
        await publishOne(store, publication({ items: [item('results', 'r', { lifecycle: 'retracted', version: 2 })] })),
      ).toEqual({ 0: 'retracted' })
      expect(await readRetracted(store)).toHaveLength(1)
      expect(await publishOne(store, publication({ items: [item('results', 'r', { version: 1 })] }))).toEqual({
        0: 'older',
      })
    })

    it('lists the earlier id of an item whose instant moved, and hides it with a label that came later', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ items: [item('results', 'r', { at: '2026-01-01T00:00:00Z' })] }))
      const [before] = await readTimeline(store, 'results')
      await publishOne(
        store,
        publication({ items: [item('results', 'r', { at: '2026-01-02T00:00:00Z', labels: ['SEALED'] })] }),
      )
      const [after] = await readTimeline(store, 'results')
      expect(after?.item.id).not.toBe(before?.item.id)
      expect(await readRetracted(store)).toEqual([before?.item.id])
      expect(await readRetracted(store, without('SEALED'))).toEqual([])
    })

    describe.each([
      ['the replaced one first', ['old', 'new']],
      ['the replacing one first', ['new', 'old']],
    ])('of a document that replaces another, %s', (_, order) => {
      const documents = {
        old: item('documents', 'old'),
        new: item('documents', 'new', { replaces: [identifier('old')] }),
      }
      const shown = async (store: RecordStore, lifecycles: TimelineFilter['lifecycles']) =>
        (await readTimeline(store, 'documents', { lifecycles })).map(({ item: one }) => [
          one.identifier?.value,
          one.status,
        ])

      it('serves the old one as superseded and lists it as replaced, until the new one is retracted', async () => {
        await using made = await makeStore()
        const { store } = made
        for (const one of order)
          await publishOne(store, publication({ items: [documents[one as keyof typeof documents]] }))
        expect(await shown(store, ['current'])).toEqual([['new', 'CURRENT']])
        expect(await shown(store, ['superseded'])).toEqual([['old', 'SUPERSEDED']])
        expect(await readRetracted(store)).toHaveLength(1)
        expect(await publishOne(store, publication({ items: [documents.old] }))).toEqual({ 0: 'unchanged' })
        await publishOne(store, publication({ items: [{ ...documents.new, lifecycle: 'retracted' }] }))
        expect(await shown(store, ['current'])).toEqual([['old', 'CURRENT']])
      })

      it("leaves another patient's document alone", async () => {
        await using made = await makeStore()
        const { store } = made
        for (const one of order) {
          const nhsNumber = numberOf(one === 'old' ? 0 : 1)
          await publishOne(store, publication({ items: [{ ...documents[one as keyof typeof documents], nhsNumber }] }))
        }
        expect(await shown(store, ['current'])).toEqual([['old', 'CURRENT']])
      })
    })

    it('lists what a document replaces that was never held here, for another region may hold it, as long as the document may be seen', async () => {
      await using made = await makeStore()
      const { store } = made
      const replaces = [identifier('elsewhere')]
      const document = item('documents', 'new', { labels: ['PSY'], replaces, fields: { replaces } })
      await publishOne(store, publication({ items: [document, item('documents', 'beside')] }))
      const key = (await keyOf(store, numberOf(0))) ?? -1
      expect(await store.readRetractions([key])).toEqual(
        new Map([
          [
            key,
            [
              {
                identity: toItemId({ kind: 'documents', system: 'urn:test', value: 'elsewhere' }),
                id: null,
                identifier: identifier('elsewhere'),
                organisation: trust,
                at: expect.any(String),
              },
            ],
          ],
        ]),
      )
      expect(await readRetracted(store, without('PSY'))).toEqual([])
      await publishOne(store, publication({ items: [item('documents', 'elsewhere')] }))
      expect(await readRetracted(store)).toHaveLength(1)
      expect((await store.readRetractions([key])).get(key)?.[0]?.id).not.toBeNull()
      await publishOne(store, publication({ items: [{ ...document, lifecycle: 'retracted' }] }))
      expect(await readRetracted(store)).toEqual([
        (await readTimeline(store, 'documents', { lifecycles: ['retracted'] }))[0]?.item.id,
      ])
    })

    it("refuses an identifier of another patient's item, whole and without a trace, and takes the others of the same call", async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ items: [item('problems', 'p')] }))
      const sequence = await store.sequence()
      const bytes = content(Buffer.from('of the refused'))
      const [refused, stored] = await store.publish([
        publication({
          patients: [patient(1)],
          items: [
            item('alerts', 'a', { nhsNumber: numberOf(1) }),
            item('problems', 'p', { nhsNumber: numberOf(1), entry: 17, resourceType: 'Condition' }),
          ],
          contents: [bytes],
        }),
        publication({ patients: [patient(2)] }),
      ])
      expect(refused).toMatchObject({
        status: 'refused',
        faults: [{ entry: 17, path: 'Condition.identifier', code: 'conflict' }],
      })
      expect(JSON.stringify(refused)).not.toMatch(/\d{5}/)
      expect(stored).toMatchObject({ status: 'stored', sequence: sequence + 1 })
      expect([...(await store.findPatients([0, 1, 2].map(numberOf))).keys()]).toEqual([0, 2].map(numberOf))
      expect(await store.readContent(bytes.sha256)).toBeNull()
    })

    it("lets an identifier move to another patient once the first one's item is retracted", async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ items: [item('problems', 'p')] }))
      await publishOne(store, publication({ items: [item('problems', 'p', { lifecycle: 'retracted' })] }))
      expect(
        await publishOne(store, publication({ items: [item('problems', 'p', { nhsNumber: numberOf(1) })] })),
      ).toEqual({ 0: 'created' })
      expect(await readRetracted(store)).toHaveLength(1)
      expect(await readList(store, 'problems', 1)).toHaveLength(1)
    })

    it('leaves no trace of a call in which something broke', async () => {
      await using made = await makeStore()
      const { store } = made
      const broken = publication({ contents: [{ sha256: 'not its hash', bytes: Buffer.from('x') }] })
      await expect(store.publish([publication({ patients: [patient(0)] }), broken])).rejects.toThrow('sha256')
      expect(await store.sequence()).toBe(0)
      expect(await publishOne(store, publication({ patients: [patient(0)] }))).toEqual({ 0: 'created' })
    })

    it('tells items apart by patient where no organisation and no identifier does', async () => {
      await using made = await makeStore()
      const { store } = made
      const nameless = { identifier: null, organisation: { odsCode: null, name: null } }
      await publishOne(
        store,
        publication({
          items: [item('problems', '1', nameless), item('problems', '1', { ...nameless, nhsNumber: numberOf(1) })],
        }),
      )
      expect(await readList(store, 'problems', 0)).toHaveLength(1)
      expect(await readList(store, 'problems', 1)).toHaveLength(1)
    })

    it('adds one row to the sequence for each patient touched', async () => {
      await using made = await makeStore()
      const { store } = made
      await store.publish([
        publication({ patients: [patient(0), patient(1)], items: [item('problems', 'p'), item('alerts', 'a')] }),
        publication({ optOuts: [optOut('o')] }),
      ])
      expect(
        (await store.readChangesAfter(0, 10)).map(({ sequence, kind, nhsNumber }) => [sequence, kind, nhsNumber]),
      ).toEqual([
        [1, 'publish', numberOf(0)],
        [2, 'publish', numberOf(1)],
        [3, 'consent', numberOf(0)],
      ])
      expect(await store.readChangesAfter(1, 1)).toHaveLength(1)
    })
  })

  describe(`${name}: patients`, () => {
    it('makes a patient without demographics for an item published alone', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ items: [item('problems', 'p')] }))
      expect((await store.findPatients([numberOf(0)])).get(numberOf(0))).toMatchObject({
        verification: '01',
        demographics: null,
        sensitive: false,
        optOuts: [],
      })
    })

    it('keeps the newest demographic record', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(
        store,
        publication({ patients: [patient(0, { fields: { version: 2 }, sensitive: true, verification: '02' })] }),
      )
      expect(await publishOne(store, publication({ patients: [patient(0, { fields: { version: 1 } })] }))).toEqual({
        0: 'older',
      })
      expect((await store.findPatients([numberOf(0)])).get(numberOf(0))).toMatchObject({
        sensitive: true,
        verification: '02',
        demographics: { version: 2 },
      })
      expect(await publishOne(store, publication({ patients: [patient(0, { fields: { version: 3 } })] }))).toEqual({
        0: 'updated',
      })
      expect((await store.findPatients([numberOf(0)])).get(numberOf(0))).toMatchObject({
        sensitive: false,
        verification: '01',
      })
    })

    it('finds the successor by a superseded number, with all that lay under it, over several steps', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(
        store,
        publication({
          patients: [patient(0)],
          items: [item('problems', 'p')],
          optOuts: [optOut('o', { organisation: council })],
        }),
      )
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      await publishOne(store, publication({ patients: [patient(2, { supersedes: [numberOf(0), numberOf(1)] })] }))
      const found = await store.findPatients([0, 1, 2].map(numberOf))
      expect([...found.values()].map((row) => [row.nhsNumber, row.optOuts.length])).toEqual(
        Array(3).fill([numberOf(2), 1]),
      )
      expect(await readList(store, 'problems', 2)).toHaveLength(1)
      // A source that still knows the old number: its items are the successor's, its demographics are past.
      expect(
        await publishOne(
          store,
          publication({
            patients: [patient(0, { fields: { version: 9 } })],
            items: [item('alerts', 'a', { entry: 1 })],
          }),
        ),
      ).toEqual({
        0: 'older',
        1: 'created',
      })
      expect(await readList(store, 'alerts', 2)).toHaveLength(1)
      expect((await store.readChangesAfter(0, 99)).slice(-3).map((change) => change.nhsNumber)).toEqual(
        [0, 1, 2].map(numberOf),
      )
    })

    it('takes over an item that was retracted under one number and published again under the other, as current', async () => {
      await using made = await makeStore()
      const { store } = made
      const misfiled = item('problems', 'p')
      await publishOne(store, publication({ items: [misfiled] }))
      await publishOne(store, publication({ items: [{ ...misfiled, lifecycle: 'retracted' }] }))
      await publishOne(store, publication({ items: [{ ...misfiled, nhsNumber: numberOf(1) }] }))
      expect(await publishOne(store, publication({ patients: [patient(0, { supersedes: [numberOf(1)] })] }))).toEqual({
        0: 'created',
      })
      expect(await readList(store, 'problems')).toHaveLength(1)
      expect(await readRetracted(store)).toEqual([])
      await publishOne(store, publication({ items: [{ ...misfiled, lifecycle: 'retracted' }] }))
      expect(await readRetracted(store)).toHaveLength(1)
    })

    it('takes over an item that was retracted under both numbers, listed once', async () => {
      await using made = await makeStore()
      const { store } = made
      for (const nhsNumber of [0, 1].map(numberOf)) {
        await publishOne(store, publication({ items: [item('problems', 'p', { nhsNumber })] }))
        await publishOne(store, publication({ items: [item('problems', 'p', { nhsNumber, lifecycle: 'retracted' })] }))
      }
      expect(await publishOne(store, publication({ patients: [patient(0, { supersedes: [numberOf(1)] })] }))).toEqual({
        0: 'created',
      })
      expect(await readRetracted(store)).toHaveLength(1)
    })

    it('does not take a number for superseded that nobody superseded', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(0), patient(1)] }))
      expect((await store.findPatients([numberOf(0)])).get(numberOf(0))?.nhsNumber).toBe(numberOf(0))
    })

    it('refuses two successors of one number', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      const [outcome] = await store.publish([publication({ patients: [patient(2, { supersedes: [numberOf(0)] })] })])
      expect(outcome).toMatchObject({ status: 'refused', faults: [{ path: 'Patient.link', code: 'conflict' }] })
    })

    it('holds an opt-out in force until it is withdrawn, the newest word counting', async () => {
      await using made = await makeStore()
      const { store } = made
      const inForce = async () => (await store.findPatients([numberOf(0)])).get(numberOf(0))?.optOuts
      await publishOne(
        store,
        publication({ optOuts: [optOut('o', { organisation: trust, lastUpdated: '2026-01-02T00:00:00Z' })] }),
      )
      expect(await inForce()).toEqual([{ organisation: trust }])
      const withdrawn = (lastUpdated: string) =>
        publication({ optOuts: [optOut('o', { organisation: trust, lastUpdated, active: false })] })
      expect(await publishOne(store, withdrawn('2026-01-01T00:00:00Z'))).toEqual({ 0: 'older' })
      expect(await inForce()).toHaveLength(1)
      expect(await publishOne(store, withdrawn('2026-01-03T00:00:00Z'))).toEqual({ 0: 'updated' })
      expect(await inForce()).toEqual([])
      expect((await store.readChangesAfter(0, 9)).map((change) => change.kind)).toEqual(['consent', 'consent'])
    })
  })

  describe(`${name}: contents`, () => {
    it('streams the bytes in chunks of 64 KiB, and holds them once', async () => {
      await using made = await makeStore()
      const { store } = made
      const bytes = Buffer.alloc(150_000, 'abcdefg')
      const held = content(bytes)
      await store.publish([publication({ contents: [held] }), publication({ contents: [held] })])
      const chunks: Uint8Array[] = []
      for await (const chunk of (await store.readContent(held.sha256)) ?? []) {
        chunks.push(chunk)
        await turn()
      }
      expect(chunks.map((chunk) => chunk.byteLength)).toEqual([65_536, 65_536, 18_928])
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
      expect(await store.readContent('0'.repeat(64))).toBeNull()
    })
  })
}

function byNumber(a: number | null, b: number | null): number {
  return (a ?? Number.NEGATIVE_INFINITY) - (b ?? Number.NEGATIVE_INFINITY)
}
