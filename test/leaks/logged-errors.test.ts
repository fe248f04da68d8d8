import { createSchema, createYoga } from 'graphql-yoga'
import { expect, test, vi } from 'vitest'
import { logToConsole } from '../../schema/http/service-log.ts'
import { useSafeErrors } from '../../schema/http/use-safe-errors.ts'

/** All that is logged on standard error while a text that is no JSON is read, in a field that was asked for under an alias. */
async function logOf(alias: string, stored: string): Promise<string> {
  const written = vi.spyOn(console, 'error').mockImplementation(() => {})
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { record: String }', resolvers: { Query: { record: () => JSON.parse(stored) } } }),
    plugins: [useSafeErrors(logToConsole)],
    maskedErrors: false,
    logging: false,
  })
  await yoga.fetch('http://store/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: `{ ${alias}: record }` }) })
  const logged = written.mock.calls.flat().join(' ')
  written.mockRestore()
  return logged
}

test('a field that fails is logged by its name in the schema and where it failed, with neither the alias it was asked by nor the text it read', async () => {
  const logged = await logOf('patient_9990000018', 'Quillfeatherstone')
  expect(logged).toMatch(/^A field failed: record SyntaxError: expected a text that parses, found another\n\s+at /)
  expect(logged).toContain('logged-errors.test.ts')
  expect(logged).not.toMatch(/999000|Quill/)
})
