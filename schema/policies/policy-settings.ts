import { readFileSync } from 'node:fs'
import { z } from 'zod'

const settings = z.strictObject({
  $comment: z.string().optional(),
  /** The region's notice, shown with every record, the same for every patient. */
  notice: z.string().min(1),
  /** Days that an office has to review a break of the glass. */
  reviewDays: z.int().min(1),
  /** Seconds for which the gateway may cache an answer. */
  cache: z.strictObject({ staticDocumentsSeconds: z.int().min(1), listsSeconds: z.int().min(1) }),
})

/** A region's settings that no rule reads. */
export type PolicySettings = Readonly<z.infer<typeof settings>>

/** Loads the settings of a file; throws with what was expected and found. */
export function loadPolicySettings(file: URL): PolicySettings {
  const result = settings.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!result.success) throw new Error(`${file.pathname}:\n${z.prettifyError(result.error)}`)
  return Object.freeze(result.data)
}
