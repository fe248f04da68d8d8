import fc from 'fast-check'
import { buildSchema, GraphQLNonNull, Kind, parse } from 'graphql'
import { expect, test } from 'vitest'
import { parseReply } from '../../gateway/regions/parse-reply.ts'
import { ReplyItem, toPlainItem } from '../../gateway/regions/reply-item.ts'
import { createReplyReader } from '../../gateway/regions/reply-reader.ts'
import { createReplyValidator } from '../../gateway/regions/reply-validator.ts'
import { readRegionalSdl } from '../../schema/sdl.ts'
import { anyReply } from '../support/contracts/any-reply.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const [region] = loadTestRegions()
if (!region) throw new Error('Expected a region')
const schema = buildSchema(readRegionalSdl(region))
const query = `query ($n: [NHSNumber!]!) { gw_0: ${region.viewField}(nhsNumbers: $n) { sequence patients { askedNhsNumber sensitive decision { code rules } record {
  gw_s0: demographics { name { full given } birthDate gender }
  gw_s1: documents(first: 2) { answer hasMore window { from to } nodes { id title type { text codings { code } } author { name } lastUpdated version gw_t: title } }
  gw_s2: results(first: 2) { nodes { id orderedAt quantity { value unit } components { code { text } value } } }
  gw_s3: allergies { assertedNone nodes { id criticality } }
} } } }`
const [operation] = parse(query).definitions
const root = schema.getQueryType()
if (operation?.kind !== Kind.OPERATION_DEFINITION || !root) throw new Error('Expected one query')
const { selections } = operation.selectionSet
const read = createReplyReader(schema, query)
const check = createReplyValidator(root, selections)
const replies = anyReply(new GraphQLNonNull(root), selections)
const numRuns = Number(process.env.CASES ?? 300)

/** What a body comes to for whoever reads all of it: its data, or that it is refused. */
function outcomeOf(readData: () => unknown): unknown {
  try {
    return { data: toPlain(readData()) }
  } catch (error) {
    return { refused: error instanceof Error && ['RegionFault', 'ReplyShapeError'].includes(error.constructor.name) }
  }
}

/** A value with all that is left in a text read out of it. */
function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain)
  // JSON.stringify writes no -0.
  if (value === 0) return 0
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(toPlainItem(value)).map(([key, inner]) => [key, toPlain(inner)]))
}

test('a reply reads as what was written', () => {
  fc.assert(
    fc.property(replies, (data) => {
      expect(toPlain(read(Buffer.from(JSON.stringify({ data }))))).toEqual(toPlain(JSON.parse(JSON.stringify(data))))
    }),
    { numRuns },
  )
})

test('whatever the order of its keys, its white space and what is beside its data', () => {
  fc.assert(
    fc.property(replies, fc.constantFrom('', ' ', '\n\t'), (data, space) => {
      const written = JSON.stringify({ extensions: { more: 1 }, data: reversed(data) }, null, space)
      expect(outcomeOf(() => read(Buffer.from(written)))).toEqual({ data: toPlain(JSON.parse(JSON.stringify(data))) })
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  )
})

test('a reply that is damaged anywhere is taken as whoever parses all of it would take it', () => {
  let refused = 0
  fc.assert(
    fc.property(
      replies,
      fc.nat(),
      fc.constantFrom(
        '',
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        'n',
        '1',
        '-',
        '.',
        'e',
        ' ',
        '\n',
        '\u0001',
        '\u00e9',
        'null',
        '\\u12',
      ),
      fc.nat(3),
      (data, where, put, taken) => {
        const text = JSON.stringify({ data })
        const at = where % text.length
        const body = Buffer.from(text.slice(0, at) + put + text.slice(at + taken))
        const expected = outcomeOf(() => check(parseReply(body.toString())))
        expect(outcomeOf(() => read(body))).toEqual(expected)
        if (expected && 'refused' in (expected as object)) refused++
      },
    ),
    { numRuns: numRuns * 3 },
  )
  // Most damage must be found, or little was damaged.
  expect(refused).toBeGreaterThan(numRuns)
})

test('a number is printed as JSON has it, however it was written', () => {
  const body = JSON.stringify({ data: sample }).replace('"version":7', '"version":7.0')
  // biome-ignore lint/suspicious/noExplicitAny: the reply is as the query says
  const [item] = (read(Buffer.from(body)) as any).gw_0.patients[0].record.gw_s1.nodes
  expect(ReplyItem.sliceFields(item, 0, 6, true)).toContain('"version":7,')
})

const sample = {
  gw_0: {
    sequence: 1,
    patients: [
      {
        askedNhsNumber: '1',
        sensitive: false,
        decision: { code: 'PERMITTED', rules: [] },
        record: {
          gw_s0: null,
          gw_s1: {
            answer: 'RECORDED',
            hasMore: false,
            window: null,
            nodes: [
              {
                id: '1',
                title: 't',
                type: { text: '', codings: [] },
                author: null,
                lastUpdated: null,
                version: 7,
                gw_t: 't',
              },
            ],
          },
          gw_s2: { nodes: [] },
          gw_s3: { assertedNone: false, nodes: [] },
        },
      },
    ],
  },
}

/** The same value with the keys of its objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  )
}
