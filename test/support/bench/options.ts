import { parseCommand } from '../../../schema/service/run-main.ts'
import { UsageError } from '../../../schema/service/startup-error.ts'

/** A benchmark's options: their defaults, which also say whether each is a number, a text or a flag. */
type Defaults = Readonly<Record<string, number | string | boolean>>
type Values<D extends Defaults> = {
  readonly [Name in keyof D]: D[Name] extends number ? number : D[Name] extends boolean ? boolean : string
}

/**
 * What stands on a benchmark's command line: `--seconds 2`, and what is no option. Throws a UsageError that lists the
 * options.
 */
export function parseOptions<D extends Defaults>(
  args: readonly string[],
  defaults: D,
): Values<D> & { readonly rest: readonly string[] } {
  const names = Object.entries(defaults).map(([name, value]) =>
    value === false
      ? `  --${name}`
      : `  --${name} ${typeof value === 'number' ? 'NUMBER' : 'TEXT'}, default ${value || 'none'}`,
  )
  const usage = `Options:\n${names.join('\n')}`
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: typeof value === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const { values, positionals } = parseCommand({ args: [...args], options, allowPositionals: true }, usage)
  const read = (name: string, value: unknown, fallback: number | string | boolean) => {
    if (value === undefined || typeof fallback !== 'number') return value ?? fallback
    const number = Number(value)
    if (!(number >= 0)) throw new UsageError(`--${name}: expected a number, found ${value}`, usage)
    return number
  }
  const found = Object.fromEntries(
    Object.entries(defaults).map(([name, fallback]) => [name, read(name, values[name], fallback)]),
  )
  return { ...(found as Values<D>), rest: positionals }
}
