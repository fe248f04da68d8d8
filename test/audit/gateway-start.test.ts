import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAuditTrail } from '../../gateway/audit/audit-trail.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createServiceProcesses } from '../support/service-processes.ts'

test('a gateway registers the writers of an older trail and logs their heads, and does not start once a writer is missing', async () => {
  await using processes = await createServiceProcesses()
  const { auditFolder: folder, secrets } = processes
  {
    await using older = await createAuditTrail({ folder, writer: 'gateway-november', secrets })
    await older.record([accessEvent()])
  }
  const witness = join(processes.folder, 'heads.jsonl')
  {
    await using gateway = await processes.startGateway({ AUDIT_WITNESS: witness })
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    const lines = gateway
      .out()
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'audit writers of before there was a register are registered',
        writers: ['gateway-november'],
      }),
    )
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'audit head', writer: 'gateway-0', sequence: 0, hash: '0'.repeat(64) }),
    )
    expect(JSON.parse(readFileSync(witness, 'utf8'))).toMatchObject({ writer: 'gateway-0', sequence: 0 })
  }
  rmSync(join(folder, 'gateway-november'), { recursive: true })
  const refused: unknown = await processes.startGateway().then(
    () => 'started',
    (cause: unknown) => cause,
  )
  const says = refused instanceof Error ? refused.message : String(refused)
  expect(says).toContain(`ended with 1`)
  expect(says).toContain(
    `Audit trail of gateway-november: WRITER_MISSING at ${join(folder, 'gateway-november')}: the writer is registered, and its folder is not there.`,
  )
  expect(says).not.toMatch(/^\s+at /m)
})
