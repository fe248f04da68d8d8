import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toItemId } from '../../schema/item-id.ts'
import { numberOf } from '../support/store/publications.ts'
import { createTestService, type TestService } from '../support/store/test-service.ts'
import type { Slug } from '../support/system.ts'
import { toComparableText } from '../support/twins/comparable-response.ts'
import { anyItem, sectionNames, type TwinItem, toPublished } from '../support/twins/twin-items.ts'
import {
  anySectionQuery,
  type SectionQuery,
  timelines,
  toRecordText,
  toViewText,
} from '../support/twins/twin-queries.ts'
import { optedOut, slugs, startTwins, type TwinRecords, toPublication } from '../support/twins/twin-systems.ts'

// CASES=10000 npx vitest run test/consent/withheld-alike.property.test.ts; with the SEED and the PATH_TO of a failure,
// that one again.
const all = Number(process.env.CASES ?? 30)
const again = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED), path: process.env.PATH_TO ?? '' }

/** One region's records of two patients, who differ in what is withheld from the viewer, and in nothing else. */
interface Pair {
  readonly shown: readonly TwinItem[]
  readonly left: readonly TwinItem[]
  readonly right: readonly TwinItem[]
}

/** Withheld from every viewer below by a rule that may be told. */
const toldly = (section: TwinItem['section']) => {
  const served = fc.constantFrom<TwinItem['lifecycle'][]>(
    ...(section === 'documents' ? (['current', 'superseded'] as const) : (['current'] as const)),
  )
  const of = (changes: Parameters<typeof anyItem>[0]) => anyItem({ section: fc.constant(section), ...changes })
  const labelled = { labels: fc.constantFrom(['V'], ['R', 'V']) }
  const optedOutOf = { source: fc.constant(optedOut) }
  return fc.oneof(of({ ...labelled, lifecycle: served }), of({ ...optedOutOf, lifecycle: served }))
}
/** Withheld without a word. */
const silently = fc.oneof(
  anyItem({ labels: fc.constantFrom(['SEALED'], ['STD'], ['HIV'], ['V', 'SEALED']) }),
  // Gender dysphoria, assisted fertilisation, termination of pregnancy, gonorrhoea.
  anyItem({ section: fc.constant('documents'), labels: fc.constant(['SEALED']) }),
  anyItem({
    section: fc.constantFrom('problems', 'procedures', 'results', 'documents'),
    excludedCode: fc.constantFrom('93461009', '63487001', '386639001', '15628003'),
  }),
)
/** What no longer counts: retracted, whoever may see it. */
const retracted = anyItem({ lifecycle: fc.constant('retracted'), labels: fc.constantFrom(['V'], ['SEALED']) })

const oneSide = (withheldSections: readonly TwinItem['section'][]) =>
  fc
    .tuple(
      fc.tuple(...withheldSections.map((section) => fc.array(toldly(section), { minLength: 1, maxLength: 2 }))),
      fc.array(silently, { maxLength: 3 }),
      fc.array(retracted, { maxLength: 1 }),
    )
    .map(([told, silent, gone]) => [...told.flat(), ...silent, ...gone])

/** Something is withheld, and may be told, in some of the sections that are asked for, and in at most one other. */
const pairFor = (queries: readonly SectionQuery[]): fc.Arbitrary<Pair> => {
  const asked = [...new Set(queries.map(({ section }) => section))]
  const withheldSections = fc.tuple(
    fc.subarray(asked, { minLength: Math.ceil(asked.length / 2) }),
    fc.subarray([...sectionNames], { maxLength: 1 }),
  )
  const anyShown = fc
    .tuple(
      fc.array(anyItem(), { maxLength: 8 }),
      fc.array(anyItem({ section: fc.constant('documents') }), { maxLength: 3 }),
    )
    .map((items) => items.flat())
  return fc.tuple(anyShown, withheldSections).chain(([shown, [some, other]]) => {
    const sections = [...new Set([...some, ...other])]
    return fc.tuple(oneSide(sections), oneSide(sections)).chain(([left, right]) =>
      // A shown document says on both sides alike what it replaces, a withheld document of one side among it.
      fc
        .tuple(replacing(shown, [...shown, ...left, ...right]), replacing(left, shown), replacing(right, shown))
        .map(([both, ...sides]) => {
          const [onLeft, onRight] = sides
          return { shown: both, left: [...both, ...onLeft], right: [...both, ...onRight] }
        }),
    )
  })
}

