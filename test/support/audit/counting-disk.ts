import { fileSystem, type TrailDisk, type TrailHandle } from '../../../gateway/audit/trail-disk.ts'

export interface CountingDisk extends TrailDisk {
  /** How often each was done to event files since the last reset. */
  readonly counts: { writes: number; syncs: number }
  reset(): void
  /**
   * Comes before each of them on event files; what it throws is thrown in its place, and a failing write leaves half of
   * its bytes.
   */
  before: (operation: 'write' | 'sync' | 'cutTo') => Promise<void> | void
}

/** The real file system, counted, held up or failing as a test wants. */
export function createCountingDisk(): CountingDisk {
  const watched: CountingDisk = {
    ...fileSystem,
    counts: { writes: 0, syncs: 0 },
    before: () => {},
    reset: () => Object.assign(watched.counts, { writes: 0, syncs: 0 }),
    async open(file, mode) {
      const handle = await fileSystem.open(file, mode)
      return mode === 'OVERWRITE' ? handle : watch(handle)
    },
  }
  const watch = (handle: TrailHandle): TrailHandle => ({
    ...handle,
    async write(bytes, position) {
      watched.counts.writes++
      try {
        await watched.before('write')
      } catch (cause) {
        await handle.write(bytes.subarray(0, bytes.length / 2), position)
        throw cause
      }
      await handle.write(bytes, position)
    },
    async sync() {
      watched.counts.syncs++
      await watched.before('sync')
      await handle.sync()
    },
    async truncate(size) {
      await watched.before('cutTo')
      await handle.truncate(size)
    },
  })
  return watched
}

/** What a full disk says. */
export function createDiskFullError(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
}
