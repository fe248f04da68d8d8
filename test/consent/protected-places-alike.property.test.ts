import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toItemId } from '../../schema/item-id.ts'
import { selectAll } from '../support/consent-bypass/query-shapes.ts'
import { anyItem, type TwinItem, toPublished } from '../support/twins/twin-items.ts'
import {
  anySectionQuery,
  type SectionQuery,
  timelines,
  toRecordText,
  toViewText,
} from '../support/twins/twin-queries.ts'
import { startTwins, type TwinRecords } from '../support/twins/twin-systems.ts'

// CASES=10000 npx vitest run test/consent/protected-places-alike.property.test.ts; with the SEED and the PATH_TO of a
// failure, that one again.
const all = Number(process.env.CASES ?? 6)
const again = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED), path: process.env.PATH_TO ?? '' }

/** No rule tells these trusts apart. */
const trust = fc.constantFrom('RBL', 'RBS', 'RJR', 'RWW')
/**
 * What e-Xchange holds of a patient whom LPRES flags, in the sections that are asked for, and where: two patients who
 * differ in places, and in nothing else.
 */
const cases = fc.array(anySectionQuery, { minLength: 2, maxLength: 4 }).chain((queries) => {
  const sections = [...queries.map(({ section }) => section), 'documents' as const, 'encounters' as const]
  const shown = anyItem({
    section: fc.constantFrom(...sections),
    daysAgo: fc.constantFrom(1, 1, 20, 400),
    lifecycle: fc.constantFrom('current', 'current', 'superseded'),
  })
  return fc.record({
    items: fc.array(fc.record({ item: shown, left: trust, right: trust }), { minLength: 4, maxLength: 10 }),
    homes: fc.tuple(trust, trust),
    queries: fc.constant([
      ...queries,
      { section: 'documents' as const, args: ['first: 20', 'filter: { status: [CURRENT, SUPERSEDED] }'] },
    ]),
    viewer: fc.constantFrom({ role: 'R0050' }, { role: 'R0050' }, { role: 'R8010' }),
  })
})

/** Without the code systems by which it is known what may be shown. */
const fewFields = `alerts { nodes { code { codings { display } } } } encounters { nodes { type { text } reason { codings { code } } } }
  documents { nodes { type { codings { display } } specialty { text } } } results { nodes { quantity { code } possibleDuplicates } } appointments { nodes { description } }`

/**
 * An answer whose ids and cursors, which cannot be read, stand as the numbers of their first appearance, whatever their
 * order in a list.
 */
function withNumberedIds(answer: string): string {
  const seen = new Map<string, number>()
  const numbered = (text: string) => {
    if (!seen.has(text)) seen.set(text, seen.size)
    return `"${seen.get(text)} of ${text.length} characters"`
  }
  return answer
    .replace(/"(id|cursor|startCursor|endCursor)":"([\w-]+)"/g, (_, field, text) => `"${field}":${numbered(text)}`)
    .replace(
      /"possibleDuplicates":\[([^\]]*)\]/g,
      (_, list) =>
        `"possibleDuplicates":[${list
          .split(',')
          .filter(Boolean)
          .map((id: string) => numbered(id.slice(1, -1)))
          .sort()}]`,
    )
}

test('two patients with protected locations who differ only in locations get equal answers to every query', {
  timeout: 120_000 + all * 3_000,
}, async () => {
  await using twins = await startTwins()
  const demographics = `demographics { ${selectAll('Demographics', 'fields').fields} }`
  const alike = fc.asyncProperty(cases, async ({ items, homes, queries, viewer }) => {
    const side = (which: 'left' | 'right', home: string): TwinRecords => ({
      'cheshire-merseyside': { items: items.map((one): TwinItem => ({ ...one.item, source: one[which] })), home },
      'lancashire-south-cumbria': { items: [], sensitive: true, home },
    })
    const sides = [side('left', homes[0]), side('right', homes[1])] as const
    const nhsNumber = await twins.publish(...sides)
    const ask = async (left: string, right = left): Promise<readonly [string, string]> => {
      const answers = await twins.ask([left, right], viewer)
      expect(withNumberedIds(answers[0]), left).toBe(withNumberedIds(answers[1]))
      expect(answers[0], left).not.toMatch(/place-/)
      return answers
    }
    const view = (fields: string) =>
      `{ patient(nhsNumber: "${nhsNumber}", access: { relationship: ATTENDING }) { ${fields} } }`
    const completeness = 'presence completeness { complete message regions { status message decision { code rules } } }'
    const answers = await ask(
      view(
        `${completeness} ${demographics} ${queries.map((query, index) => `q${index}: ${toViewText(query, null)}`).join(' ')}`,
      ),
    )
    await ask(
      view(
        `records { nhsNumber localIdentifiers { system value } ... on CheshireMerseysideRecord { ${queries.map((query, index) => `r${index}: ${toRecordText(query, {})}`).join(' ')} } }`,
      ),
    )
    await ask(view(fewFields))
    for (const query of queries.filter(({ section }) => timelines.includes(section)))
      await pageThrough(ask, view, query)

    // By the ids that are shown, and by those that would follow from a guess at the place.
    const document = `{ status message document { ${selectAll('Document', 'fields').fields} } }`
    const [left = [], right = []] = answers.map((answer) =>
      [...new Set([...answer.matchAll(/"id":"([\w-]{51})"/g)].map(([, id]) => id))].slice(0, 3),
    )
    for (const [index, id] of left.entries())
      await ask(`{ document(id: "${id}") ${document} }`, `{ document(id: "${right[index]}") ${document} }`)
    const nobodys = await ask(`{ document(id: "AAAAAAAAAAAAAAAAAAAAAA") ${document} }`)
    const [documents] = sides.map((records) =>
      records['cheshire-merseyside'].items.filter(({ section }) => section === 'documents'),
    )
    for (const one of documents?.slice(0, 3) ?? []) {
      const { identifier, orderedAtMs } = toPublished(one, { nhsNumber, nowMs: twins.nowMs })
      if (identifier)
        expect(
          await ask(`{ document(id: "${toItemId({ kind: 'documents', ...identifier, orderedAtMs })}") ${document} }`),
        ).toEqual(nobodys)
    }
  })
  await fc.assert(alike, { numRuns: all, endOnFailure: true, ...again })
})

async function pageThrough(
  ask: (left: string, right?: string) => Promise<readonly [string, string]>,
  view: (fields: string) => string,
  query: SectionQuery,
): Promise<void> {
  let answers = await ask(view(`page: ${toViewText(query, null)}`))
  for (let pages = 0; pages < 4; pages++) {
    const [left, right] = answers.map((answer) => /"hasNextPage":true.*?"endCursor":"([^"]+)"/.exec(answer)?.[1])
    if (!left || !right) return
    answers = await ask(view(`page: ${toViewText(query, left)}`), view(`page: ${toViewText(query, right)}`))
  }
}
