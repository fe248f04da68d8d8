import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadWitness, loadWitness } from '../../gateway/audit/head-witness.ts'
import { openAuditTrail, type WriterHead } from '../../gateway/audit/open-audit-trail.ts'
import { pruneTrail } from '../../gateway/audit/prune-trail.ts'
import { retireWriter } from '../../gateway/audit/retire-writer.ts'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import type { Secrets } from '../../schema/secrets.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder } from '../support/audit/trail-folder.ts'
import { createServiceProcesses } from '../support/service-processes.ts'

const former = new Uint8Array(32).fill(1)
const current = new Uint8Array(32).fill(2)
const before: Secrets = [former]
const between: Secrets = [current, former]
const after: Secrets = [current]

/** Every break that verifying finds, by writer. */
async function breaksOf(folder: string, secrets: Secrets, expected: readonly WriterHead[] = []) {
  const reports = await verifyTrail({ folder, secrets, expected })
  return Object.fromEntries(reports.flatMap(({ writer, break: found }) => (found ? [[writer, found.reason]] : [])))
}

test('a writer continues under a new secret beside the former one, reseals its head, and is refused under the new secret alone before that', async () => {
  using place = createTrailFolder()
  const write = async (secrets: Secrets, writer = 'gateway-1') => {
    await using trail = await place.open({ secrets, writer })
    await trail.record([accessEvent()])
  }
  await write(before)
  await write(before, 'gateway-2')
  await expect(write(after)).rejects.toThrow('no head there bears the seal of this secret')
  await write(between)
  expect(await breaksOf(place.folder, between)).toEqual({})
  expect(await breaksOf(place.folder, after)).toEqual({ 'gateway-2': 'HEAD_CHANGED' })
})

test('a registered, pruned, retired and witnessed trail verifies through a rotation, and writers start once the former secret is gone', async () => {
  using place = createTrailFolder()
  const { folder } = place
  const witnessed: WriterHead[] = []
  const write = async (secrets: Secrets, writer: string, time: string) => {
    await using trail = await place.openRegistered({ secrets, writer, witnessed, now: () => Date.parse(time) })
    await trail.record([accessEvent()])
    witnessed.push({ writer, ...trail.head })
  }
  const prune = (secrets: Secrets, year: number) =>
    pruneTrail({ folder, secrets, keptYears: 8, now: () => Date.UTC(year) })
  for (const year of [2016, 2017, 2026]) await write(before, 'gateway-1', `${year}-05-01`)
  for (const writer of ['gateway-2', 'gateway-3', 'gateway-4']) await write(before, writer, '2026-05-01')
  expect((await prune(before, 2025)).length).toBe(1)
  await retireWriter({ folder, secrets: before }, 'gateway-3')
  const kept = witnessed.splice(0).filter(({ writer, sequence }) => writer !== 'gateway-1' || sequence > 1)
  witnessed.push(...kept)
  expect(await breaksOf(folder, between, witnessed)).toEqual({})

  // One after the other, as gateways restart: each finds what the others sealed with either.
  await write(between, 'gateway-1', '2026-05-02')
  expect(await breaksOf(folder, between, witnessed)).toEqual({})
  await write(between, 'gateway-2', '2026-05-02')
  await retireWriter({ folder, secrets: between }, 'gateway-4')
  expect(await breaksOf(folder, between, witnessed)).toEqual({})

  for (const writer of ['gateway-1', 'gateway-2', 'gateway-5']) await write(after, writer, '2026-05-03')
  expect((await prune(after, 2026)).length).toBe(1)
  expect(await breaksOf(folder, between, witnessed)).toEqual({})
  // Who was retired starts no more, and was sealed by the former.
  expect(await breaksOf(folder, after, witnessed)).toEqual({ 'gateway-3': 'HEAD_CHANGED', 'gateway-4': 'HEAD_CHANGED' })
})

test('a gateway starts on a registered, retired and witnessed trail with the new secret before the former, then with the new one alone', async () => {
  await using processes = await createServiceProcesses()
  const { auditFolder: folder, keys } = processes
  const [formerSecret] = processes.secrets
  const newSecret = randomBytes(32)
  const newFile = join(processes.folder, 'new-secret')
  writeFileSync(newFile, newSecret, { mode: 0o600 })
  const witness = join(processes.folder, 'heads.jsonl')
  for (const writer of ['gateway-0', 'gateway-1']) {
    await using trail = await openAuditTrail({ folder, writer, secrets: [formerSecret] })
    await trail.record([accessEvent()])
    await createHeadWitness(witness, folder).publish({ writer, ...trail.head, time: new Date().toISOString() })
  }
  await retireWriter({ folder, secrets: [formerSecret] }, 'gateway-1')
  for (const secret of [`${newFile},${keys.secret}`, newFile]) {
    await using gateway = await processes.startGateway({ GATEWAY_SECRET: secret, AUDIT_WITNESS: witness })
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
  }
  const { heads } = await loadWitness(witness)
  expect(heads.map(({ writer, sequence }) => `${writer} ${sequence}`)).toEqual([
    'gateway-0 1',
    'gateway-1 1',
    'gateway-0 1',
    'gateway-0 1',
  ])
  expect(await breaksOf(folder, [newSecret, formerSecret], heads)).toEqual({})
})
