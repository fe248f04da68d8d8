import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { type HeadPublisherOptions, startHeadPublisher } from '../../gateway/audit/head-publisher.ts'
import { createHeadWitness, loadWitness, type WitnessedHead } from '../../gateway/audit/head-witness.ts'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder, secrets } from '../support/audit/trail-folder.ts'
import { breakGlassInput, guardian } from '../support/consent/broken-glass.ts'
import { startSystem } from '../support/system.ts'

const elsewhere = mkdtempSync(join(tmpdir(), 'share2care-witness-'))
afterAll(() => rmSync(elsewhere, { recursive: true }))

/** A witness over HTTP, and what it was posted; its status may change. */
async function serveWitness() {
  const posted: unknown[] = []
  const state = { status: 204 }
  const server = createServer(async (request, response) => {
    posted.push(JSON.parse(await text(request)))
    response.writeHead(state.status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return {
    posted,
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What a watch told; it looks when it is asked to. */
function createTold(trail: HeadPublisherOptions['trail'], place: string | null) {
  const heads: WitnessedHead[] = []
  const outcomes: string[] = []
  const witness = place === null ? null : createHeadWitness(place, trail.folder)
  const watch = startHeadPublisher({
    trail,
    witness,
    onHead: (head) => heads.push(head),
    onWitness: (outcome) => outcomes.push(outcome),
    now: () => Date.parse('2026-11-22T12:00:00Z'),
    intervalMs: 3_600_000,
  })
  return { heads, outcomes, watch }
}

test('a moved head is logged and appended to a witness file, also at the end, and verifying with that file detects a trail put back', async () => {
  using place = createTrailFolder()
  const file = join(elsewhere, 'heads.jsonl')
  const trail = await place.openRegistered()
  const { heads, outcomes, watch } = createTold(trail, file)
  await trail.record([accessEvent()])
  await watch.publish()
  await watch.publish()
  await trail.record([accessEvent()])
  await watch.close()
  const head = { writer: 'gateway-1', ...trail.head, time: '2026-11-22T12:00:00.000Z' }
  await trail.close()
  expect(heads.at(-1)).toEqual(head)
  expect(heads.map(({ sequence }) => sequence).at(-2)).toBe(1)
  expect(outcomes).toEqual(heads.map(() => 'noted'))
  const { heads: witnessed, oddLines } = await loadWitness(file)
  expect([witnessed.length, oddLines]).toEqual([heads.length, 0])
  const verify = (folder: string) => verifyTrail({ folder, secrets, expected: witnessed })
  expect((await verify(place.folder)).map(({ break: found }) => found)).toEqual([null, null])

  // Whoever has the secret writes all of it anew.
  using forged = createTrailFolder()
  const other = await forged.openRegistered()
  await other.record([accessEvent(), accessEvent({ items: 0 })])
  await other.close()
  expect((await verify(forged.folder)).map(({ writer, break: found }) => [writer, found?.reason])).toEqual([
    ['register', undefined],
    ['gateway-1', 'CHANGED'],
  ])
  await expect(forged.openRegistered({ witnessed })).rejects.toMatchObject({
    code: 'AUDIT_CHAIN_BROKEN',
    break: { reason: 'CHANGED' },
  })
})

test('an HTTP witness gets each head as JSON, and an unreachable one stops nothing, is reported, and gets the head later', async () => {
  await using witness = await serveWitness()
  using place = createTrailFolder()
  await using trail = await place.openRegistered()
  const { heads, outcomes, watch } = createTold(trail, witness.url)
  await watch.publish()
  expect(witness.posted).toEqual([{ writer: 'gateway-1', ...trail.head, time: '2026-11-22T12:00:00.000Z' }])
  witness.state.status = 503
  await trail.record([accessEvent()])
  await watch.publish()
  witness.state.status = 200
  await watch.publish()
  expect([heads.length, outcomes]).toEqual([2, ['noted', 'failed', 'noted']])
  expect(witness.posted.slice(1)).toEqual(Array(2).fill(heads[1]))
  await witness.close()
  await trail.record([accessEvent()])
  await watch.close()
  expect(outcomes.at(-1)).toBe('failed')
})

test('a witness line that a full disk cuts short takes no other line with it', async () => {
  const file = join(elsewhere, 'cut.jsonl')
  const head = { writer: 'gateway-1', sequence: 1, hash: 'a'.repeat(64) }
  writeFileSync(file, `${JSON.stringify(head)}\n{"writer":"gate\n\n${JSON.stringify({ ...head, sequence: 2 })}\n`)
  expect(await loadWitness(file)).toEqual({ heads: [head, { ...head, sequence: 2 }], oddLines: 1 })
  expect(await loadWitness(join(elsewhere, 'nothing'))).toEqual({ heads: [], oddLines: 0 })
})

test.each([
  'http://witness.nhs.uk/heads',
  'ftp://witness.nhs.uk',
  'https://',
  'https:witness',
  'https://user:word@witness.nhs.uk',
  'file:///tmp/heads',
  '/tmp',
])('a gateway refuses %s as a witness', (place) => {
  expect(() => createHeadWitness(place, '/audit')).toThrow(
    'expected a file outside of AUDIT_DIR, or an http or https address',
  )
})

test.each(['/audit/heads', '/audit/gateway/../heads', '/audit'])(
  'a gateway refuses %s as a witness of the trail in /audit',
  (place) => {
    expect(() => createHeadWitness(place, '/audit')).toThrow(/in it$/)
  },
)

test('a gateway logs its head when it begins to listen and when it ends, and counts heads, sequence and failures', async () => {
  const heads: WitnessedHead[] = []
  const file = join(elsewhere, 'gateway.jsonl')
  {
    await using system = await startSystem()
    const url = await system.another({
      onHead: (head) => heads.push(head),
      witness: createHeadWitness(file, system.auditFolder),
    })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token(guardian)}` }
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: `{ accesses(nhsNumber: "${breakGlassInput.nhsNumber}") { nodes { at } } }` }),
    })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('gateway_audit_head_sequence 1\n')
    expect(metrics).toContain('gateway_audit_witness_total{outcome="noted"} 1\n')
    expect(metrics).toContain('gateway_audit_witness_total{outcome="failed"} 0\n')
  }
  expect(heads.map(({ writer, sequence }) => [writer, sequence])).toEqual([
    ['gateway-2', 0],
    ['gateway-2', 1],
  ])
  expect(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(heads)
})
