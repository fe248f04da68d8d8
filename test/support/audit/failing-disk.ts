import { open } from 'node:fs/promises'
import { fileSystem, type TrailDisk } from '../../../gateway/audit/trail-disk.ts'

export interface FailingDisk extends TrailDisk {
  /** `full`: events are written to Linux's /dev/full; `read-only`: through a file that is open for reading. */
  state: 'sound' | 'full' | 'read-only'
}

/** The real file system, whose event files fail as real ones do, when a test says so. */
export function createFailingDisk(): FailingDisk {
  const disk: FailingDisk = {
    ...fileSystem,
    state: 'sound',
    async open(file, mode) {
      const handle = await fileSystem.open(file, mode)
      if (mode === 'OVERWRITE') return handle
      return {
        ...handle,
        write: (bytes, position) =>
          disk.state === 'sound'
            ? handle.write(bytes, position)
            : writeInVain(disk.state === 'full' ? ['/dev/full', 'w'] : [file, 'r'], bytes),
      }
    },
  }
  return disk
}

async function writeInVain([file, flags]: readonly [file: string, flags: string], bytes: Buffer): Promise<void> {
  const handle = await open(file, flags)
  await handle.write(bytes).finally(() => handle.close())
}