/** The items, of which some documents replace some of those others. */
const replacing = (items: readonly TwinItem[], others: readonly TwinItem[]): fc.Arbitrary<readonly TwinItem[]> => {
  const documents = others.filter(({ section }) => section === 'documents')
  const replaced = fc.subarray([...documents], { maxLength: Math.min(documents.length, 2) })
  return fc.tuple(
    ...items.map((one) =>
      one.section === 'documents' ? replaced.map((replaces) => ({ ...one, replaces })) : fc.constant(one),
    ),
  )
}

/** Both regions' pairs: LPRES shows some of e-Xchange's items too, and seals others on one side alone. */
const pairsFor = (queries: readonly SectionQuery[]): fc.Arbitrary<Readonly<Record<Slug, Pair>>> =>
  fc
    .tuple(pairFor(queries), pairFor(queries), fc.infiniteStream(fc.constantFrom('shared', 'sealed', 'apart')))
    .map(([exchange, lpres, fates]) => {
      const copies = exchange.shown.map((one) => ({ one, fate: fates.next().value }))
      const shared = copies.flatMap(({ one, fate }) => (fate === 'shared' ? [one] : []))
      const sealed = copies.flatMap(({ one, fate }) => (fate === 'sealed' ? [{ ...one, labels: ['SEALED'] }] : []))
      return {
        'cheshire-merseyside': exchange,
        'lancashire-south-cumbria': {
          shown: [...lpres.shown, ...shared],
          left: [...lpres.left, ...shared, ...sealed],
          right: [...lpres.right, ...shared],
        },
      }
    })

const anyQueries = fc.array(anySectionQuery, { minLength: 3, maxLength: 6 })
const anyViewer = fc.constantFrom({ role: 'R0050' }, { role: 'R8000' }, { role: 'R1290' }, { role: 'R8010' })

/** The public ids that items of a section have or would have; an id of the left is none of the right. */
const idsOf = (section: string, nhsNumber: string, nowMs: number, items: readonly TwinItem[]) =>
  items.flatMap((one) => {
    if (one.section !== section) return []
    const { identifier, orderedAtMs } = toPublished(one, { nhsNumber, nowMs })
    return identifier ? [toItemId({ kind: section, ...identifier, orderedAtMs })] : []
  })

test('two patients who differ only in withheld items get equal answers to every query from the gateway', {
  timeout: 60_000 + all * 1_000,
}, async () => {
  await using twins = await startTwins()
  const cases = anyQueries.chain((queries) =>
    fc.record({ queries: fc.constant(queries), records: pairsFor(queries), viewer: anyViewer }),
  )
  const alike = fc.asyncProperty(cases, async ({ queries, records, viewer }) => {
    const side = (which: keyof Pair): TwinRecords => ({
      'cheshire-merseyside': { items: records['cheshire-merseyside'][which] },
      'lancashire-south-cumbria': { items: records['lancashire-south-cumbria'][which] },
    })
    const nhsNumber = await twins.publish(side('left'), side('right'))
    const ask = async (text: string): Promise<string> => {
      const [left, right] = await twins.ask([text, text], viewer)
      expect(left, text).toBe(right)
      return left
    }
    const demographics =
      'demographics { locationProtected gpPractice { odsCode } sources { organisation { odsCode } } conflicts { field } }'
    const head = `presence completeness { complete message regions { status message fromCache asOf decision { code rules grant breakGlass { barrier reasons } } } } ${demographics}`
    const whole = queries.map((query, index) => `q${index}: ${toViewText(query, null)}`).join(' ')
    await ask(`{ patient(nhsNumber: "${nhsNumber}", access: { relationship: ATTENDING }) { ${head} ${whole} } }`)
    if (queries.length > 3)
      await ask(
        `{ patient(nhsNumber: "${nhsNumber}") { records { __typename localIdentifiers { value } ${recordsText(queries)} } } }`,
      )
    for (const query of queries.filter(({ section }) => timelines.includes(section)))
      await pageThrough(ask, nhsNumber, query)
    const ids = slugs.flatMap((slug) =>
      idsOf('documents', nhsNumber, twins.nowMs, [...records[slug].left, ...records[slug].right]),
    )
    if (ids.length > 0)
      await ask(
        `{ ${ids.map((id, index) => `d${index}: document(id: "${id}") { status message document { id } }`).join(' ')} }`,
      )
  })
  await fc.assert(alike, { numRuns: Math.ceil(all / 4), ...again })
})

function recordsText(queries: readonly SectionQuery[]): string {
  return ['CheshireMerseyside', 'LancashireSouthCumbria']
    .map(
      (prefix) =>
        `... on ${prefix}Record { ${queries.map((query, index) => `${prefix}${index}: ${toRecordText(query, { prefix })}`).join(' ')} }`,
    )
    .join(' ')
}

