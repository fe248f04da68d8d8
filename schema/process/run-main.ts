import { StartRefused } from './start-refused.ts'

/** Runs a main. A StartRefused ends the process with its message and exit code; any other error is a bug and shows its stack. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  // What Node and libraries make beside private-files.ts, as the compile cache, is for this user alone, too.
  process.umask(0o077)
  try {
    await main()
  } catch (cause) {
    if (!(cause instanceof StartRefused)) throw cause
    process.stderr.write(`${cause.message}\n`)
    process.exit(cause.exitCode)
  }
}
