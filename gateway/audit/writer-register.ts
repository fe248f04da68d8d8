import { stat, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Secrets } from '../../schema/secrets.ts'
import { openPrivateHandle } from '../../schema/service/private-files.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import { type RegisterEvent, toTrailEntry } from './audit-event.ts'
import { createAuditTrail } from './audit-trail.ts'
import { AuditChainBroken } from './chain-break.ts'
import type { ChainPoint } from './chain-verifier.ts'
import type { TrailDisk } from './trail-disk.ts'
import { registerWriter, toRegisterLock } from './trail-files.ts'
import { type ChainReport, verifyChain } from './verify-chain.ts'

/** Who writes on a trail, by the trail's own word. */
export interface WriterRegister {
  /** Every writer that was ever registered, by name; those that are not retired must be there. */
  readonly writers: ReadonlyMap<string, { readonly retired: Retirement | null }>
  /** False: the trail is one of before there was a register, or is empty. */
  readonly isPresent: boolean
  /** What verifying the register's own chain found. */
  readonly report: ChainReport
}

export interface Retirement {
  readonly time: string
  /** Where the chain ended; null where its files were gone already. */
  readonly head: ChainPoint | null
}

/** Reads and verifies the register, which is a chain like a writer's own, with `register` for a writer. */
export async function readRegister(folder: string, secrets: Secrets | null): Promise<WriterRegister> {
  const writers = new Map<string, { readonly retired: Retirement | null }>()
  const note = (event: unknown, time: string) => {
    const known = event as RegisterEvent
    if (known.kind === 'REGISTER') for (const writer of known.writers) writers.set(writer, { retired: null })
    if (known.kind === 'RETIREMENT') writers.set(known.writer, { retired: { time, head: known.head } })
  }
  const report = await verifyChain({
    folder,
    writer: registerWriter,
    secrets,
    anchors: new Map(),
    expected: [],
    onEvent: ({ integrity: _, ...link }) => note(toTrailEntry(link).event, link.time),
  })
  return {
    writers,
    isPresent: report.last !== null || (report.break !== null && report.break.reason !== 'HEAD_MISSING'),
    report,
  }
}

/** Reads the register; throws AuditChainBroken where it does not verify. */
export async function loadRegister(folder: string, secrets: Secrets): Promise<WriterRegister> {
  const register = await readRegister(folder, secrets)
  if (register.isPresent && register.report.break) throw new AuditChainBroken(registerWriter, register.report.break)
  return register
}

export interface WriteRegisterOptions {
  readonly folder: string
  readonly secrets: Secrets
  readonly now?: () => number
  readonly disk?: TrailDisk
}

/** Puts one event on the register, on disk when this resolves. For the holder of the lock. */
export async function writeRegister(options: WriteRegisterOptions, event: RegisterEvent): Promise<void> {
  await using register = await createAuditTrail({ ...options, writer: registerWriter })
  await register.record([event])
}

// A holder that was killed leaves the lock behind; none needs it for as long.
const longestHoldMs = 30_000
const longestWaitMs = 60_000
const retryMs = 50

/** Lets one process at a time read and change the register. */
export async function lockRegister(folder: string): Promise<AsyncDisposable> {
  const file = toRegisterLock(folder)
  for (const endMs = Date.now() + longestWaitMs; ; await sleep(retryMs)) {
    const handle = await openPrivateHandle(file, 'create').catch(nullIfThere)
    if (handle) {
      await handle.close()
      return { [Symbol.asyncDispose]: () => unlink(file).catch(() => {}) }
    }
    if (Date.now() > endMs)
      throw new StartupError(`${file}: expected the register to be free, found it locked for ${longestWaitMs / 1000} s`)
    const lock = await stat(file).catch(() => null)
    if (lock && Date.now() - lock.mtimeMs > longestHoldMs) await unlink(file).catch(() => {})
  }
}

function nullIfThere(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'EEXIST') return null
  throw cause
}
