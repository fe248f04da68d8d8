import fc from 'fast-check'
import { getNamedType, isObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDocumentReader } from '../../gateway/server/document-reader.ts'
import { operationLimits } from '../../gateway/server/operation-limits.ts'
import { anyCostlyOperation, publicSchema } from '../support/limits/any-costly-operation.ts'
import { type DenseSystem, type RegionWork, startDenseSystem } from '../support/limits/dense-system.ts'

const numRuns = Number(process.env.CASES ?? 30)

let dense: DenseSystem
let documentIds: readonly string[]
beforeAll(async () => {
  dense = await startDenseSystem({ patients: 4 })
  const { answer } = await dense.measure(
    `{ patient(nhsNumber: "${dense.nhsNumbers[0]}") { documents(first: 4) { nodes { id } } } }`,
    {},
  )
  documentIds = answer.data.patient.documents.nodes.map(({ id }: { id: string }) => id)
})
afterAll(() => dense[Symbol.asyncDispose]())

const read = createDocumentReader({
  schema: publicSchema,
  introspection: 'off',
  limits: { ...operationLimits, maxFields: 1e9, maxAliases: 1e9, maxTokens: 1e9, maxCost: -1 },
})

function costOf(text: string, variables: Readonly<Record<string, unknown>>): number {
  const reading = read(text)
  if (reading.status === 'refused')
    throw new Error(`Expected a valid operation, found ${reading.faults.map(({ message }) => message).join()}: ${text}`)
  return Number(/found (\d+)/.exec(reading.checkCost(null, variables)?.message ?? '')?.[1])
}

/**
 * What an operation took of the region that did most, in values of a reply: an item is read for 25, a patient decided
 * for 500, and a value has some 35 bytes.
 */
function loadOf({ patients, items, bytes }: RegionWork): number {
  return 500 * patients + 25 * items + bytes / 35
}

test(
  `\`an operation's cost is between one and four times what it makes a region read, where pages are full (${numRuns} operations)\``,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCostlyOperation({ nhsNumbers: dense.nhsNumbers, documentIds }),
        async ({ text, variables }) => {
          const cost = costOf(text, variables)
          const { answer, work } = await dense.measure(text, variables)
          expect(answer.errors, text).toEqual([])
          const share = loadOf(work) / cost
          // A tenth for what is read beside the page: whether there is more, and the reply's own brackets.
          expect(share, `load ${loadOf(work)} (${JSON.stringify(work)}), cost ${cost}`).toBeLessThan(1.1)
          expect(share, `load ${loadOf(work)} (${JSON.stringify(work)}), cost ${cost}`).toBeGreaterThan(1.1 / 4)
        },
      ),
      { numRuns },
    )
  },
  60_000 + numRuns * 500,
)

const regionalFields = ['CheshireMerseysideRecord', 'LancashireSouthCumbriaRecord'].flatMap((name) => {
  const type = publicSchema.getType(name)
  return isObjectType(type)
    ? Object.values(type.getFields()).flatMap((field) =>
        isObjectType(getNamedType(field.type)) ? [[name, field] as const] : [],
      )
    : []
})

test.each(regionalFields.map(([type, field]) => [`${type}.${field.name}`, type, field] as const))(
  '%s costs what it makes a region read when the query selects none of its items',
  async (_, type, field) => {
    const args = field.args.some(({ name }) => name === 'first') ? '(first: 100)' : ''
    const operation = `{ patient(nhsNumber: "${dense.nhsNumbers[0]}", noCache: true) { records { ... on ${type} { ${field.name}${args} { __typename } } } } }`
    const { answer, work } = await dense.measure(operation, {})
    expect(answer.errors).toEqual([])
    // What the envelope of a reply has is the patient's.
    expect(500 * work.patients + 25 * work.items).toBeLessThan(1.1 * costOf(operation, {}))
  },
)

test.each([
  ['conflicts', 'nodes { id }', 'nodes { id conflicts { field } }'],
  ['conflicts by an edge', 'edges { node { id } }', 'edges { node { id conflicts { field } } }'],
  ['conflicts by a fragment on Item', 'nodes { id }', 'nodes { id ... on Item { conflicts { field } } }'],
  ['possible duplicates', 'nodes { id }', 'nodes { id possibleDuplicates }'],
  [
    "sources' organisations",
    'nodes { id sources { region } }',
    'nodes { id sources { region organisation { name } recordedAt } }',
  ],
])("an operation's cost counts what makes the regions send more: %s", async (_, without, with_) => {
  const operation = (selection: string) =>
    `{ patient(nhsNumber: "${dense.nhsNumbers[0]}", noCache: true) { results(first: 100) { ${selection} } } }`
  const [less, more] = [await dense.measure(operation(without), {}), await dense.measure(operation(with_), {})]
  const sent = (more.work.bytes - less.work.bytes) / 35
  const charged = costOf(operation(with_), {}) - costOf(operation(without), {})
  expect(sent).toBeGreaterThan(100)
  expect(charged / sent).toBeGreaterThan(0.5)
  expect(charged / sent).toBeLessThan(2)
})
