import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { ExclusionSet } from './policies/facts.ts'

const exclusionSet = z.strictObject({
  referenceSet: z.string(),
  codes: z.record(z.string().regex(/^\d{6,18}$/), z.string()),
})
const form = z.strictObject({
  $comment: z.string(),
  GENDER: exclusionSet,
  FERTILITY: exclusionSet,
  TERMINATION: exclusionSet,
  STI: exclusionSet,
})

const { $comment: _, ...table } = form.parse(
  JSON.parse(readFileSync(new URL('exclusion-sets.json', import.meta.url), 'utf8')),
)
const names = Object.keys(table) as readonly ExclusionSet[]

const none: readonly ExclusionSet[] = []
const findSets = new Map<string, readonly ExclusionSet[]>()
for (const name of names)
  for (const code of Object.keys(table[name].codes)) findSets.set(code, [...(findSets.get(code) ?? []), name])

/** Hash of the table. Stored items that were classified by another table are classified again. */
export const exclusionSetsVersion: string = createHash('sha256').update(JSON.stringify(table)).digest('base64url')

/** Finds the exclusion sets that contain any of these SNOMED CT codes, each once, in the table's order. */
export function toExclusionSets(codes: Iterable<string>): readonly ExclusionSet[] {
  const found = new Set([...codes].flatMap((code) => findSets.get(code) ?? []))
  return found.size === 0 ? none : names.filter((name) => found.has(name))
}
