import { StartupError } from '../../schema/service/startup-error.ts'

/** What may be found instead of a store, and what to do about it. */
const findings = {
  'no-database': ['expected a SQLite database, found a file that is none.', 'restore'],
  emptied: ['expected a SQLite database, found a file of 0 bytes that nobody is making.', 'restore'],
  damaged: ['expected a sound database, found damaged pages.', 'restore'],
  foreign: ['expected a record store of this project, found a database of another program.', 'move'],
} as const

const remedies = {
  restore: 'Restore it from a backup; or move it away, with its -wal and -shm files, and publish everything again.',
  move: 'Move the file away, or let DATA_DIR name another folder.',
  newer: 'Start the newer program, or restore a backup from before it.',
} as const

/** A file that cannot be served as a region's record store. Nothing is read from it or changed in it. */
export class StoreUnusable extends StartupError {
  readonly code = 'STORE_REFUSED'
  constructor(
    file: string,
    finding: keyof typeof findings | { readonly finding: string; readonly remedy: keyof typeof remedies },
    options?: ErrorOptions,
  ) {
    const [found, remedy] = typeof finding === 'string' ? findings[finding] : [finding.finding, finding.remedy]
    super(`Record store ${file}: ${found} ${remedies[remedy]}`, options)
  }
}