async function pageThrough(
  ask: (text: string) => Promise<string>,
  nhsNumber: string,
  query: SectionQuery,
): Promise<void> {
  for (let after: string | null = null, pages = 0; pages < 4; pages++) {
    const answer = await ask(`{ patient(nhsNumber: "${nhsNumber}") { page: ${toViewText(query, after)} } }`)
    const next: RegExpExecArray | null = /"hasNextPage":true.*?"endCursor":"([^"]+)"/.exec(answer)
    if (!next?.[1]) return
    after = next[1]
  }
}

const viewFields = { 'cheshire-merseyside': 'exchangeView', 'lancashire-south-cumbria': 'personRecords' } as const
const documentsFields = {
  'cheshire-merseyside': 'exchangeDocuments',
  'lancashire-south-cumbria': 'personDocuments',
} as const

/** What a store tells the gateway of a patient, without what is for its audit trail alone: itemRules and alert. */
const envelope = `askedNhsNumber nhsNumber birthDate sensitive demographicsWithheld
  decision { code rules policyVersion breakGlass { barrier reasons } grants permission standsForMs cacheable }
  retractions { identity id identifier { system value } organisation { odsCode } at }`

let stores: Readonly<Record<Slug, readonly [TestService, TestService]>>
const storeNowMs = Date.now()
beforeAll(async () => {
  const pairOf = async (region: Slug) =>
    [
      await createTestService({ region, now: () => storeNowMs }),
      await createTestService({ region, now: () => storeNowMs }),
    ] as const
  stores = {
    'cheshire-merseyside': await pairOf('cheshire-merseyside'),
    'lancashire-south-cumbria': await pairOf('lancashire-south-cumbria'),
  }
})
afterAll(async () => {
  for (const service of Object.values(stores).flat()) await service[Symbol.asyncDispose]()
})

test.each(slugs)(
  'two patients who differ only in withheld items get equal answers to every query from the store of %s',
  { timeout: 60_000 + all * 1_000 },
  async (slug) => {
    const services = stores[slug]
    let patients = 0
    const idCounts = fc.array(fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 }), { minLength: 6 })
    const cases = anyQueries.chain((queries) =>
      fc.record({ queries: fc.constant(queries), records: pairFor(queries), idCounts, viewer: anyViewer }),
    )
    const alike = fc.asyncProperty(cases, async ({ queries, records, idCounts: counts, viewer }) => {
      const n = ++patients
      const nhsNumber = numberOf(n)
      await services[0].publish(toPublication(n, { items: records.left }, storeNowMs))
      await services[1].publish(toPublication(n, { items: records.right }, storeNowMs))
      const fetchBoth = async (path: string, init: RequestInit = {}): Promise<string> => {
        const [left, right] = await Promise.all(
          services.map(async ({ service, headers }) =>
            toComparableText(
              await service.fetch(
                new Request(`http://store${path}`, {
                  ...init,
                  headers: { 'content-type': 'application/json', ...(await headers(viewer)) },
                }),
              ),
            ),
          ),
        )
        expect(left, `${path} ${init.body}`).toBe(right)
        return left ?? ''
      }
      const ask = (query: string) => fetchBoth('/graphql', { method: 'POST', body: JSON.stringify({ query }) })
      const view = (fields: string) =>
        ask(
          `{ ${viewFields[slug]}(nhsNumbers: ["${nhsNumber}"]) { patients { ${envelope} record { localIdentifiers { value } ${fields} } } } }`,
        )
      const items = [...records.left, ...records.right]
      const texts = queries.map((query, index) => {
        const count = counts[index] ?? null
        const ids =
          count === null || !timelines.includes(query.section)
            ? null
            : idsOf(query.section, nhsNumber, storeNowMs, items).slice(-count)
        return { query, ids, text: toRecordText(query, { ids }) }
      })
      await view(texts.map(({ text }, index) => `q${index}: ${text}`).join(' '))
      for (const { query, ids } of texts.filter(({ query: { section } }) => timelines.includes(section))) {
        for (let after: string | null = null, pages = 0; pages < 4; pages++) {
          const answer = await view(`page: ${toRecordText(query, { ids, after })}`)
          const positions: readonly RegExpExecArray[] = [...answer.matchAll(/"position":"([^"]+)"/g)]
          after = positions.at(-1)?.[1] ?? null
          if (after === null || !answer.includes('"hasMore":true')) break
        }
      }
      const documents = [...new Set(idsOf('documents', nhsNumber, storeNowMs, items))]
      await ask(`{ ${documentsFields[slug]}(ids: ${JSON.stringify(documents)}) { id nhsNumber } }`)
      for (const id of documents.slice(0, 4)) await fetchBoth(`/content/${id}`)
    })
    await fc.assert(alike, { numRuns: Math.ceil((all * 3) / 8), ...again })
  },
)
