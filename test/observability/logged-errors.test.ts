import { createSchema, createYoga } from 'graphql-yoga'
import { expect, test } from 'vitest'
import { createServiceLog } from '../../schema/service/service-log.ts'
import { useSafeErrors } from '../../schema/service/use-safe-errors.ts'

/** The lines that are logged of an error. */
function linesOf(work: (log: ReturnType<typeof createServiceLog>) => void): readonly string[] {
  const lines: string[] = []
  work(createServiceLog({ write: (line) => lines.push(line) }))
  return lines
}

/** All that is logged while a text that is no JSON is read, in a field that was asked for under an alias. */
async function logOf(alias: string, stored: string): Promise<string> {
  const lines: string[] = []
  const yoga = createYoga({
    schema: createSchema({
      typeDefs: 'type Query { record: String }',
      resolvers: { Query: { record: () => JSON.parse(stored) } },
    }),
    plugins: [useSafeErrors(createServiceLog({ write: (line) => lines.push(line) }))],
    maskedErrors: false,
    logging: false,
  })
  await yoga.fetch('http://store/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ ${alias}: record }` }),
  })
  return lines.join('')
}

test('the log names a failed field by its schema name and location, with neither its alias nor the text that it read', async () => {
  const logged = await logOf('patient_9990000018', 'Quillfeatherstone')
  expect(JSON.parse(logged)).toEqual({
    level: 'error',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    msg: 'A field failed: record',
    error: {
      type: 'SyntaxError',
      message: 'expected a text that parses, found another',
      stack: expect.stringMatching(/^at .*logged-errors\.test\.ts/s),
    },
  })
  expect(logged).not.toMatch(/999000|Quill/)
})

test("the log holds an error's type, code, message and causes, on one line, and nothing else of it", () => {
  const parsing = new SyntaxError('Unexpected token in Quillfeatherstone')
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', body: 'Quillfeatherstone' })
  const error = Object.assign(
    new Error('both\nfailed', { cause: new AggregateError([refused, parsing], 'all failed') }),
    { variables: { n: '9990000018' } },
  )
  const [line = '', ...others] = linesOf((log) => log('A region failed', error))
  expect(others).toEqual([])
  expect(line.trimEnd()).not.toContain('\n')
  expect(line).not.toMatch(/999000|Quill/)
  expect(JSON.parse(line)).toMatchObject({
    msg: 'A region failed',
    error: {
      type: 'Error',
      message: 'both\nfailed',
      cause: {
        message: 'all failed',
        errors: [
          { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
          { message: 'expected a text that parses, found another' },
        ],
      },
    },
  })
})

test('an error that is its own cause is logged as well', () => {
  const error = new Error('round')
  error.cause = error
  expect(linesOf((log) => log('A circle', error))).toHaveLength(1)
})
