import { readFileSync } from 'node:fs'
import { z } from 'zod'

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
  /** Where the region's record store answers. */
  url: z.url(),
  /** How long the region may take, in milliseconds. */
  timeMs: z.int().min(50).max(60_000),
})

/** One region of the list of regions. */
export type RegionConfiguration = Readonly<z.infer<typeof region>>

/** The list of regions from a JSON file; throws with what was expected and found when it is not one. */
export function loadRegions(file: URL | string = new URL('regions.json', import.meta.url)): readonly RegionConfiguration[] {
  const result = z
    .array(region)
    .min(1)
    .safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!result.success) throw new Error(`List of regions ${String(file)}:\n${z.prettifyError(result.error)}`)
  for (const key of ['code', 'slug', 'typePrefix', 'url'] as const) {
    if (new Set(result.data.map((one) => one[key])).size < result.data.length) {
      throw new Error(`List of regions ${String(file)}: expected each ${key} once, found one twice`)
    }
  }
  return result.data
}
