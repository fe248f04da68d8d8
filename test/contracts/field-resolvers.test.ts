import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { createExecutor } from '../../gateway/operation/execute-operation.ts'
import type { FieldResolver } from '../../gateway/request/resolvers.ts'

const schema = buildSchema('type Query { patient: Patient! } type Patient { name: String }')

/** What a plan makes of `{ patient { name } }` for a viewer, where `name` is resolved so. */
function printName(name: FieldResolver) {
  const executor = createExecutor(schema, {
    scalars: {},
    Query: { patient: () => ({ name: 'Ann' }) },
    fields: { Patient: { name } },
  })
  return executor.print({ document: parse('{ patient { name } }'), contextValue: { viewer: 'nurse' } })
}

test('a field declared uncacheable keeps the printed response out of the cache, however its function lists its parameters', async () => {
  // A function's `length` counts neither of these parameters.
  const resolve = (...[, , { viewer }]: [unknown, unknown, { viewer: string }]) => viewer
  expect(resolve.length).toBe(0)
  expect(await printName({ cacheable: false, async: false, resolve })).toEqual({
    data: '{"patient":{"name":"nurse"}}',
    roots: 1,
    dependsOnRequest: true,
  })
})

test('a field declared cacheable is not given the request', async () => {
  let given: readonly unknown[] = []
  const resolve = (...values: readonly unknown[]) => {
    given = values
    return 'Ann'
  }
  expect(await printName({ cacheable: true, async: false, resolve })).toMatchObject({ dependsOnRequest: false })
  expect(given).toEqual([{ name: 'Ann' }, {}, { fieldNodes: [expect.objectContaining({ kind: 'Field' })] }])
})

test('a field declared asynchronous is left to graphql-js', () => {
  expect(printName({ cacheable: false, async: true, resolve: async () => 'Ann' })).toBeNull()
})

test('a promise for a field declared synchronous does not compile', () => {
  // @ts-expect-error: the type checker is the test.
  const wrong: FieldResolver = { cacheable: true, async: false, resolve: async () => ({ name: 'Ann' }) }
  expect(wrong.async).toBe(false)
})
