import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toItemId } from '../../schema/item-id.ts'
import { anyItem, type TwinItem, toPublished } from './support/twins/twin-items.ts'
import { anySectionQuery, type SectionQuery, timelines, toRecordText, toViewText } from './support/twins/twin-queries.ts'
import { startTwins, type TwinRecords } from './support/twins/twin-systems.ts'
import { selectAll } from './support-bypass/query-shapes.ts'

// CASES=10000 npx vitest run test/consent/places-alike.property.test.ts; with the SEED and the PATH_TO of a failure, that one again.
const all = Number(process.env.CASES ?? 10)
const again = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED), path: process.env.PATH_TO ?? '' }

/** No rule tells these trusts apart. */
const trust = fc.constantFrom('RBL', 'RBS', 'RJR', 'RWW')
/** What e-Xchange holds of a patient whom LPRES flags, and where: two patients who differ in places, and in nothing else. */
const cases = fc.record({
  items: fc.array(fc.record({ item: anyItem(), left: trust, right: trust }), { minLength: 2, maxLength: 8 }),
  homes: fc.tuple(trust, trust),
  queries: fc.array(anySectionQuery, { minLength: 2, maxLength: 4 }),
  viewer: fc.constantFrom({ role: 'R0050' }, { role: 'R1290' }, { role: 'R8010' }),
})

/** An answer whose ids and cursors, which cannot be read, stand as the numbers of their first appearance. */
function withNumberedIds(answer: string): string {
  const seen = new Map<string, number>()
  const numbered = (text: string) => {
    if (!seen.has(text)) seen.set(text, seen.size)
    return `${seen.get(text)} of ${text.length} characters`
  }
  return answer
    .replace(/"(id|cursor|startCursor|endCursor)":"([\w-]+)"/g, (_, field, text) => `"${field}":"${numbered(text)}"`)
    .replace(/"([\w-]{51})"/g, (_, id) => `"${numbered(id)}"`)
}

test('two patients whose location is protected, and who differ in places alone, have equal answers, whatever is asked', { timeout: 60_000 + all * 2_000 }, async () => {
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
    const view = (fields: string) => `{ patient(nhsNumber: "${nhsNumber}", access: { relationship: ATTENDING }) { ${fields} } }`
    const completeness = 'presence completeness { complete message regions { status message decision { code rules } } }'
    const answers = await ask(view(`${completeness} ${demographics} ${queries.map((query, index) => `q${index}: ${toViewText(query, null)}`).join(' ')}`))
    await ask(
      view(
        `records { nhsNumber localIdentifiers { system value } ... on CheshireMerseysideRecord { ${queries.map((query, index) => `r${index}: ${toRecordText(query, {})}`).join(' ')} } }`,
      ),
    )
    for (const query of queries.filter(({ section }) => timelines.includes(section))) await pageThrough(ask, view, query)

    // By the ids that are shown, and by those that would follow from a guess at the place.
    const document = `{ status message document { ${selectAll('Document', 'fields').fields} } }`
    const [left = [], right = []] = answers.map((answer) => [...new Set([...answer.matchAll(/"id":"([\w-]{51})"/g)].map(([, id]) => id))].slice(0, 3))
    for (const [index, id] of left.entries()) await ask(`{ document(id: "${id}") ${document} }`, `{ document(id: "${right[index]}") ${document} }`)
    const nobodys = await ask(`{ document(id: "AAAAAAAAAAAAAAAAAAAAAA") ${document} }`)
    const [documents] = sides.map((records) => records['cheshire-merseyside'].items.filter(({ section }) => section === 'documents'))
    for (const one of documents?.slice(0, 3) ?? []) {
      const { identifier, orderedAtMs } = toPublished(one, { nhsNumber, nowMs: twins.nowMs })
      if (identifier) expect(await ask(`{ document(id: "${toItemId({ kind: 'documents', ...identifier, orderedAtMs })}") ${document} }`)).toEqual(nobodys)
    }
  })
  await fc.assert(alike, { numRuns: all, ...again })
})

async function pageThrough(ask: (left: string, right?: string) => Promise<readonly [string, string]>, view: (fields: string) => string, query: SectionQuery): Promise<void> {
  let answers = await ask(view(`page: ${toViewText(query, null)}`))
  for (let pages = 0; pages < 4; pages++) {
    const [left, right] = answers.map((answer) => /"hasNextPage":true.*?"endCursor":"([^"]+)"/.exec(answer)?.[1])
    if (!left || !right) return
    answers = await ask(view(`page: ${toViewText(query, left)}`), view(`page: ${toViewText(query, right)}`))
  }
}
