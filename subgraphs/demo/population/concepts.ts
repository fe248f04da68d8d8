import type * as Region from '../../../schema/generated/region.ts'
import type { Concept } from '../vocabulary/concept.ts'

const served = new Map<Concept, Region.Concept>()

/** A concept of `codes/` as the stores serve it; made once, for `codes/` is finite. */
export function toConcept(concept: Concept): Region.Concept {
  const known = served.get(concept)
  if (known) return known
  const made = { text: concept.text, codings: concept.coding ?? [] }
  served.set(concept, made)
  return made
}
