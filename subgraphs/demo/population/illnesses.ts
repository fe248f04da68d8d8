import type { Concept } from '../vocabulary/concept.ts'
import { toConcept } from './concepts.ts'
import { shares } from './figures.ts'
import { acuteMedicines, type Illness, illnesses, prevalenceAt, type Test } from './health.ts'
import { pastDay } from './life.ts'
import { toResultFields } from './result-fields.ts'
import type { PracticeWriting } from './writing.ts'

/** The long-term problems that people of this age have, with a medicine and the measurements of the last years. */
export function writeIllnesses(writing: PracticeWriting): void {
  const { outline, random } = writing
  for (const illness of illnesses) if (random.chance(prevalenceAt(illness, outline.age))) writeIllness(writing, illness)
}

function writeIllness(writing: PracticeWriting, { problem, medicines, tests }: Illness): void {
  const { life, days, random, scribe, organisation, isCorrected } = writing
  const since = pastDay(random, life, 30)
  const on = days.on(since)
  const isMistaken = random.chance(shares.mistaken)
  scribe.write('problems', {
    resourceType: 'Condition',
    organisation,
    on,
    lifecycle: isMistaken && isCorrected ? 'retracted' : 'current',
    fields: {
      code: toConcept(problem),
      status: 'ACTIVE',
      verification: 'CONFIRMED',
      onset: on.text.slice(0, 7),
      abatement: null,
      significance: null,
      recorded: on.text,
    },
  })
  if (isMistaken) return
  if (medicines.length > 0) writeRepeat(writing, random.pick(medicines), since)
  for (const test of tests) for (let times = random.between(0, 2); times > 0; times--) writeResult(writing, test)
}

/** The latest prescription of a medicine that goes on, issued in the last four weeks of life. */
function writeRepeat(
  { life, days, random, scribe, organisation }: PracticeWriting,
  [medicine, dosage]: readonly [Concept, string],
  startedDaysAgo: number,
): void {
  const on = days.on(Math.min(startedDaysAgo, life.endedDaysAgo + random.between(1, 27)))
  const status = life.endedDaysAgo === 0 ? 'ACTIVE' : 'COMPLETED'
  const dates = { started: days.on(startedDaysAgo).text, ended: null, lastIssued: on.text }
  scribe.write('medications', {
    resourceType: 'MedicationRequest',
    organisation,
    on,
    fields: { medicine: toConcept(medicine), dosage, status, kind: 'REPEAT', ...dates, prescriber: organisation },
  })
}

/** A medicine taken for a week. */
export function writeCourse({ life, days, random, scribe, organisation }: PracticeWriting): void {
  const [medicine, dosage] = random.pick(acuteMedicines)
  const issuedDaysAgo = pastDay(random, life, 2)
  const on = days.on(issuedDaysAgo)
  const dates = {
    started: on.text,
    ended: days.on(Math.max(issuedDaysAgo - 7, life.endedDaysAgo)).text,
    lastIssued: on.text,
  }
  scribe.write('medications', {
    resourceType: 'MedicationRequest',
    organisation,
    on,
    fields: {
      medicine: toConcept(medicine),
      dosage,
      status: 'COMPLETED',
      kind: 'ACUTE',
      ...dates,
      prescriber: organisation,
    },
  })
}

function writeResult({ life, days, random, scribe, organisation }: PracticeWriting, test: Test): void {
  const on = days.at(pastDay(random, life, 2), random.between(500, 1000))
  scribe.write('results', {
    resourceType: 'Observation',
    organisation,
    on,
    fields: toResultFields(random, test, on.text),
  })
}
