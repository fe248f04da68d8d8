import type { TrailDisk } from './trail-disk.ts'
import { type ConfirmedHead, headSlotBytes, toHeadSlot } from './trail-head.ts'

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
