import type * as Region from '../../../schema/generated/region.ts'
import { problems } from '../codes/problems.ts'
import type { Concept } from '../vocabulary/concept.ts'
import type { Organisation } from '../vocabulary/organisation.ts'
import { toConcept } from './concepts.ts'
import type { PersonWriting } from './writing.ts'

export interface EncounterOptions {
  readonly class: Region.EncounterClass
  readonly type: Concept
  readonly organisation: Organisation
  /** When it ended: the day of the document that tells of it. */
  readonly daysAgo: number
}

/** The encounter that a document tells of; not every source publishes them. */
export function writeEncounter(
  { scribe, days, random, life }: PersonWriting,
  { class: encounterClass, type, organisation, daysAgo }: EncounterOptions,
): void {
  if (!random.chance(0.6)) return
  const isStay = encounterClass === 'INPATIENT'
  const isUrgent = isStay || encounterClass === 'EMERGENCY' || encounterClass === 'FIELD'
  const start = days.at(
    isStay ? Math.min(daysAgo + random.between(1, 9), life.bornDaysAgo) : daysAgo,
    random.between(isUrgent ? 130 : 540, 700),
  )
  scribe.write('encounters', {
    resourceType: 'Encounter',
    organisation,
    on: start,
    fields: {
      class: encounterClass,
      type: toConcept(type),
      status: 'FINISHED',
      start: start.text,
      end: days.at(daysAgo, 720).text,
      reason: isUrgent ? toConcept(random.pick([problems.chestPain, problems.pneumonia, problems.hipFracture])) : null,
      provider: organisation,
    },
  })
}
