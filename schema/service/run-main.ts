import { type ParseArgsConfig, parseArgs } from 'node:util'
import { StartupError, UsageError } from './startup-error.ts'

/**
 * Runs a main. A StartupError ends the process with its message and exit code; any other error is a bug and shows its
 * stack.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  // Sets the umask for files that Node and libraries create outside private-files.ts, such as the compile cache.
  process.umask(0o077)
  try {
    await main()
  } catch (cause) {
    if (!(cause instanceof StartupError)) throw cause
    process.stderr.write(`${cause.message}\n`)
    process.exit(cause.exitCode)
  }
}

/**
 * Parses the process's arguments by node:util's parseArgs. Throws UsageError for what parseArgs refuses and for an
 * empty option.
 */
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
