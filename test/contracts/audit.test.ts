import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccessIndex } from '../../gateway/audit/access-index.ts'
import type { AccessEvent } from '../../gateway/audit/audit-event.ts'
import { createAuditTrail } from '../../gateway/audit/audit-trail.ts'
import { createHeadWitness } from '../../gateway/audit/head-witness.ts'
import { openAuditTrail } from '../../gateway/audit/open-audit-trail.ts'
import { pruneTrail } from '../../gateway/audit/prune-trail.ts'
import { retireWriter } from '../../gateway/audit/retire-writer.ts'
import { exportTrail } from '../../gateway/audit/to-fhir-audit-event.ts'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { secret } from './support/fixed-keys.ts'
import { expectGolden, expectGoldenJson } from './support/golden.ts'

const secrets = [secret] as const
const organisation = { odsCode: 'QYG', name: null, regions: [] }

/** One event of each kind, status and shape that the gateway writes. */
const events: readonly AccessEvent[] = [
  accessEvent({ requestId: 'r-1' }),
  accessEvent({
    requestId: 'r-2',
    region: 'LANCASHIRE_SOUTH_CUMBRIA',
    status: 'REFUSED',
    decision: { code: 'REFUSED_ROLE', rules: ['lsc-role'], policyVersion: 'a1b2c3d4e5f6' },
    answeredFrom: 'NOWHERE',
    latencyMs: null,
    items: 0,
    withheld: ['documents', 'results'],
    authority: null,
    reason: 'CONTINUITY_OF_CARE',
    supervisor: '555000000002',
    alert: true,
  }),
  accessEvent({
    requestId: 'r-3',
    status: 'TIMED_OUT',
    answeredFrom: 'NOWHERE',
    items: 0,
    operation: { name: null, hash: null },
  }),
  accessEvent({
    requestId: 'r-4',
    answeredFrom: 'CACHE',
    latencyMs: 0,
    authority: { kind: 'GRANT', id: 'cheshire-merseyside.g1' },
  }),
  accessEvent({ requestId: 'r-5', kind: 'DOCUMENT', documentId: 'q_-1BBBBBBBBBBBBBBBBBB', purpose: 'EMERGENCY' }),
  accessEvent({
    requestId: 'r-6',
    kind: 'PERMISSION',
    change: 'recordPermission CARE_EPISODE_24_HOURS',
    changeId: 'c-1',
    status: 'INTENDED',
  }),
  accessEvent({
    requestId: 'r-6',
    kind: 'PERMISSION',
    change: 'recordPermission CARE_EPISODE_24_HOURS',
    changeId: 'c-1',
    status: 'DONE',
  }),
  accessEvent({
    requestId: 'r-7',
    kind: 'BREAK_GLASS',
    change: 'breakGlass PERMISSION EMERGENCY',
    changeId: 'c-2',
    status: 'REFUSED',
    alert: true,
  }),
  accessEvent({
    requestId: 'r-8',
    kind: 'REVIEW',
    nhsNumber: null,
    organisation,
    change: 'reviewOverride APPROPRIATE',
    changeId: 'c-3',
    status: 'DONE',
  }),
  accessEvent({
    requestId: 'r-9',
    kind: 'PRIVACY_QUERY',
    nhsNumber: null,
    region: null,
    organisation,
    aboutPerson: '555000000003',
    latencyMs: null,
  }),
  accessEvent({
    requestId: 'r-10',
    person: { id: '555000000001', name: `${'Zoë "'.repeat(80)}\u0000` },
    withheld: Array.from({ length: 70 }, (_, n) => `section-${n}`),
  }),
]

const root = mkdtempSync(join(tmpdir(), 'share2care-golden-'))
const folder = join(root, 'audit')
const witnessFile = join(root, 'witness.jsonl')
const at = (time: string) => () => Date.parse(time)

/** A trail with two writers, one of them retired, a file beyond retention, and a writer that no register names. */
beforeAll(async () => {
  const old = await openAuditTrail({ folder, writer: 'gateway-1', secrets, now: at('2017-03-01T08:00:00.000Z') })
  await old.record([accessEvent({ requestId: 'r-0' })])
  await old.close()

  const trail = await openAuditTrail({ folder, writer: 'gateway-1', secrets, now: at('2026-11-30T23:59:59.999Z') })
  for (const event of events) await trail.record([event])
  await trail.saveHeadToRegister()
  await createHeadWitness(witnessFile, folder).publish({
    ...trail.head,
    writer: trail.writer,
    time: '2026-11-30T23:59:59.999Z',
  })
  await trail.close()

  const other = await openAuditTrail({ folder, writer: 'gateway-2', secrets, now: at('2026-12-01T00:00:00.000Z') })
  await other.record([accessEvent({ requestId: 'r-11', person: { id: '555000000004', name: null } })])
  await other.close()
  await retireWriter({ folder, secrets, now: at('2026-12-01T01:00:00.000Z') }, 'gateway-2')
  await pruneTrail({ folder, secrets, keptYears: 8, now: at('2026-12-01T02:00:00.000Z') })
  // A writer from before there was a register.
  const loose = await createAuditTrail({ folder, writer: 'gateway-0', secrets, now: at('2026-12-01T03:00:00.000Z') })
  await loose.record([{ kind: 'RECOVERY', cutBytes: 29, cutHash: 'a'.repeat(64), unconfirmed: 1 }])
  await loose.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test("every file of an audit trail, its name and bytes, is as before: lines, chain hashes, heads' seals, register, retention", () => {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : [],
  )
  const files = names.sort().map((name) => `==== ${name}\n${readFileSync(join(folder, name), 'utf8')}`)
  expectGolden('audit-trail.txt', files.join(''))
})

test('the line that a witness is handed is as before', () => {
  expectGolden('audit-witness.jsonl', readFileSync(witnessFile, 'utf8'))
})

test('a trail in this form verifies, but for the writer that the register does not name', async () => {
  const reports = await verifyTrail({ folder, secrets })
  expect(
    reports.map((report) => `${report.writer} ${report.events} ${report.break?.reason ?? 'whole'} ${report.retiredAt}`),
  ).toEqual([
    'register 4 whole null',
    'retention 1 whole null',
    'gateway-0 1 NOT_REGISTERED null',
    'gateway-1 11 whole null',
    'gateway-2 1 whole 2026-12-01T01:00:00.000Z',
  ])
})

test('the FHIR AuditEvents of a trail are as before', async () => {
  let text = ''
  for await (const lines of exportTrail({ folder })) text += lines
  expectGolden('audit-fhir.ndjson', text)
})

test("the cursors of an officer's page of accesses are as before", async () => {
  const index = createAccessIndex({ folder })
  const page = await index.findByPatient('9990000018', { scope: 'EVERYTHING', first: 2 })
  expectGoldenJson('access-cursors.txt', {
    cursors: page.accesses.map(({ cursor }) => cursor),
    endCursor: page.endCursor,
  })
  const next = await index.findByPatient('9990000018', { scope: 'EVERYTHING', first: 1, after: page.endCursor })
  expect(next.accesses).toHaveLength(1)
})
