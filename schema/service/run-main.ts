import { type ParseArgsConfig, parseArgs } from 'node:util'
import { StartupError, UsageError } from './startup-error.ts'

/** Runs a main. A StartupError ends the process with its message and exit code; any other error is a bug and shows its stack. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  // What Node and libraries make beside private-files.ts, as the compile cache, is for this user alone, too.
  process.umask(0o077)
  try {
    await main()
  } catch (cause) {
    if (!(cause instanceof StartupError)) throw cause
    process.stderr.write(`${cause.message}\n`)
    process.exit(cause.exitCode)
  }
}

/** parseArgs of node:util over the process's own arguments; what it refuses, and an option without text, is a UsageError. */
export function parseCommand<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  const parsed = parse(config, usage)
  for (const [name, value] of Object.entries(parsed.values)) {
    if (typeof value === 'string' && value.trim() === '')
      throw new UsageError(`--${name}: expected a value, found ${JSON.stringify(value)}`, usage)
  }
  return parsed
}

function parse<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('ERR_PARSE_ARGS'))) throw cause
    throw new UsageError(cause.message, usage, { cause })
  }
}
