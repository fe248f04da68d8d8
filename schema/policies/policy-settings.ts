import { readFileSync } from 'node:fs'
import { z } from 'zod'

const settings = z.strictObject({
  $comment: z.string().optional(),
  /** What is told of every record, the same for every patient. */
  notice: z.string().min(1),
  /** How long an office has to review that the glass was broken. */
  reviewDays: z.int().min(1),
  /** How long an answer may be kept in the gateway. */
  cache: z.strictObject({ staticDocumentsSeconds: z.int().min(1), listsSeconds: z.int().min(1) }),
})

/** A region's figures that no rule reads. */
export type PolicySettings = Readonly<z.infer<typeof settings>>

/** The settings in a file; throws with what was expected and found. */
export function loadPolicySettings(file: URL): PolicySettings {
  const result = settings.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!result.success) throw new Error(`${file.pathname}:\n${z.prettifyError(result.error)}`)
  return Object.freeze(result.data)
}
