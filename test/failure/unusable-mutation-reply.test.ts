import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { createRegionClient } from '../../gateway/regions/region-client.ts'
import { runRegionOperation } from '../../gateway/regions/region-operation.ts'
import { createRequestDeadline } from '../../gateway/regions/request-deadline.ts'
import { readRegionalSdl } from '../../schema/sdl.ts'
import { type StubReply, startStubRegion } from '../support/http/stub-region.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const decision = { done: true, code: 'PERMITTED', rules: [], says: 'Yes.', policyVersion: '1', alert: false }
const broken = {
  decision,
  grant: 'cheshire-merseyside.1',
  until: '2026-11-22T12:00:00.000Z',
  breakGlass: [{ barrier: 'PERMISSION', reasons: ['EMERGENCY'] }],
}
const reply = (changes: object) => JSON.stringify({ data: { breakGlass: { ...broken, ...changes } } })

/** What comes of breaking the glass with a region that answers so, and how often it was asked. */
async function breakGlassWith(answer: ReturnType<StubReply>) {
  await using server = await startStubRegion(() => answer)
  const [first] = loadTestRegions()
  if (!first) throw new Error('Expected a region')
  const region = { ...first, url: server.url }
  const client = createRegionClient({ region, schema: buildSchema(readRegionalSdl(region)) })
  const args = {
    nhsNumber: '9990000018',
    barrier: 'PERMISSION',
    reason: 'EMERGENCY',
    justification: 'Unconscious in resus',
  } as const
  const outcome = await runRegionOperation(
    client,
    'breakGlass',
    args,
    { viewer: 'viewer', token: 'token', assertion: 'assertion' },
    { deadline: createRequestDeadline({ deadlineMs: 3000 }) },
  )
  await client.close()
  return { outcome, asked: server.paths.length }
}

test('a reply of the agreed shape is the region’s answer', async () => {
  const { outcome, asked } = await breakGlassWith({ body: reply({}) })
  expect(outcome).toMatchObject({ status: 'REPLIED', reply: broken })
  expect(asked).toBe(1)
})

test.each([
  ['an error beside data', { body: JSON.stringify({ data: { breakGlass: broken }, errors: [{ message: 'secret' }] }) }],
  ['HTTP 500', { status: 500, body: reply({}) }],
  ['HTML', { body: '<html>' }],
  ['a missing decision', { body: reply({ decision: null }) }],
  ['a text for a boolean', { body: reply({ decision: { ...decision, done: 'true' } }) }],
  ['a barrier that the SDL does not list', { body: reply({ breakGlass: [{ barrier: 'SECRET', reasons: [] }] }) }],
])(
  'a change whose reply is unusable is FAILED, is sent once only, and its reason quotes nothing: %s',
  async (_, answer) => {
    const { outcome, asked } = await breakGlassWith(answer)
    expect(outcome.status).toBe('FAILED')
    expect(JSON.stringify(outcome)).not.toMatch(/secret/i)
    expect(asked).toBe(1)
  },
)
