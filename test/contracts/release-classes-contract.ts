import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toItemId } from '../../schema/item-id.ts'
import type { ReleaseClass } from '../../schema/policies/facts.ts'
import type { TimelinePosition } from '../../schema/timeline-position.ts'
import type { PublishedItem, RecordStore, ReleaseFilter, TimelineFilter } from '../../subgraphs/store/record-store.ts'
import {
  concept,
  council,
  identifier,
  item,
  numberOf,
  patient,
  publication,
  trust,
} from '../support/store/publications.ts'
import {
  keyOf,
  positionOf,
  publishOne,
  readList,
  readRetracted,
  readTimeline,
  toFilter,
  without,
} from '../support/store/store-reads.ts'
import type { MakeStore } from './record-store-contract.ts'

const genderDysphoria = concept('Gender dysphoria', '93461009')
const chlamydia = concept('Chlamydia antigen test', '310861008')
const everyLifecycle = { lifecycles: ['current', 'superseded', 'retracted'] } as const

/** What a store says of the kinds of its items, and that filters keep to them. */
export function describeReleaseClasses(name: string, makeStore: MakeStore): void {
  const kindOf = async (arriving: PublishedItem): Promise<ReleaseClass | undefined> => {
    await using made = await makeStore()
    await publishOne(made.store, publication({ items: [arriving] }))
    return (await kindsOf(made.store))[0]
  }

  describe(`${name}: kinds`, () => {
    it('tells a document by type, categories, setting, labels and source, each word once', async () => {
      const codings = (...codes: readonly string[]) => ({
        text: 'Words',
        codings: codes.map((code) => ({ system: 'http://snomed.info/sct', code, display: null })),
      })
      const fields = { type: codings('736253002'), category: codings('2', '1', '2'), specialty: codings('708168004') }
      expect(
        await kindOf(item('documents', 'd', { labels: ['R', 'PSY', 'R'], organisation: council, fields })),
      ).toEqual({
        section: 'documents',
        labels: ['PSY', 'R'],
        source: '323',
        types: ['736253002'],
        categories: ['1', '2'],
        settings: ['708168004'],
        exclusionSets: [],
      })
    })

    it('tells a care plan by category, an appointment by specialty, and other items by neither', async () => {
      expect(
        await kindOf(item('carePlans', 'c', { fields: { category: concept('Plan', '736253002') } })),
      ).toMatchObject({ types: ['736253002'], categories: [] })
      expect(
        await kindOf(item('appointments', 'a', { fields: { specialty: concept('Clinic', '310151003') } })),
      ).toMatchObject({ types: [], settings: ['310151003'] })
      expect(await kindOf(item('encounters', 'e', { fields: { type: concept('Visit', '1') } }))).toMatchObject({
        types: [],
        categories: [],
        settings: [],
      })
    })

    it('names the source by ODS code, else by name', async () => {
      expect(await kindOf(item('problems', 'p', { organisation: { odsCode: null, name: 'A Hospice' } }))).toMatchObject(
        { source: 'A Hospice' },
      )
      expect(await kindOf(item('problems', 'p', { organisation: { odsCode: null, name: null } }))).toMatchObject({
        source: '',
      })
    })

    it('finds the exclusion sets of every SNOMED CT code in an item, wherever it stands', async () => {
      const component = { code: chlamydia, value: 'Positive', quantity: null }
      expect(
        await kindOf(item('results', 'r', { fields: { components: [component], report: genderDysphoria } })),
      ).toMatchObject({ exclusionSets: ['GENDER', 'STI'] })
      expect(
        await kindOf(item('allergies', 'a', { fields: { reactions: [{ manifestation: chlamydia, severity: null }] } })),
      ).toMatchObject({ exclusionSets: ['STI'] })
      expect(
        await kindOf(
          item('documents', 'd', { fields: { author: { name: null, role: genderDysphoria, organisation: null } } }),
        ),
      ).toMatchObject({ exclusionSets: ['GENDER'] })
    })

    it.each([
      ['http://snomed.info/sct/83821000000107/version/20260401', ['STI']],
      ['urn:oid:2.16.840.1.113883.6.96', ['STI']],
      [null, ['STI']],
      ['http://loinc.org', []],
    ])('takes a code of the system %s for SNOMED CT or not', async (system, exclusionSets) => {
      const code = { text: 'Test', codings: [{ system, code: '310861008', display: null }] }
      expect(await kindOf(item('results', 'r', { fields: { code } }))).toMatchObject({ exclusionSets })
    })

    it('gives items alike one kind, whoever they are of, and others another', async () => {
      await using made = await makeStore()
      const { store } = made
      const items = [
        item('problems', 'a', { labels: ['R', 'PSY'] }),
        item('problems', 'b', { labels: ['PSY', 'R'], nhsNumber: numberOf(1) }),
        item('problems', 'c', { labels: ['R'], nhsNumber: numberOf(1) }),
      ]
      await publishOne(store, publication({ items }))
      const [a] = await readList(store, 'problems', 0)
      const others = await readList(store, 'problems', 1)
      const [b, c] = ['b', 'c'].map(
        (value) => others.find(({ item: one }) => one.identifier?.value === value)?.releaseClass,
      )
      expect(a?.releaseClass).toBe(b)
      expect(c).not.toBe(b)
      const keys = await Promise.all([0, 1].map((n) => keyOf(store, numberOf(n))))
      const found = await store.findReleaseClasses([...keys.map(Number), 999])
      expect([...found].map(([key, kinds]) => [key, kinds.map(({ id }) => id).sort()])).toEqual([
        [keys[0], [b]],
        [keys[1], [b, c].sort()],
      ])
    })

    it('keeps kinds and items together though publications between are refused or break', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(store, publication({ items: [item('problems', 'taken')] }))
      const stranger = (label: string) => [
        item('alerts', label, { nhsNumber: numberOf(1), labels: [label] }),
        item('problems', 'taken', { nhsNumber: numberOf(1) }),
      ]
      const own = (label: string) => publication({ items: [item('alerts', `own ${label}`, { labels: [label] })] })
      const [refused] = await store.publish([publication({ items: stranger('PSY') }), own('STD'), own('PSY')])
      expect(refused?.status).toBe('refused')
      const broken = publication({ items: [item('alerts', 'broken', { labels: ['HIV'] })], contents: [] })
      await expect(
        store.publish([broken, publication({ contents: [{ sha256: 'not its hash', bytes: Buffer.from('x') }] })]),
      ).rejects.toThrow('sha256')
      await publishOne(store, own('SUD'))
      await publishOne(store, own('HIV'))
      const key = (await keyOf(store, numberOf(0))) ?? -1
      const kinds = new Map(
        (await store.findReleaseClasses([key])).get(key)?.map(({ id, releaseClass }) => [id, releaseClass]),
      )
      const alerts = await readList(store, 'alerts')
      expect(
        alerts.map(({ item: one, releaseClass: kind }) => [one.identifier?.value, kinds.get(kind)?.labels]).sort(),
      ).toEqual(['HIV', 'PSY', 'STD', 'SUD'].map((label) => [`own ${label}`, [label]]))
    })

    it('lets a kind follow the newest version, for what is listed as retracted too', async () => {
      await using made = await makeStore()
      const { store } = made
      const result = item('results', 'r', { at: '2026-01-01T00:00:00Z' })
      await publishOne(store, publication({ items: [result] }))
      await publishOne(store, publication({ items: [{ ...result, labels: ['STD'], orderedAtMs: 0 }] }))
      const key = (await keyOf(store, numberOf(0))) ?? -1
      const sexual = await toFilter(store, key, ({ labels }) => labels?.includes('STD') === true)
      expect((await store.readRetractions([key], sexual)).get(key)).toHaveLength(1)
      expect(await readTimeline(store, 'results', sexual)).toHaveLength(1)
      const others = await toFilter(store, key, without('STD'))
      expect(await readTimeline(store, 'results', others)).toEqual([])
      expect((await store.readRetractions([key], others)).get(key)).toBeUndefined()
    })

    it("has the kinds of a superseded number's items, and of what became another patient's", async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(
        store,
        publication({
          items: [item('problems', 'p', { labels: ['PSY'] }), item('problems', 'q', { nhsNumber: numberOf(1) })],
        }),
      )
      await publishOne(store, publication({ patients: [patient(1, { supersedes: [numberOf(0)] })] }))
      expect((await kindsOf(store, 1)).map(({ labels }) => labels).sort()).toEqual([[], ['PSY']])
      await publishOne(store, publication({ items: [item('alerts', 'a', { nhsNumber: numberOf(2) })] }))
      await publishOne(
        store,
        publication({ items: [item('alerts', 'a', { nhsNumber: numberOf(2), lifecycle: 'retracted' })] }),
      )
      await publishOne(
        store,
        publication({ items: [item('alerts', 'a', { nhsNumber: numberOf(3), labels: ['ETH'] })] }),
      )
      await publishOne(
        store,
        publication({ items: [item('alerts', 'a', { nhsNumber: numberOf(3), labels: ['SUD'] })] }),
      )
      const first = (await keyOf(store, numberOf(2))) ?? -1
      expect((await store.readRetractions([first], await toFilter(store, first, () => true))).get(first)).toHaveLength(
        1,
      )
      expect(
        (await store.readRetractions([first], await toFilter(store, first, without('SUD')))).get(first),
      ).toBeUndefined()
    })

    it('serves a document as current to a viewer who may see none of the documents that replace it, and lists it as replaced to no such viewer', async () => {
      await using made = await makeStore()
      const { store } = made
      const sealed = item('documents', 'sealed', { labels: ['SEALED'], replaces: [identifier('old')] })
      await publishOne(
        store,
        publication({
          items: [item('documents', 'old'), item('documents', 'beside', { entry: 1 }), { ...sealed, entry: 2 }],
        }),
      )
      const key = (await keyOf(store, numberOf(0))) ?? -1
      const own = await toFilter(store, key, without('SEALED'))
      const shown = async (filter: TimelineFilter) =>
        (await readTimeline(store, 'documents', filter))
          .map(({ item: one }) => `${one.identifier?.value} ${one.status}`)
          .sort()
      expect(await shown({ ...own, lifecycles: ['current'] })).toEqual(['beside CURRENT', 'old CURRENT'])
      expect(await shown({ ...own, lifecycles: ['superseded'] })).toEqual([])
      expect(await readRetracted(store, without('SEALED'))).toEqual([])
      const all = await toFilter(store, key, () => true)
      expect(await shown({ ...all, lifecycles: ['superseded'] })).toEqual(['old SUPERSEDED'])
      expect(await shown({ lifecycles: ['superseded'] })).toEqual(['old SUPERSEDED'])
      expect(await readRetracted(store)).toHaveLength(1)
      await publishOne(store, publication({ items: [item('documents', 'shown', { replaces: [identifier('old')] })] }))
      expect(await shown({ ...own, lifecycles: ['current'] })).toEqual(['beside CURRENT', 'shown CURRENT'])
      expect(await shown({ ...own, lifecycles: ['superseded'] })).toEqual(['old SUPERSEDED'])
      expect(await readRetracted(store, without('SEALED'))).toHaveLength(1)
    })

    it('lists what a document replaces to a viewer who may not see the replaced document as if it was never held here', async () => {
      await using made = await makeStore()
      const { store } = made
      const replaces = [identifier('sealed'), identifier('elsewhere')]
      const items = [
        item('documents', 'sealed', { labels: ['SEALED'] }),
        item('documents', 'new', { entry: 1, replaces, fields: { replaces } }),
      ]
      await publishOne(store, publication({ items }))
      const identities = ['elsewhere', 'sealed']
        .map((value) => toItemId({ kind: 'documents', system: 'urn:test', value }))
        .sort()
      expect([...(await readRetracted(store, without('SEALED')))].sort()).toEqual(identities)
    })

    it('gives nothing of a patient for whom no kinds are given', async () => {
      await using made = await makeStore()
      const { store } = made
      await publishOne(
        store,
        publication({
          items: [item('problems', 'p'), item('results', 'r'), item('alerts', 'a', { lifecycle: 'retracted' })],
        }),
      )
      const key = (await keyOf(store, numberOf(0))) ?? -1
      for (const kinds of [new Map([[key, []]]), new Map([[key + 1, [1, 2, 3]]]), new Map()]) {
        expect(await store.readList('problems', [key], 9, { releaseClasses: kinds })).toEqual(new Map())
        expect(await readTimeline(store, 'results', { releaseClasses: kinds })).toEqual([])
        expect(await store.readRetractions([key], { releaseClasses: kinds })).toEqual(new Map())
      }
      expect(await readRetracted(store)).toHaveLength(1)
    })

    it('tells which patients hold an item of the kinds given that is served: current, and of documents superseded too', async () => {
      await using made = await makeStore()
      const { store } = made
      const held = (
        n: number,
        section: 'documents' | 'problems',
        lifecycle: PublishedItem['lifecycle'],
        labels: readonly string[] = ['V'],
      ) => item(section, `${section} ${n} ${lifecycle}`, { nhsNumber: numberOf(n), lifecycle, labels })
      const documents = [
        held(0, 'documents', 'current'),
        held(1, 'documents', 'superseded'),
        held(2, 'documents', 'retracted'),
        held(3, 'documents', 'current', []),
      ]
      const problems = [
        held(0, 'problems', 'superseded'),
        held(1, 'problems', 'current'),
        held(2, 'problems', 'retracted'),
      ]
      await publishOne(store, publication({ items: [...documents, ...problems] }))
      const keys = await Promise.all([0, 1, 2, 3].map(async (n) => (await keyOf(store, numberOf(n))) ?? -1))
      const found = await store.findReleaseClasses(keys)
      const kinds = new Map(
        keys.map((key) => [
          key,
          (found.get(key) ?? []).filter(({ releaseClass: kind }) => !without('V')(kind)).map(({ id }) => id),
        ]),
      )
      const holders = async (section: 'documents' | 'problems', filter: ReleaseFilter = { releaseClasses: kinds }) =>
        (await store.findHolders(section, [...keys, 999], filter)).values().toArray()
      expect(await holders('documents')).toEqual([keys[0], keys[1]])
      expect(await holders('problems')).toEqual([keys[1]])
      expect(await holders('documents', {})).toEqual([keys[0], keys[1], keys[3]])
      expect(await holders('documents', { releaseClasses: new Map() })).toEqual([])
    })

    it('reads what a filter of everything would leave, page by page, of each patient by its own kinds', async () => {
      const published = fc.record({
        n: fc.constantFrom(0, 1),
        orderedAtMs: fc.option(fc.integer({ min: -3, max: 3 })),
        labels: fc.subarray(['R', 'PSY']),
        organisation: fc.constantFrom(trust, council),
        type: fc.constantFrom(concept('Letter', '1'), genderDysphoria),
        lifecycle: fc.constantFrom('current' as const, 'current' as const, 'superseded' as const, 'retracted' as const),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(published, { maxLength: 30 }),
          fc.integer({ min: 1, max: 4 }),
          fc.infiniteStream(fc.boolean()),
          async (all, first, wanted) => {
            await using made = await makeStore()
            const { store } = made
            const items = all.map(({ n, type, ...rest }, index) =>
              item('documents', `d${index}`, { nhsNumber: numberOf(n), ...rest, fields: { type } }),
            )
            await store.publish([publication({ patients: [patient(0), patient(1)], items })])
            const keys = [...(await store.findPatients([0, 1].map(numberOf))).values()].map(({ key }) => key)
            const found = await store.findReleaseClasses(keys)
            const kinds = new Map(
              keys.map((key) => [key, (found.get(key) ?? []).filter(() => wanted.next().value).map(({ id }) => id)]),
            )
            for (const key of keys) {
              const isReleased = ({ releaseClass: kind }: { readonly releaseClass: number }) =>
                kinds.get(key)?.includes(kind)
              const everything = await readDocuments(store, keys, { key, first: 99 })
              expect(await readDocuments(store, keys, { key, first, releaseClasses: kinds })).toEqual(
                everything.filter(isReleased),
              )
              const kindOfId = new Map(everything.map(({ item: one, releaseClass: kind }) => [one.id, kind]))
              const listed = (await store.readRetractions(keys)).get(key) ?? []
              expect((await store.readRetractions(keys, { releaseClasses: kinds })).get(key) ?? []).toEqual(
                listed.filter(({ id }) => isReleased({ releaseClass: kindOfId.get(id ?? '') ?? -1 })),
              )
            }
          },
        ),
        { numRuns: 40 },
      )
    })
  })
}

async function kindsOf(store: RecordStore, n = 0): Promise<readonly ReleaseClass[]> {
  const key = (await keyOf(store, numberOf(n))) ?? -1
  return ((await store.findReleaseClasses([key])).get(key) ?? []).map(({ releaseClass }) => releaseClass)
}

/** All documents of one of several patients that are read together, page by page. */
async function readDocuments(
  store: RecordStore,
  keys: readonly number[],
  { key, first, releaseClasses }: { readonly key: number; readonly first: number } & ReleaseFilter,
) {
  const read = []
  for (let after: TimelinePosition | null = null; ; ) {
    const page =
      (
        await store.readTimeline('documents', keys, {
          first,
          after,
          fromMs: null,
          toMs: null,
          filter: { ...everyLifecycle, releaseClasses: releaseClasses },
        })
      ).get(key) ?? []
    read.push(...page.slice(0, first))
    const last = page[first - 1]
    if (page.length <= first || !last) return read
    after = positionOf(last.item.position)
  }
}
