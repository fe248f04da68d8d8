import { expect, test } from 'vitest'
import { readOutcomeEvents } from '../support/audit/read-events.ts'
import {
  breakGlassInput,
  consultant,
  guardian,
  patient,
  readDecision,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { publishedOperation } from '../support/published-operation.ts'
import { startSystem } from '../support/system.ts'

const unknown = 'e-Xchange did not answer: this may or may not have been recorded. It is safe to ask again.'

test('a change to a stopped region is UNAVAILABLE, and says that it may have been made', async () => {
  await using system = await startSystem({ people: true })
  await system.stop('cheshire-merseyside')
  const { nhsNumber, region } = breakGlassInput
  const permission = await runPublishedOperation(system, consultant, 'record-permission', { nhsNumber, region })
  const broken = await runPublishedOperation(system, consultant, 'break-glass', breakGlassInput)
  const review = await runPublishedOperation(system, guardian, 'review-override', {
    grant: 'cheshire-merseyside.1',
    office: 'REGION',
    outcome: 'JUSTIFIED',
    note: 'Seen',
  })
  expect([permission, broken, review].flatMap(({ errors }) => errors)).toEqual([])
  expect(permission.data.recordPermission).toMatchObject({ status: 'UNAVAILABLE', message: unknown, until: null })
  expect(broken.data.breakGlass).toMatchObject({ status: 'UNAVAILABLE', message: unknown, grant: null, breakGlass: [] })
  expect(review.data.reviewOverride).toEqual({ status: 'UNAVAILABLE', message: unknown, review: null })
  const events = await readOutcomeEvents(system, 'PERMISSION', 'BREAK_GLASS', 'REVIEW')
  expect(events.map(({ status, decision }) => [status, decision.code])).toEqual(
    Array(3).fill(['UNREACHABLE', 'UNDECIDED']),
  )
})

test("one region's refusal leaves another change in the same request in place", async () => {
  await using system = await startSystem({ people: true })
  await system.stop('lancashire-south-cumbria')
  const text = `mutation Both {
    here: recordPermission(input: { nhsNumber: "${patient}", region: CHESHIRE_MERSEYSIDE }) { status until }
    there: recordPermission(input: { nhsNumber: "${patient}", region: LANCASHIRE_SOUTH_CUMBRIA }) { status until }
  }`
  const { errors, data } = await system.query(text, {}, await system.token(consultant))
  expect(errors).toEqual([])
  expect(data).toEqual({
    here: { status: 'DONE', until: expect.any(String) },
    there: { status: 'UNAVAILABLE', until: null },
  })
})

test('a change that the trail cannot record is not confirmed to the client', async () => {
  await using system = await startSystem({ people: true })
  await system.trail.close()
  const { errors, data } = await runPublishedOperation(system, consultant, 'break-glass', breakGlassInput)
  expect([errors.map(({ extensions }) => extensions.code), data]).toEqual([['AUDIT_UNAVAILABLE'], null])
})

test('a GET changes nothing', async () => {
  await using system = await startSystem({ people: true })
  const url = new URL(`${system.url}/graphql`)
  url.searchParams.set('query', publishedOperation('break-glass'))
  url.searchParams.set('variables', JSON.stringify(breakGlassInput))
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${await system.token(consultant)}`, accept: 'application/json' },
  })
  expect(response.status).toBe(405)
  expect(await readDecision(system)).toMatchObject({ status: 'PERMISSION_REQUIRED' })
})
