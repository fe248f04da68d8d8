import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createRequestLog } from '../../gateway/observability/metrics/request-log.ts'
import type { RequestObservation } from '../../gateway/observability/metrics/request-observation.ts'
import { createServiceProcesses } from '../support/service-processes.ts'

const observation: RequestObservation = {
  requestId: 'f7c0',
  operation: 'PatientSummary',
  startedAtMs: Date.parse('2026-11-27T12:00:00Z'),
  durationMs: 1200.12345,
  gatewayMs: 2,
  outcome: 'INCOMPLETE',
  stages: { planMs: 0.5, accessMs: 0.1, regionsMs: 1198.12345, assembleMs: 0.9, auditMs: 0.5 },
  regions: [
    { region: 'CHESHIRE_MERSEYSIDE', status: 'ANSWERED', waitMs: 4, fromCache: false },
    { region: 'LANCASHIRE_SOUTH_CUMBRIA', status: 'TIMED_OUT', waitMs: 1198.12345, fromCache: false },
  ],
}

function linesOf(level: 'info' | 'warn' | 'error', observations: readonly RequestObservation[], slowMs = 1000) {
  const written: string[] = []
  const log = createRequestLog({ level, slowMs, to: { write: (line: string) => void written.push(line) } })
  for (const one of observations) log(one)
  return written.map((line) => JSON.parse(line))
}

const quick: RequestObservation = { ...observation, durationMs: 12 }

test('the log has one line of JSON per request with its id, statuses and times', () => {
  const [line] = linesOf('info', [quick])
  expect(line).toMatchObject({
    level: 'info',
    msg: 'request',
    requestId: 'f7c0',
    operation: 'PatientSummary',
    outcome: 'INCOMPLETE',
    durationMs: 12,
    regionsMs: 1198.123,
  })
  expect(line.regions).toEqual([
    { region: 'CHESHIRE_MERSEYSIDE', status: 'ANSWERED', waitMs: 4, fromCache: false },
    { region: 'LANCASHIRE_SOUTH_CUMBRIA', status: 'TIMED_OUT', waitMs: 1198.123, fromCache: false },
  ])
  expect(line.slow).toBeUndefined()
})

test('the log marks a slow request, and names the region or the stage that took longest', () => {
  const audit = { ...observation, regions: [], stages: { ...observation.stages, auditMs: 1100 } }
  const audited = linesOf('info', [observation, audit])
  expect(audited.map(({ level, slow, mostIn }) => [level, slow, mostIn])).toEqual([
    ['warn', true, 'LANCASHIRE_SOUTH_CUMBRIA'],
    ['warn', true, 'audit'],
  ])
})

test('the log holds the error code of a failed request', () => {
  expect(
    linesOf('info', [{ ...quick, outcome: 'FAILED', code: 'AUDIT_UNAVAILABLE' }, quick]).map(({ code }) => code),
  ).toEqual(['AUDIT_UNAVAILABLE', undefined])
})

test('the log level selects all requests, slow or failed ones, or none', () => {
  const all = [quick, observation, { ...quick, outcome: 'FAILED' as const }]
  expect([linesOf('info', all).length, linesOf('warn', all).length, linesOf('error', all).length]).toEqual([3, 2, 0])
})

test('the gateway logs to standard output, and writes the last line before it ends', async () => {
  await using system = await createServiceProcesses()
  const gateway = await system.startGateway({ SLOW_MS: '0' })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  for (let asked = 0; asked < 5; asked++)
    await fetch(`${system.gatewayUrl()}/graphql`, {
      method: 'POST',
      headers,
      body: '{"query":"{ patient(nhsNumber: \\"9990000018\\") { presence } }"}',
    })
  gateway.child.kill('SIGTERM')
  expect(await gateway.ended).toBe(0)
  const lines = gateway
    .out()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    .filter(({ msg }) => msg === 'request')
  expect(lines).toHaveLength(5)
  for (const line of lines)
    expect(line).toMatchObject({
      slow: true,
      outcome: 'INCOMPLETE',
      operation: 'other',
      regions: [{ status: 'UNREACHABLE' }, { status: 'UNREACHABLE' }],
    })
  expect(gateway.out()).not.toContain('9990000018')
})

test('a log reader that stops reading does not keep the gateway from ending in order', async () => {
  await using system = await createServiceProcesses()
  const gateway = await system.startGateway({ STOP_SECONDS: '30' })
  gateway.child.stdout?.pause()
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  const ask = async () =>
    (
      await fetch(`${system.gatewayUrl()}/graphql`, { method: 'POST', headers, body: '{"query":"{ viewer { id } }"}' })
    ).text()
  // More lines than a pipe and its reader take unread.
  for (let asked = 0; asked < 60; asked++) await Promise.all(Array.from({ length: 20 }, ask))
  const exited = once(gateway.child, 'exit')
  gateway.child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  gateway.child.stdout?.resume()
})
