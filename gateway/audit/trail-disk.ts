import { fstatSync, writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { ensureFolder, openPrivateHandle } from '../../schema/service/private-files.ts'

/** What a trail writes through; tests put a counting or failing one in its place. */
export interface TrailDisk {
  makeFolder(folder: string): Promise<void>
  /**
   * `APPEND`: every write goes to the end of what is there; `CREATE`: likewise, and it must not be there; `OVERWRITE`:
   * writes go where they say, and it is made if need be.
   */
  open(file: string, mode: 'APPEND' | 'CREATE' | 'OVERWRITE'): Promise<TrailHandle>
  /** Makes the names in a folder last. */
  syncFolder(folder: string): Promise<void>
}

/** An open file. Each method throws what the operating system says. */
export interface TrailHandle {
  size(): Promise<number>
  /** All of the bytes, or an error. */
  write(bytes: Buffer, position: number): Promise<void>
  truncate(size: number): Promise<void>
  /** Resolves when what was written is on disk (fdatasync). */
  sync(): Promise<void>
  close(): Promise<void>
}

const modes = { APPEND: 'append', CREATE: 'create', OVERWRITE: 'update' } as const

/** The file system. Files and folders are for their owner alone, and a symbolic link is none of ours. */
export const fileSystem: TrailDisk = {
  async makeFolder(folder) {
    ensureFolder(folder)
  },
  async open(file, mode) {
    return toHandle(await openPrivateHandle(file, modes[mode]))
  },
  async syncFolder(folder) {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  },
}

function toHandle(handle: FileHandle): TrailHandle {
  return {
    // What is written goes to the system's memory, and takes microseconds; by way of the thread pool it would wake two
    // threads, and cost several times that.
    size: async () => fstatSync(handle.fd).size,
    async write(bytes, position) {
      let done = 0
      while (done < bytes.length) done += writeSync(handle.fd, bytes, done, bytes.length - done, position + done)
    },
    truncate: (size) => handle.truncate(size),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  }
}
