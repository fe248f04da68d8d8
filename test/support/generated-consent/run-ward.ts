import type { AnsweredPatient, AnsweredSection } from './answers.ts'
import type { ExpectedRegion } from './expect-regions.ts'
import { findDifference } from './find-difference.ts'
import { findEventFaults } from './find-event-faults.ts'
import { findPatientFaults } from './find-patient-faults.ts'
import { findUnreleased } from './find-unreleased.ts'
import type { AskModel } from './model.ts'
import { wardQuery } from './queries.ts'
import { questionsOf, request } from './request.ts'
import { askedNumber, type Scenario } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'
import { sections } from './sections.ts'

/** A list of numbers: both patients, between them a number never seen, and one patient twice. */
export async function runWard(stage: ScenarioSystem, scene: Scenario, ask: AskModel): Promise<readonly string[]> {
  const numbers = [askedNumber(scene, 0), scene.unknown, askedNumber(scene, 1), askedNumber(scene, ask.patient)]
  const { data, text } = await request(stage, scene, ask, wardQuery, { numbers })
  const questions = questionsOf(scene, ask)
  const [first, unknown, second, again]: readonly (AnsweredPatient & { askedNhsNumber: string })[] = data.patients
  if (!first || !unknown || !second || !again) return ['ward: expected four answers']
  return [
    ...findDifference(
      'ward: order',
      data.patients.map((one: { askedNhsNumber: string }) => one.askedNhsNumber),
      numbers,
    ),
    ...findPatientFaults(scene, questions[0], first),
    ...findPatientFaults(scene, questions[1], second),
    ...findPatientFaults(scene, questions.unknown, unknown),
    ...findDifference(
      'ward: the same patient again',
      withoutUrls(again),
      withoutUrls(ask.patient === 0 ? first : second),
    ),
    ...judgeSameness(stage, questions[0].expected, questions.unknown.expected, first, unknown),
    ...judgeSameness(stage, questions[1].expected, questions.unknown.expected, second, unknown),
    ...findUnreleased(scene, text, (patient) => questions[patient].expected),
    ...findEventFaults(stage.takeEvents(), [
      ...([0, 1] as const).map((patient) => ({
        number: askedNumber(scene, patient),
        expected: questions[patient].expected,
      })),
      { number: scene.unknown, expected: questions.unknown.expected },
    ]),
  ]
}

/** Content urls bear the instant at which they end. */
function withoutUrls(answer: AnsweredPatient): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value) => (key === 'url' ? null : value)))
}

/** A region says of a concealed number, of one without relationship and of one never seen the very same. */
function judgeSameness(
  stage: ScenarioSystem,
  expected: readonly ExpectedRegion[],
  ofUnknown: readonly ExpectedRegion[],
  answer: AnsweredPatient,
  unknown: AnsweredPatient,
): readonly string[] {
  const told = (patient: AnsweredPatient, region: string) => ({
    answer: patient.completeness.regions.find((one) => one.region.code === region),
    sections: sections.map(({ field }) =>
      (patient[field] as AnsweredSection).answers.find((one) => one.region === region),
    ),
  })
  return expected.flatMap(({ region, facts, status }, index) => {
    if (
      facts.patient === null ||
      (status !== 'NOT_KNOWN' && status !== 'RELATIONSHIP_REQUIRED') ||
      status !== ofUnknown[index]?.status
    )
      return []
    stage.tally.add(`like an unknown number: ${status}`)
    return findDifference(`${region}: like an unknown number`, told(answer, region), told(unknown, region))
  })
}
