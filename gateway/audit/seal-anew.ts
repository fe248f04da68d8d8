import { type AuditTrailOptions, createAuditTrail } from './audit-trail.ts'
import { registerWriter, retentionWriter, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'
import type { WriterRegister } from './writer-register.ts'

/**
 * Seals with the first secret what a former secret sealed: the heads of the register and of retention, which no gateway starts as its own writer.
 * Without that, no gateway could start once the former secret is gone. For the holder of the register's lock.
 */
export async function sealAnew(register: WriterRegister, { except, ...options }: Omit<AuditTrailOptions, 'writer' | 'expected'> & { readonly except: string }): Promise<void> {
  const { folder, secrets } = options
  const own = [...(register.isKept ? [registerWriter] : []), ...(register.writers.has(retentionWriter) ? [retentionWriter] : [])]
  for (const writer of own.filter((one) => one !== except)) {
    const isFormer = (await loadHead(toHeadFile(folder, writer), writer, [secrets[0]])) === 'CHANGED'
    // Opening a chain writes its head, and that which the register keeps of it.
    if (isFormer) await (await createAuditTrail({ ...options, writer, isRegistered: writer === retentionWriter })).close()
  }
}
