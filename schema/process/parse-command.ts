import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './start-refused.ts'

/** parseArgs of node:util over the process's own arguments; what it refuses, and an option without text, is a UsageError. */
export function parseCommand<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  const parsed = parse(config, usage)
  for (const [name, value] of Object.entries(parsed.values)) {
    if (typeof value === 'string' && value.trim() === '') throw new UsageError(`--${name}: expected a value, found ${JSON.stringify(value)}`, usage)
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
