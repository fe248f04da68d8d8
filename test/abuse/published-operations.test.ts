import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createDocumentReader, type DocumentReader } from '../../gateway/limits/document-reader.ts'
import { operationLimits } from '../../gateway/limits/operation-limits.ts'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { publishedOperation } from '../support/published-operation.ts'

const schema = buildSchema(readFileSync(new URL('../../schema/composed.graphql', import.meta.url), 'utf8'))
const halved = Object.fromEntries(Object.entries(operationLimits).map(([name, most]) => [name, Math.floor(most / 2)])) as unknown as typeof operationLimits
const within = createDocumentReader({ schema, introspection: 'on' })
const wellWithin = createDocumentReader({ schema, introspection: 'on', limits: halved })

/** What a reader says of a text with these variables: nothing, where it is let in. */
function refusalOf(read: DocumentReader, text: string, variables = {}): readonly string[] {
  const reading = read(text)
  if (reading.status === 'refused') return reading.faults.map(({ message }) => message)
  return [reading.findExcess(null, variables)?.message ?? []].flat()
}

const fifty = Array.from({ length: 50 }, () => '9990000018')
/** An operation for one patient, as one for several. */
const forSeveral = (name: string) => publishedOperation(name).replace(/query[^{]*\{\s*patient\([^)]*\)/, 'query ($nhsNumbers: [NHSNumber!]!) { patients(nhsNumbers: $nhsNumbers)')

describe('the limits let in', () => {
  test.each(loadPublishedOperations().map(({ file, text }) => [file, text]))('%s, twice over, with the longest list and the largest page', (_, text) => {
    expect(refusalOf(wellWithin, text, { nhsNumbers: fifty, first: 100 })).toEqual([])
  })

  test("fifty patients' summaries", () => {
    expect(refusalOf(within, forSeveral('patient-summary'), { nhsNumbers: fifty })).toEqual([])
  })

  test("ten patients' full records, and not fifty", () => {
    expect(refusalOf(within, forSeveral('full-record'), { nhsNumbers: fifty.slice(0, 10) })).toEqual([])
    expect(refusalOf(within, forSeveral('full-record'), { nhsNumbers: fifty })).toEqual([expect.stringContaining('estimated cost')])
  })

  test("introspection as graphql's own tools ask for it", () => {
    expect(
      refusalOf(within, getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true })),
    ).toEqual([])
  })
})

describe('the cost of an operation', () => {
  const found = (text: string, variables = {}) => {
    const reading = createDocumentReader({ schema, introspection: 'off', limits: { ...operationLimits, maxCost: -1 } })(text)
    return reading.status === 'accepted' ? Number(/found (\d+)/.exec(reading.findExcess(null, variables)?.message ?? '')?.[1]) : Number.NaN
  }
  const results = (first: string) => `patient(nhsNumber: "9990000018") { results${first} { nodes { id } } }`

  test.each([
    ['a value of a root field and what is selected', '{ viewer { id name } }', {}, 50 + 2],
    ['a page by the default of first', `{ ${results('')} }`, {}, 50 + 1 + 20 * 2],
    ['a page by a number', `{ ${results('(first: 7)')} }`, {}, 50 + 1 + 7 * 2],
    ['a page by a variable', `query ($n: Int) { ${results('(first: $n)')} }`, { n: 7 }, 50 + 1 + 7 * 2],
    ["a page by a variable's default", `query ($n: Int = 9) { ${results('(first: $n)')} }`, {}, 50 + 1 + 9 * 2],
    ['a page of at most a hundred: more is refused by name', `query ($n: Int) { ${results('(first: $n)')} }`, { n: 1_000_000_000 }, 50 + 1 + 100 * 2],
    ['no less for a page below none', `query ($n: Int) { ${results('(first: $n)')} }`, { n: -1_000_000 }, 50 + 1],
    ['a section without pages', '{ patient(nhsNumber: "9990000018") { allergies { nodes { id } } } }', {}, 50 + 1 + 10 * 2],
    ['each patient of a list', '{ patients(nhsNumbers: ["9990000018", "9990000026"]) { presence } }', {}, 2 * 51],
    ['each patient of a variable', 'query ($n: [NHSNumber!]!) { patients(nhsNumbers: $n) { presence } }', { n: fifty }, 50 * 51],
    ['each alias', `{ a: ${results('')} b: ${results('')} }`, {}, 2 * (50 + 1 + 20 * 2)],
    ['a fragment as often as it is spread', `{ a: viewer { ...F } b: viewer { ...F } } fragment F on Viewer { id name }`, {}, 2 * 52],
    ['what is skipped', '{ viewer { id name @skip(if: true) } }', {}, 50 + 2],
  ])('counts %s', (_, text, variables, cost) => {
    expect(found(text, variables)).toBe(cost)
  })
})
