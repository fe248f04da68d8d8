import { StartupError } from '../../schema/service/startup-error.ts'
import type { RegisterEvent } from './audit-event.ts'
import { listWriters } from './trail-files.ts'
import { verifyTrail } from './verify-trail.ts'
import { loadRegister, lockRegister, type WriteRegisterOptions, writeRegister } from './writer-register.ts'

/** The writer cannot be retired; the message states the reason. */
export class NotRetired extends StartupError {}

/**
 * Records in the register that a writer writes no more and where its chain ended. Afterwards its files may be missing,
 * and no gateway starts under its name. Its process must have ended before. Rejects with NotRetired if it is no
 * registered writer.
 */
export async function retireWriter(
  options: WriteRegisterOptions,
  writer: string,
): Promise<Extract<RegisterEvent, { readonly kind: 'RETIREMENT' }>> {
  const { folder, secrets } = options
  await using _ = await lockRegister(folder)
  const { writers } = await loadRegister(folder, secrets)
  const known = writers.get(writer)
  if (!known)
    throw new NotRetired(
      `--writer: expected a registered writer (${[...writers.keys()].join(', ') || 'there is none'}), found ${writer}`,
    )
  if (known.retired)
    throw new NotRetired(
      `--writer: expected a writer that is not retired, found that ${writer} was on ${known.retired.time}`,
    )
  const isThere = (await listWriters(folder)).includes(writer)
  const report = isThere ? (await verifyTrail({ folder, secrets })).find((one) => one.writer === writer) : null
  const event = { kind: 'RETIREMENT', writer, head: report?.last ?? null } as const
  await writeRegister(options, event)
  return event
}
