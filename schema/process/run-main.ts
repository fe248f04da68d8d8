import { StartRefused } from './start-refused.ts'

/** Runs a main. A StartRefused ends the process with its message and exit code; any other error is a bug and shows its stack. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (cause) {
    if (!(cause instanceof StartRefused)) throw cause
    process.stderr.write(`${cause.message}\n`)
    process.exit(cause.exitCode)
  }
}
