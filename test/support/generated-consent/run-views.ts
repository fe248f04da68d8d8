import type { ExpectedRegion } from './expect-regions.ts'
import { findContentFaults } from './find-content-faults.ts'
import { findDifference } from './find-difference.ts'
import { findEventFaults } from './find-event-faults.ts'
import { findPatientFaults } from './find-patient-faults.ts'
import { findUnreleased } from './find-unreleased.ts'
import type { AskModel, Which } from './model.ts'
import { aliasesQuery, wholeQuery } from './queries.ts'
import { questionsOf, request } from './request.ts'
import { askedNumber, type Scenario } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'

/** Everything of one patient, the regions' own records beside it. */
export async function runWholeView(stage: ScenarioSystem, scene: Scenario, ask: AskModel): Promise<readonly string[]> {
  const { data, text } = await request(stage, scene, ask, wholeQuery, { number: askedNumber(scene, ask.patient) })
  const question = questionsOf(scene, ask)[ask.patient]
  tallyOutcomes(stage, scene, ask.patient, question.expected)
  return [
    ...findPatientFaults(scene, question, data.patient),
    ...findUnreleased(scene, text, (patient) => (patient === ask.patient ? question.expected : [])),
    ...findEventFaults(stage.takeEvents(), [{ number: askedNumber(scene, ask.patient), expected: question.expected }]),
    ...(await findContentFaults(stage, scene, {
      viewer: ask.viewer,
      patient: ask.patient,
      nodes: data.patient.documents.nodes,
    })),
  ]
}

/** What the rules came to, for the test to see that everything comes up. */
function tallyOutcomes(
  stage: ScenarioSystem,
  scene: Scenario,
  patient: Which,
  expected: readonly ExpectedRegion[],
): void {
  for (const one of expected) {
    stage.tally.add(`${one.region}: ${one.status} ${one.release.code}`)
    if (one.flags) stage.tally.add(`${one.region}: flags`)
    for (const item of scene.world.patients[patient].items) {
      const version = item.versions[one.region]
      if (version && one.status === 'ANSWERED')
        stage.tally.add(`${one.region}: ${one.outcomeOf(item, version)} an item`)
    }
  }
}

/** Two patients under aliases in one request, one of them twice. */
export async function runAliases(stage: ScenarioSystem, scene: Scenario, ask: AskModel): Promise<readonly string[]> {
  const { patient } = ask
  const other: Which = patient === 0 ? 1 : 0
  const { data, text } = await request(stage, scene, ask, aliasesQuery, {
    number: askedNumber(scene, patient),
    other: askedNumber(scene, other),
  })
  const questions = questionsOf(scene, ask)
  const eventsOf = (one: Which) => ({ number: askedNumber(scene, one), expected: questions[one].expected })
  return [
    ...findPatientFaults(scene, questions[patient], data.one),
    ...findPatientFaults(scene, questions[other], data.other),
    ...findPatientFaults(scene, questions[patient], data.again),
    ...findDifference(
      'aliases: documents again',
      data.again.more.nodes.map(({ title }: { title: string }) => title),
      data.one.documents.nodes.map(({ title }: { title: string }) => title),
    ),
    ...findUnreleased(scene, text, (one) => questions[one].expected),
    ...findEventFaults(stage.takeEvents(), [eventsOf(patient), eventsOf(other), eventsOf(patient)]),
  ]
}
