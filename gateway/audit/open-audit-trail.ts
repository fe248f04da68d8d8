import { existsSync } from 'node:fs'
import type { Secrets } from '../../schema/secrets.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import { type AuditTrail, type AuditTrailOptions, createAuditTrail } from './audit-trail.ts'
import { AuditChainBroken } from './chain-break.ts'
import type { ChainPoint } from './chain-verifier.ts'
import { findWriterBreaks } from './find-writer-breaks.ts'
import { inspectTrailFolder } from './inspect-trail-folder.ts'
import { loadChainTail } from './load-chain-tail.ts'
import { fileSystem } from './trail-disk.ts'
import {
  assertWriterName,
  listTrailFiles,
  listWriters,
  registerWriter,
  retentionWriter,
  toHeadFile,
  toRegisteredHeadFile,
  toWriterFolder,
} from './trail-files.ts'
import { loadHead } from './trail-head.ts'
import { loadRegister, lockRegister, type WriterRegister, writeRegister } from './writer-register.ts'

export interface OpenAuditTrailOptions extends Omit<AuditTrailOptions, 'isRegistered' | 'expected'> {
  /** Heads recorded elsewhere, by writer, which every chain must have reached. @default none */
  readonly witnessed?: readonly WriterHead[]
  /** Called with writers older than the register, which are registered now. @default does nothing */
  readonly onFound?: (writers: readonly string[]) => void
}

/** A writer's head. */
export interface WriterHead extends ChainPoint {
  readonly writer: string
}

/**
 * Opens a writer's trail and registers the writer, once the whole trail matches the register and the recorded heads.
 * Rejects with AuditChainBroken, a StartupError, if a writer is missing or went back, or a link or foreign file is
 * among the files. Rejects with StartupError if the writer is retired.
 */
export async function openAuditTrail({
  witnessed = [],
  onFound = () => {},
  ...options
}: OpenAuditTrailOptions): Promise<AuditTrail> {
  const { folder, writer, secrets, now, disk = fileSystem } = options
  assertWriterName(writer)
  await disk.makeFolder(toWriterFolder(folder, registerWriter))
  await using _ = await lockRegister(folder)
  const [fault] = await inspectTrailFolder(folder)
  if (fault) throw new AuditChainBroken(fault.writer, fault.break)
  const register = await loadRegister(folder, secrets)
  const [wrong] = await findWriterBreaks(folder, register, secrets)
  if (wrong) throw new AuditChainBroken(...wrong)
  const retired = register.writers.get(writer)?.retired
  if (retired)
    throw new StartupError(
      `Audit trail of ${writer}: this writer was retired on ${retired.time}. Start the gateway under another name (AUDIT_WRITER).`,
    )

  const expectedOf = async (one: string) => [
    ...(await loadRegisteredHead(folder, one, secrets)),
    ...witnessed.filter((point) => point.writer === one),
  ]
  await checkOthers(folder, register, { secrets, writer, expectedOf })
  if (register.writers.has(writer)) await assertHead(folder, writer, secrets)
  await resealHeads(register, { ...options, except: writer })
  const found = register.isPresent ? [] : await findWriters(folder)
  // The register names the writers before their heads state that they are registered.
  if (found.length > 0)
    await writeRegister({ folder, secrets, now, disk }, { kind: 'REGISTER', writers: found, why: 'FOUND' })
  if (found.length > 0) onFound(found)
  const trail = await createAuditTrail({ ...options, isRegistered: true, expected: await expectedOf(writer) })
  if (register.writers.has(writer) || found.includes(writer)) return trail
  // The folder and head exist before registration, because verification expects them of every registered writer.
  await writeRegister({ folder, secrets, now, disk }, { kind: 'REGISTER', writers: [writer], why: 'NEW' }).catch(
    async (cause: unknown) => {
      await trail.close()
      throw cause
    },
  )
  return trail
}

/** Lists the writers of a trail without a register. A writer that wrote nothing has neither a head nor a file. */
async function findWriters(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const writer of await listWriters(folder)) {
    const isBegun = existsSync(toHeadFile(folder, writer)) || (await listTrailFiles(folder, writer)).length > 0
    if (writer !== registerWriter && isBegun) found.push(writer)
  }
  return found
}

interface CheckOthersOptions {
  readonly secrets: Secrets
  readonly writer: string
  readonly expectedOf: (writer: string) => Promise<readonly ChainPoint[]>
}

/**
 * Checks the head of every other writer that is not retired, and the end of its chain if the head is behind a recorded
 * head.
 */
async function checkOthers(
  folder: string,
  { writers }: WriterRegister,
  { secrets, writer, expectedOf }: CheckOthersOptions,
): Promise<void> {
  for (const [other, { retired }] of writers) {
    if (retired || other === writer) continue
    // The recorded heads are read first, because the head advances meanwhile.
    const expected = await expectedOf(other)
    const head = await assertHead(folder, other, secrets)
    if (expected.some(({ sequence }) => sequence > head.sequence)) await loadChainTail(folder, other, secrets, expected)
  }
}

async function assertHead(folder: string, writer: string, secrets: Secrets): Promise<ChainPoint> {
  const file = toHeadFile(folder, writer)
  const head = await loadHead(file, writer, secrets)
  const at = { file, line: null, sequence: null }
  if (head === 'MISSING')
    throw new AuditChainBroken(writer, {
      ...at,
      reason: 'HEAD_MISSING',
      explanation: 'the writer is registered, and has no head.',
    })
  if (head === 'CHANGED')
    throw new AuditChainBroken(writer, {
      ...at,
      reason: 'HEAD_CHANGED',
      explanation: 'no head there bears the seal of this secret.',
    })
  return head
}

/**
 * Loads the head that the register stores for a writer. Throws AuditChainBroken if it is missing although another head
 * states that it exists.
 */
async function loadRegisteredHead(folder: string, writer: string, secrets: Secrets): Promise<readonly ChainPoint[]> {
  const file = toRegisteredHeadFile(folder, writer)
  const noted = await loadHead(file, writer, secrets)
  if (typeof noted !== 'string') return [noted]
  const head = await loadHead(toHeadFile(folder, writer), writer, secrets)
  const isMissed = noted === 'CHANGED' || (typeof head !== 'string' && head.registered && head.sequence > 0)
  if (!isMissed) return []
  throw new AuditChainBroken(writer, {
    reason: 'REGISTER_MISSING',
    file,
    line: null,
    sequence: null,
    explanation: 'the register keeps no head of this writer that bears the seal of this secret.',
  })
}

/**
 * Seals with the first secret the heads of the register and of retention, if another secret sealed them. No gateway
 * starts as their writer, so without this no gateway could start once the former secret is removed. The caller must
 * hold the register's lock.
 */
export async function resealHeads(
  register: WriterRegister,
  { except, ...options }: Omit<AuditTrailOptions, 'writer' | 'expected'> & { readonly except: string },
): Promise<void> {
  const { folder, secrets } = options
  const own = [
    ...(register.isPresent ? [registerWriter] : []),
    ...(register.writers.has(retentionWriter) ? [retentionWriter] : []),
  ]
  for (const writer of own.filter((one) => one !== except)) {
    const isFormer = (await loadHead(toHeadFile(folder, writer), writer, [secrets[0]])) === 'CHANGED'
    // Opening a chain writes its head and the register's copy.
    if (isFormer)
      await (await createAuditTrail({ ...options, writer, isRegistered: writer === retentionWriter })).close()
  }
}
