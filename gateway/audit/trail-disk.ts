import { fstatSync, writeSync } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'

/** What a trail writes through; tests put a counting or failing one in its place. */
export interface TrailDisk {
  makeFolder(folder: string): Promise<void>
  /** `APPEND`: every write goes to the end of what is there; `CREATE`: likewise, and it must not be there; `OVERWRITE`: writes go where they say, and it is made if need be. */
  open(file: string, mode: 'APPEND' | 'CREATE' | 'OVERWRITE'): Promise<TrailHandle>
  /** Makes the names in a folder last. */
  syncFolder(folder: string): Promise<void>
}

/** An open file. Each method throws what the operating system says. */
export interface TrailHandle {
  size(): Promise<number>
  /** All of the bytes, or an error. */
  write(bytes: Buffer, position: number): Promise<void>
  cutTo(size: number): Promise<void>
  /** Resolves when what was written is on disk (fdatasync). */
  sync(): Promise<void>
  close(): Promise<void>
}

const flags = { APPEND: 'a', CREATE: 'ax' } as const

/** The file system. Files and folders are for their owner alone. */
export const fileSystem: TrailDisk = {
  async makeFolder(folder) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  },
  async open(file, mode) {
    return toHandle(mode === 'OVERWRITE' ? await openToOverwrite(file) : await open(file, flags[mode], 0o600))
  },
  async syncFolder(folder) {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  },
}

async function openToOverwrite(file: string): Promise<FileHandle> {
  return open(file, 'r+').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return open(file, 'wx+', 0o600)
    throw cause
  })
}

function toHandle(handle: FileHandle): TrailHandle {
  return {
    // What is written goes to the system's memory, and takes microseconds; by way of the thread pool it would wake two threads, and cost several times that.
    size: async () => fstatSync(handle.fd).size,
    async write(bytes, position) {
      let done = 0
      while (done < bytes.length) done += writeSync(handle.fd, bytes, done, bytes.length - done, position + done)
    },
    cutTo: (size) => handle.truncate(size),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  }
}
