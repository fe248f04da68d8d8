import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AuditUnavailable } from '../../gateway/audit/audit-unavailable.ts'
import type { RequestObservation } from '../../gateway/observability/metrics/request-observation.ts'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { type System, startSystem } from '../support/system.ts'

const summary = loadPublishedOperations().find(({ name }) => name === 'PatientSummary')
const variables = { nhsNumber: '9990000018', access: { relationship: 'ATTENDING' } }
const regions = ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA']

let system: System
let url: string
let byYogaUrl: string
let seen: RequestObservation[] = []
let told = Promise.withResolvers<RequestObservation>()

beforeAll(async () => {
  system = await startSystem({ people: true })
  const observe = [
    (observation: RequestObservation) => {
      seen.push(observation)
      told.resolve(observation)
    },
  ]
  url = await system.another({ observe, operationsPerMinute: 1_000_000 })
  byYogaUrl = await system.another({ observe, usesPlans: false })
})
afterAll(() => system[Symbol.asyncDispose]())
beforeEach(() => {
  seen = []
  told = Promise.withResolvers()
})

/** What a request's answer was, and what was told of it afterwards. */
async function ask(at: string, body: object, token?: string) {
  const startedAt = performance.now()
  const response = await fetch(`${at}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? (await system.token())}` },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  const observation = await told.promise
  return {
    answer,
    observation,
    tookMs: performance.now() - startedAt,
    serverTiming: response.headers.get('server-timing'),
  }
}

describe.each([
  ['by its plan', () => url],
  ['by yoga', () => byYogaUrl],
])('a request answered %s', (_, at) => {
  test('a request is observed once, with its duration, its wait for each region, and their statuses', async () => {
    const { answer, observation, tookMs } = await ask(at(), { query: summary?.text, variables })
    expect(answer.data.patient.completeness.complete).toBe(true)
    expect(seen).toHaveLength(1)
    expect(observation).toMatchObject({ operation: 'PatientSummary', outcome: 'COMPLETE' })
    expect(observation.regions.map(({ region, status, fromCache }) => [region, status, fromCache])).toEqual(
      regions.map((region) => [region, 'ANSWERED', false]),
    )
    const { durationMs, gatewayMs, stages } = observation
    expect(durationMs).toBeLessThanOrEqual(tookMs)
    expect(gatewayMs + stages.regionsMs).toBeCloseTo(durationMs)
    for (const { waitMs } of observation.regions) expect(waitMs).toBeGreaterThan(0)
    for (const { waitMs } of observation.regions) expect(waitMs).toBeLessThanOrEqual(stages.regionsMs)
    expect(stages.planMs + stages.accessMs + stages.regionsMs + stages.assembleMs + stages.auditMs).toBeCloseTo(
      durationMs,
    )
    expect(stages.auditMs).toBeGreaterThan(0)
  })

  test("the observed request's id is the one on the audit trail", async () => {
    const { observation } = await ask(at(), { query: summary?.text, variables })
    const lines = globSync(`${system.auditFolder}/**/*.jsonl`).flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    expect(lines.filter((line) => line.includes(observation.requestId))).toHaveLength(2)
  })

  test('an unpublished operation is observed as other, whatever it is named', async () => {
    const { observation } = await ask(at(), {
      query: 'query PatientSummary { patient(nhsNumber: "9990000018") { presence } }',
    })
    expect(observation).toMatchObject({ operation: 'other', outcome: 'COMPLETE' })
  })

  test('a request by document id is observed under its published name', async () => {
    const { observation } = await ask(at(), { documentId: summary?.id, variables })
    expect(observation.operation).toBe('PatientSummary')
  })

  test('a request for several patients is observed with the worst status', async () => {
    const query =
      'query ($n: [NHSNumber!]!) { patients(nhsNumbers: $n, access: { relationship: ATTENDING }) { presence } }'
    const { observation } = await ask(at(), { query, variables: { n: ['9990000018', '9990000034'] } })
    expect(observation.regions.map(({ status }) => status)).toEqual(['ANSWERED', 'NOT_KNOWN'])
  })

  test('a request without a patient is observed as done, and a wrong token, text or value as refused', async () => {
    expect((await ask(at(), { query: '{ viewer { id } }' })).observation).toMatchObject({
      outcome: 'DONE',
      regions: [],
    })
    told = Promise.withResolvers()
    expect((await ask(at(), { query: '{ viewer { id } }' }, 'wrong')).observation).toMatchObject({
      operation: 'other',
      outcome: 'REFUSED',
    })
    told = Promise.withResolvers()
    expect((await ask(at(), { query: '{ nothing }' })).observation).toMatchObject({
      operation: 'other',
      outcome: 'REFUSED',
    })
    told = Promise.withResolvers()
    expect((await ask(at(), { query: summary?.text, variables: { nhsNumber: '1' } })).observation).toMatchObject({
      operation: 'PatientSummary',
      outcome: 'REFUSED',
    })
  })
})

test('a forbidden query or a bad week is observed as refused and not failed, although the answer has data', async () => {
  const query = '{ utilisation(week: "2026-47") { week } }'
  const answers = [await ask(url, { query: '{ openReviews { nodes { grant } } }' })]
  told = Promise.withResolvers()
  answers.push(await ask(url, { query }, await system.token({ scope: 'reports' })))
  expect(
    answers.map(({ answer, observation }) => [
      answer.data,
      answer.errors[0].extensions.code,
      observation.outcome,
      observation.code,
    ]),
  ).toEqual([
    [{ openReviews: null }, 'FORBIDDEN', 'REFUSED', 'FORBIDDEN'],
    [{ utilisation: null }, 'BAD_WEEK', 'REFUSED', 'BAD_WEEK'],
  ])
})

test("a failed request is observed with the code of the failure, whatever else is the client's fault", async () => {
  const trail = { ...system.trail, record: () => Promise.reject(new AuditUnavailable('NOW', 'the disk is full')) }
  const at = await system.another({ trail, observe: [told.resolve] })
  const query =
    '{ utilisation(week: "2026-47") { week } patient(nhsNumber: "9990000018", access: { relationship: ATTENDING }) { presence } }'
  const { answer, observation } = await ask(at, { query }, await system.token({ scope: 'record reports' }))
  expect(answer.errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code).sort()).toEqual([
    'AUDIT_UNAVAILABLE',
    'BAD_WEEK',
  ])
  expect([observation.outcome, observation.code]).toEqual(['FAILED', 'AUDIT_UNAVAILABLE'])
})

test("a request without one region is observed with that region's status, and its view as incomplete", async () => {
  const { regions: configured } = system
  const [exchange, lpres] = configured
  if (!exchange || !lpres) throw new Error('Expected two regions')
  // A port on which nothing listens.
  const at = await system.another({
    regions: [exchange, { ...lpres, url: 'http://127.0.0.1:1' }],
    observe: [told.resolve],
  })
  const { observation } = await ask(at, { query: summary?.text, variables })
  expect(observation).toMatchObject({
    outcome: 'INCOMPLETE',
    regions: [{ status: 'ANSWERED' }, { status: 'UNREACHABLE' }],
  })
})
