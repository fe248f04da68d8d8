import { manifestations } from '../codes/substances.ts'
import { toConcept } from './concepts.ts'
import { allergens, noKnownAllergy } from './health.ts'
import { pastDay } from './life.ts'
import type { PracticeWriting } from './writing.ts'

/** An allergy, or the assertion that none is known, or neither. */
export function writeAllergies({ life, days, random, scribe, organisation }: PracticeWriting): void {
  const isAllergic = random.chance(0.22)
  if (!isAllergic && random.chance(0.5)) return
  const { substance, category } = isAllergic ? random.choose(allergens) : { substance: noKnownAllergy, category: null }
  const manifestation = random.pick(Object.values(manifestations))
  const severity = manifestation === manifestations.anaphylaxis ? 'SEVERE' : random.pick(['MILD', 'MODERATE'] as const)
  const on = days.on(pastDay(random, life, 25))
  scribe.write('allergies', {
    resourceType: 'AllergyIntolerance',
    organisation,
    on,
    fields: {
      substance: toConcept(substance),
      category,
      criticality: !isAllergic ? null : severity === 'SEVERE' ? 'HIGH' : 'LOW',
      status: 'ACTIVE',
      verification: 'CONFIRMED',
      reactions: isAllergic ? [{ manifestation: toConcept(manifestation), severity }] : [],
      onset: null,
      recorded: on.text,
    },
  })
}
