import type { ItemFields } from '../../store/record-store.ts'
import { relationships, vaccines } from '../codes/care.ts'
import { writeAllergies } from './allergies.ts'
import { toConcept } from './concepts.ts'
import { leftArm } from './health.ts'
import { writeCourse, writeIllnesses } from './illnesses.ts'
import { pastDay } from './life.ts'
import type { PracticeWriting } from './writing.ts'

/** What the practice publishes, in the same order to each region. */
export function writePracticeRecord(writing: PracticeWriting): void {
  writeAllergies(writing)
  writeIllnesses(writing)
  if (writing.random.chance(0.35)) writeCourse(writing)
  writeVaccinations(writing)
  writeContacts(writing)
}

function writeVaccinations({ outline, life, days, random, scribe, organisation }: PracticeWriting): void {
  const booster = ['covidSecond', 5] as const
  const offered =
    outline.age < 16
      ? ([['mmrSecond', 12]] as const)
      : outline.age < 65
        ? [booster]
        : ([booster, ['influenza', 1]] as const)
  for (const [vaccine, withinYears] of offered) {
    if (random.chance(0.35)) continue
    const on = days.on(pastDay(random, life, withinYears))
    const lot = `LOT${random.between(1000, 9999)}`
    const fields = {
      vaccine: toConcept(vaccines[vaccine]),
      status: 'COMPLETED',
      given: on.text,
      dose: null,
      lot,
      site: toConcept(leftArm),
    } as const
    scribe.write('immunisations', { resourceType: 'Immunization', organisation, on, fields })
  }
}

function writeContacts({ identity, random, scribe, organisation }: PracticeWriting): void {
  const write = (fields: ItemFields<'contacts'>) =>
    scribe.write('contacts', { resourceType: 'Patient', organisation, on: null, identified: false, fields })
  write({
    name: organisation.name,
    relationship: { text: 'General practitioner', codings: [] },
    professional: true,
    worksFor: organisation,
    telecom: [],
  })
  if (!random.chance(0.3)) return
  const name = `${random.pick(['Alex', 'Chris', 'Jo', 'Pat', 'Sam'])} ${identity.family}`
  const relationship = toConcept(
    random.pick([relationships.partner, relationships.mother, relationships.son, relationships.daughter]),
  )
  write({
    name,
    relationship,
    professional: false,
    worksFor: null,
    telecom: [{ system: 'phone', value: identity.otherwise.phone, use: 'mobile' }],
  })
}
