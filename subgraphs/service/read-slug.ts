import { parseCommand } from '../../schema/service/run-main.ts'
import { UsageError } from '../../schema/service/startup-error.ts'

/**
 * Reads the region's slug, the only argument of a main that starts a record store. Throws UsageError. REGIONS decides
 * whether it is listed.
 */
export function readSlug(program: string): string {
  const usage = `Usage: node ${program} SLUG\n\nStarts the record store of the region with this slug in the list of regions (REGIONS).`
  const { positionals } = parseCommand({ allowPositionals: true, options: {} } as const, usage)
  const [slug, ...more] = positionals
  if (slug === undefined || more.length > 0 || !/^[a-z][a-z0-9-]*$/.test(slug))
    throw new UsageError(`SLUG: expected a region's slug, found ${positionals.join(' ') || 'nothing'}`, usage)
  return slug
}
