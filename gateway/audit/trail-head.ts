import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { ChainPoint } from './chain-verifier.ts'
import type { TrailDisk } from './trail-disk.ts'

const headSchema = z.strictObject({
  sequence: z.int().min(0),
  hash: z.string().length(64),
  registered: z.literal(true).optional(),
  seal: z.string().length(64),
})

/** How far a chain has been confirmed. */
export interface ConfirmedHead extends ChainPoint {
  /** Its writer is in the trail's register; a head that an earlier version wrote does not say so. */
  readonly registered?: true
}

/** Each of the two places of a head file, written in turn: a crash in the middle of one leaves the other. */
export const headSlotBytes = 256

/** How far a chain has been confirmed, sealed with the secret (HMAC-SHA-256), as the text of one slot. */
export function toHeadSlot({ sequence, hash, registered }: ConfirmedHead, writer: string, secret: Uint8Array): Buffer {
  const point = { sequence, hash, ...(registered ? { registered } : {}) }
  return Buffer.from(
    `${JSON.stringify({ ...point, seal: sealHead(point, writer, secret) }).padEnd(headSlotBytes - 1)}\n`,
  )
}

/**
 * The furthest head that a file holds, sealed with any of the secrets; without secrets, the seals are taken on trust.
 */
export async function loadHead(
  file: string,
  writer: string,
  secrets: readonly Uint8Array[] | null,
): Promise<ConfirmedHead | 'MISSING' | 'CHANGED'> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  // Empty: a crash came between its making and its first head.
  if (!bytes?.length) return 'MISSING'
  const slots = [bytes.subarray(0, headSlotBytes), bytes.subarray(headSlotBytes, 2 * headSlotBytes)]
  const points = slots.flatMap((slot) => readSlot(slot, writer, secrets))
  return (
    points.reduce<ConfirmedHead | null>(
      (furthest, point) => (furthest && furthest.sequence >= point.sequence ? furthest : point),
      null,
    ) ?? 'CHANGED'
  )
}

function readSlot(slot: Buffer, writer: string, secrets: readonly Uint8Array[] | null): readonly ConfirmedHead[] {
  const parsed = headSchema.safeParse(parse(slot))
  if (!parsed.success) return []
  const { seal: found, ...point } = parsed.data
  return secrets === null || secrets.some((secret) => found === sealHead(point, writer, secret)) ? [point] : []
}

function parse(slot: Buffer): unknown {
  try {
    return JSON.parse(slot.toString('utf8'))
  } catch {
    return null
  }
}

function sealHead({ sequence, hash, registered }: ConfirmedHead, writer: string, secret: Uint8Array): string {
  return createHmac('sha256', secret)
    .update(`share2care audit head\n${writer}\n${sequence}\n${hash}${registered ? '\nregistered' : ''}`)
    .digest('hex')
}

export interface HeadFileOptions {
  readonly file: string
  readonly writer: string
  readonly secret: Uint8Array
  readonly disk: TrailDisk
  /** Written to both places at once. */
  readonly head: ConfirmedHead
}

/** A file that holds a writer's head in two places, overwritten in turn. */
export interface HeadFile {
  write(head: ConfirmedHead): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** Opens or makes a head file; both places hold the head when this resolves. */
export async function openHeadFile({ file, writer, secret, disk, head }: HeadFileOptions): Promise<HeadFile> {
  const handle = await disk.open(file, 'OVERWRITE')
  let slot = 0
  const write = async (point: ConfirmedHead) => {
    slot = 1 - slot
    await handle.write(toHeadSlot(point, writer, secret), slot * headSlotBytes)
  }
  // One after the other, for a crash here must leave one.
  for (const _ of ['first', 'second']) {
    await write(head)
    await handle.sync()
  }
  return { write, sync: () => handle.sync(), close: () => handle.close() }
}
