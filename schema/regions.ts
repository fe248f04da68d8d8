import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { addRegionOrganisations } from './organisations.ts'
import { loadJson } from './service/load-file.ts'
import { nonBlankText, setting } from './service/load-settings.ts'
import type { Mode } from './service/mode.ts'
import { toServiceAddress } from './service/service-address.ts'
import { InvalidSetting } from './service/startup-error.ts'

/** Retry and circuit breaker settings of a region; each may be left out. */
const resilience = z.strictObject({
  /** How often a failed read is retried within the region's time, if the failure may be transient. */
  retries: z.union([z.literal(0), z.literal(1)]).default(1),
  /** Longest pause before a retry, in milliseconds; the pause is at least half of it. */
  pauseMs: z.int().min(0).max(1000).default(25),
  /**
   * Consecutive failures that open the circuit: for the viewer who had them, or for all where a probe confirms that the
   * region is down.
   */
  failuresInRow: z.int().min(1).max(1_000_000).default(5),
  /** How long the circuit stays open, in milliseconds, before one call probes the region. */
  suspendMs: z.int().min(100).max(600_000).default(5000),
  /** Longest time, in milliseconds, for which Retry-After opens the circuit. */
  longestRetryAfterMs: z.int().min(0).max(3_600_000).default(60_000),
})

const region = z.strictObject({
  /** RegionCode of the public schema. */
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  /** Name of the region in folders, files and commands. */
  slug: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** Prefix of the region's types in the composed schema. */
  typePrefix: z.string().regex(/^[A-Z][A-Za-z0-9]*$/),
  name: z.string().min(1),
  /** The shared care record viewer by whose name people know the region. */
  applicationName: z.string().min(1),
  organisation: z.strictObject({ odsCode: z.string(), name: z.string() }),
  /** Root field of the region's SDL that returns a ViewReply for `nhsNumbers`. */
  viewField: z.string().regex(/^[a-z]\w*$/),
  /** Root field of the region's SDL that returns DocumentReplies for `ids`. */
  documentsField: z.string().regex(/^[a-z]\w*$/),
  /** Root field of the region's SDL that returns the DocumentCounts of a `week`. */
  countsField: z.string().regex(/^[a-z]\w*$/),
  /** Address of the region's record store. */
  url: z.url({ protocol: /^https?$/ }),
  /** Deadline of a call to the region, in milliseconds; shorter than the gateway's REQUEST_DEADLINE_MS. */
  timeMs: z.int().min(50).max(60_000),
  resilience: resilience.prefault({}),
  /** File of the region's own SDL; a relative path counts from the list's file. @default schema/SLUG.graphql */
  sdl: z.string().min(1).optional(),
  /** Folder of the region's consent rules and their settings.json. @default schema/policies/SLUG */
  policies: z.string().min(1).optional(),
  /** File of organisations that belong to the region, added to schema/organisations.json. @default none */
  organisations: z.string().min(1).optional(),
})

/** One entry of the list of regions. */
export type RegionConfiguration = Readonly<z.infer<typeof region>>

const expected = 'a list of regions, as schema/regions.json'

const defaultFile = fileURLToPath(new URL('regions.json', import.meta.url))

/**
 * Loads the list of regions from a JSON file, makes its paths absolute, and adds the organisations that it names in
 * this process. Throws InvalidSetting if the list is malformed or names a missing file. In production a remote region's
 * address must be https, because the viewer's token goes there.
 */
export function loadRegions(
  file: URL | string = defaultFile,
  mode: Mode = 'development',
): readonly RegionConfiguration[] {
  const result = z.array(region).min(1).safeParse(loadJson(file, expected))
  if (!result.success) throw new InvalidSetting(expected, `${z.prettifyError(result.error)} in ${String(file)}`)
  for (const key of ['code', 'slug', 'typePrefix', 'url'] as const) {
    if (new Set(result.data.map((one) => one[key])).size < result.data.length)
      throw new InvalidSetting(`${expected}, each ${key} once`, `one twice in ${String(file)}`)
  }
  for (const { code, url } of result.data)
    toServiceAddress(url, mode, `${expected}, the url of ${code} an http or https address`)
  const folder = dirname(file instanceof URL ? fileURLToPath(file) : file)
  const regions = result.data.map((one) => withAbsolutePaths(one, folder))
  for (const one of regions) assertFilesExist(one, String(file))
  for (const { code, organisations } of regions) if (organisations) addRegionOrganisations(code, organisations)
  return regions
}

/** The setting REGIONS of a command. Services document their own in more detail. */
export const regionListSetting = setting(
  'the file of the list of regions',
  nonBlankText.optional(),
  { description: 'File of the list of regions.', example: 'regions.json', fallback: '`schema/regions.json`' },
  (file) => loadRegions(file),
)

function withAbsolutePaths(one: RegionConfiguration, folder: string): RegionConfiguration {
  const paths = pathKeys.flatMap((key) => {
    const path = one[key]
    return path === undefined ? [] : [[key, resolve(folder, path)]]
  })
  return { ...one, ...Object.fromEntries(paths) }
}

const pathKeys = ['sdl', 'policies', 'organisations'] as const

function assertFilesExist(one: RegionConfiguration, file: string): void {
  if (one.sdl === undefined && !existsSync(new URL(`${one.slug}.graphql`, import.meta.url)))
    throw new InvalidSetting(
      `${expected}, each slug with its schema/SLUG.graphql or a path in sdl`,
      `${JSON.stringify(one.slug)} in ${file}`,
    )
  for (const key of pathKeys) {
    const path = one[key]
    if (path !== undefined && !existsSync(path))
      throw new InvalidSetting(`${expected}, the ${key} of ${one.code} a path that exists`, `no file ${path}`)
  }
}

/** The port of an address; the protocol's default port where it names none. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return Number(port || (protocol === 'https:' ? 443 : 80))
}
