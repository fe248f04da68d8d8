import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createDocumentReader, type DocumentReader } from '../../gateway/server/document-reader.ts'
import { operationLimits } from '../../gateway/server/operation-limits.ts'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { publishedOperation } from '../support/published-operation.ts'

const schema = buildSchema(readFileSync(new URL('../../schema/composed.graphql', import.meta.url), 'utf8'))
const halved = Object.fromEntries(
  Object.entries(operationLimits).map(([name, most]) => [name, Math.floor(most / 2)]),
) as unknown as typeof operationLimits
const within = createDocumentReader({ schema, introspection: 'on' })
const wellWithin = createDocumentReader({ schema, introspection: 'on', limits: halved })

/** What a reader says of a text with these variables: nothing, where it is let in. */
function refusalOf(read: DocumentReader, text: string, variables = {}): readonly string[] {
  const reading = read(text)
  if (reading.status === 'refused') return reading.faults.map(({ message }) => message)
  return [reading.checkCost(null, variables)?.message ?? []].flat()
}

const fifty = Array.from({ length: 50 }, () => '9990000018')
/** An operation for one patient, as one for several. */
const forSeveral = (name: string) =>
  publishedOperation(name).replace(
    /query[^{]*\{\s*patient\([^)]*\)/,
    'query ($nhsNumbers: [NHSNumber!]!) { patients(nhsNumbers: $nhsNumbers)',
  )

describe('operations within the limits', () => {
  test.each(loadPublishedOperations().map(({ file, text }) => [file, text]))(
    'the limits admit %s twice over, with the longest list and the largest page',
    (_, text) => {
      expect(refusalOf(wellWithin, text, { nhsNumbers: fifty, first: 100 })).toEqual([])
    },
  )

  test("the limits admit fifty patients' summaries", () => {
    expect(refusalOf(within, forSeveral('patient-summary'), { nhsNumbers: fifty })).toEqual([])
  })

  test("the limits admit ten patients' full records, and not fifty", () => {
    expect(refusalOf(within, forSeveral('full-record'), { nhsNumbers: fifty.slice(0, 10) })).toEqual([])
    expect(refusalOf(within, forSeveral('full-record'), { nhsNumbers: fifty })).toEqual([
      expect.stringContaining('estimated cost'),
    ])
  })

  test("the limits admit introspection as graphql's own tools write it", () => {
    expect(
      refusalOf(
        within,
        getIntrospectionQuery({
          descriptions: true,
          specifiedByUrl: true,
          directiveIsRepeatable: true,
          schemaDescription: true,
          inputValueDeprecation: true,
        }),
      ),
    ).toEqual([])
  })
})

describe('the cost of an operation', () => {
  const found = (text: string, variables = {}) => {
    const reading = createDocumentReader({ schema, introspection: 'off', limits: { ...operationLimits, maxCost: -1 } })(
      text,
    )
    return reading.status === 'accepted'
      ? Number(/found (\d+)/.exec(reading.checkCost(null, variables)?.message ?? '')?.[1])
      : Number.NaN
  }
  const results = (first: string) => `patient(nhsNumber: "9990000018") { results${first} { nodes { id } } }`
  /**
   * A patient, a section, and for each item: reading it, the six values that a region sends, and half of each of the
   * two that are printed.
   */
  const page = (items: number) => 500 + 10 + 1 + items * (25 + 6 + 1)

  test.each([
    ['a root field that calls no region, and half of each value', '{ viewer { id name } }', {}, 50 + 1.5],
    ['a page by the default of first', `{ ${results('')} }`, {}, page(20)],
    ['a page by a number', `{ ${results('(first: 7)')} }`, {}, page(7)],
    ['a page by a variable', `query ($n: Int) { ${results('(first: $n)')} }`, { n: 7 }, page(7)],
    ['a page by a variable that is a float', `query ($n: Int) { ${results('(first: $n)')} }`, { n: 7.0 }, page(7)],
    ["a page by a variable's default", `query ($n: Int = 9) { ${results('(first: $n)')} }`, {}, page(9)],
    [
      'a page by the default of first for a variable that is not given',
      `query ($n: Int) { ${results('(first: $n)')} }`,
      {},
      page(20),
    ],
    ['a page by the default of first for null', `query ($n: Int) { ${results('(first: $n)')} }`, { n: null }, page(20)],
    [
      'a page of at most a hundred, and a larger one is refused by name',
      `query ($n: Int) { ${results('(first: $n)')} }`,
      { n: 1_000_000_000 },
      page(100),
    ],
    ['a page below zero as an empty page', `query ($n: Int) { ${results('(first: $n)')} }`, { n: -1_000_000 }, page(0)],
    [
      'a page after a cursor twice, because a region may be called for its items again',
      `{ ${results('(first: 7, after: "c")')} }`,
      {},
      page(7) + 7 * (25 + 6),
    ],
    ['a page after null once', `query ($c: String) { ${results('(first: 7, after: $c)')} }`, { c: null }, page(7)],
    ['a section without pages', '{ patient(nhsNumber: "9990000018") { allergies { nodes { id } } } }', {}, page(10)],
    ['each patient of a list', '{ patients(nhsNumbers: ["9990000018", "9990000026"]) { presence } }', {}, 2 * 501],
    [
      'each patient of a variable',
      'query ($n: [NHSNumber!]!) { patients(nhsNumbers: $n) { presence } }',
      { n: fifty },
      50 * 501,
    ],
    [
      'each patient of a list of variables',
      'query ($n: NHSNumber!) { patients(nhsNumbers: [$n, $n, $n]) { presence } }',
      { n: fifty[0] },
      3 * 501,
    ],
    [
      "each patient of a variable's default",
      'query ($n: [NHSNumber!]! = ["9990000018", "9990000026"]) { patients(nhsNumbers: $n) { presence } }',
      {},
      2 * 501,
    ],
    ['each root, whatever its alias', `{ a: ${results('')} b: ${results('')} }`, {}, 2 * page(20)],
    ['one field once that is selected in two places', `{ ${results('')} ${results('')} }`, {}, page(20) + 1 + 20],
    [
      'a section once whatever its aliases, and what is printed of it twice',
      '{ patient(nhsNumber: "9990000018") { results { nodes { id } } a: results(first: 20) { nodes { id } } } }',
      {},
      page(20) + 0.5 + 20,
    ],
    [
      'a section twice with other arguments',
      '{ patient(nhsNumber: "9990000018") { results { nodes { id } } a: results(first: 7) { nodes { id } } } }',
      {},
      page(20) + page(7) - 500.5,
    ],
    [
      'a fragment as often as it is spread',
      '{ a: viewer { ...F } b: viewer { ...F } } fragment F on Viewer { id name }',
      {},
      2 * 51.5,
    ],
    [
      'a document: its owner, and its patient, with one item',
      '{ document(id: "a") { status } }',
      {},
      2 * 500 + 25 + 43 + 1,
    ],
    [
      "each region's record by its own selection",
      '{ patient(nhsNumber: "9990000018") { records { ... on CheshireMerseysideRecord { results { nodes { id } } } ... on LancashireSouthCumbriaRecord { alerts { nodes { id } } } } } }',
      {},
      500 + 10 + 20 * 26 + 0.5 * (1 + 1 + 1 + 40 + 1 + 20),
    ],
    [
      'a page of the audit trail',
      '{ accesses(nhsNumber: "9990000018", first: 30) { nodes { at } } }',
      {},
      50 + 30 * 25 + 0.5 * (1 + 60),
    ],
    ['nothing for what is skipped', '{ viewer { id name @skip(if: true) } }', {}, 51],
    [
      'nothing for what a variable leaves out',
      'query ($v: Boolean = false) { viewer { id ... @include(if: $v) { name } } }',
      {},
      51,
    ],
    [
      'what a variable includes',
      'query ($v: Boolean = false) { viewer { id ... @include(if: $v) { name } } }',
      { v: true },
      51.5,
    ],
    [
      'what a non-Boolean variable includes, because it fails only when it is reached',
      'query ($v: Boolean = false) { viewer { id ... @include(if: $v) { name } } }',
      { v: null },
      51.5,
    ],
  ])('the cost counts %s', (_, text, variables, cost) => {
    expect(found(text, variables)).toBe(Math.ceil(cost))
  })

  test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'n'])(
    'the cost counts a variable named $%s as given, not as a property that every object has',
    (name) => {
      const given = (value: unknown) => JSON.parse(`{ "${name}": ${JSON.stringify(value)} }`)
      const list = `query ($${name}: [NHSNumber!]! = ${JSON.stringify(fifty)}) { patients(nhsNumbers: $${name}) { presence } }`
      expect([found(list), found(list, given(fifty.slice(0, 3))), found(list, given(fifty[0]))]).toEqual([
        50 * 501,
        3 * 501,
        501,
      ])
      const first = `query ($${name}: Int = 100) { ${results(`(first: $${name})`)} }`
      expect([found(first), found(first, given(7))]).toEqual([page(100), page(7)])
      const included = `query ($${name}: Boolean! = true) { viewer { id name @include(if: $${name}) } }`
      expect([found(included), found(included, given(false))]).toEqual([52, 51])
    },
  )

  test('the cost does not depend on earlier operations', () => {
    const reading = createDocumentReader({ schema, introspection: 'off', limits: { ...operationLimits, maxCost: -1 } })(
      'query ($v: Boolean!) { viewer { id name @include(if: $v) } }',
    )
    if (reading.status === 'refused') throw new Error('Expected a valid document')
    const costs = [false, true, false].map((v) => reading.checkCost(null, { v })?.message)
    expect(costs).toEqual([51, 52, 51].map((cost) => expect.stringContaining(`found ${cost}.`)))
  })
})
