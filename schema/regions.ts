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

/** What is done when a region fails; each part may be left out. */
const resilience = z.strictObject({
  /** How often a read is sent again in the region's time, where its failure may pass. */
  retries: z.union([z.literal(0), z.literal(1)]).default(1),
  /** The longest pause before that, in milliseconds; half of it at least. */
  pauseMs: z.int().min(0).max(1000).default(25),
  /** Failures in a row that suspend the region, for the viewer whose they are or, where it confirms that it is down, for all: it is not called then. */
  failuresInRow: z.int().min(1).max(1_000_000).default(5),
  /** How long it is suspended for that, in milliseconds, until one call tries it. */
  suspendMs: z.int().min(100).max(600_000).default(5000),
  /** The longest that it is suspended for because it says Retry-After, in milliseconds. */
  longestRetryAfterMs: z.int().min(0).max(3_600_000).default(60_000),
})

const region = z.strictObject({
  /** RegionCode of the public schema. */
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  /** Folder and file names, command line. */
  slug: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** Prefix of the region's types in the composed schema. */
  typePrefix: z.string().regex(/^[A-Z][A-Za-z0-9]*$/),
  name: z.string().min(1),
  /** The viewer's name, by which people know the region. */
  applicationName: z.string().min(1),
  organisation: z.strictObject({ odsCode: z.string(), name: z.string() }),
  /** The root field of the region's SDL that answers a ViewReply for `nhsNumbers`. */
  viewField: z.string().regex(/^[a-z]\w*$/),
  /** The root field of the region's SDL that answers DocumentReplies for `ids`. */
  documentsField: z.string().regex(/^[a-z]\w*$/),
  /** The root field of the region's SDL that answers the DocumentCounts of a `week`. */
  countsField: z.string().regex(/^[a-z]\w*$/),
  /** Where the region's record store answers. */
  url: z.url({ protocol: /^https?$/ }),
  /** How long the region may take, in milliseconds: less than the gateway's REQUEST_DEADLINE_MS. */
  timeMs: z.int().min(50).max(60_000),
  resilience: resilience.prefault({}),
  /** File of the region's own SDL; a relative path counts from the list's file. @default schema/SLUG.graphql */
  sdl: z.string().min(1).optional(),
  /** Folder of the region's consent rules and their settings.json. @default schema/policies/SLUG */
  policies: z.string().min(1).optional(),
  /** File of organisations that belong to the region beside those of schema/organisations.json. @default none */
  organisations: z.string().min(1).optional(),
})

/** One region of the list of regions. */
export type RegionConfiguration = Readonly<z.infer<typeof region>>

const expected = 'a list of regions, as schema/regions.json'

const defaultFile = fileURLToPath(new URL('regions.json', import.meta.url))

/**
 * The list of regions from a JSON file, the paths in it made absolute; this process knows the organisations that it names from then on. Throws
 * InvalidSetting where it is no such list, or names a file that is not there. In production a region's address is https unless it is on this
 * machine, because the viewer's token goes there.
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

/** The setting REGIONS of a command; services have their own, which says more. */
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

/** The port of an address, that of its protocol where it names none. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return Number(port || (protocol === 'https:' ? 443 : 80))
}
