import { differs } from './differs.ts'
import type { ExpectedRegion } from './expect-regions.ts'
import { findLeaks } from './find-leaks.ts'
import { judgeContents } from './judge-contents.ts'
import { judgeEvents } from './judge-events.ts'
import { judgePatient } from './judge-patient.ts'
import type { AskModel, Which } from './model.ts'
import { aliasesQuery, wholeQuery } from './queries.ts'
import { questionsOf, request } from './request.ts'
import { askedNumber, type Scene } from './scene.ts'
import type { Stage } from './stage.ts'

/** Everything of one patient, the regions' own records beside it. */
export async function playWhole(stage: Stage, scene: Scene, ask: AskModel): Promise<readonly string[]> {
  const { data, text } = await request(stage, scene, ask, wholeQuery, { number: askedNumber(scene, ask.patient) })
  const question = questionsOf(scene, ask)[ask.patient]
  tallyOutcomes(stage, scene, ask.patient, question.expected)
  return [
    ...judgePatient(scene, question, data.patient),
    ...findLeaks(scene, text, (patient) => (patient === ask.patient ? question.expected : [])),
    ...judgeEvents(stage.takeEvents(), [{ number: askedNumber(scene, ask.patient), expected: question.expected }]),
    ...(await judgeContents(stage, scene, { viewer: ask.viewer, patient: ask.patient, nodes: data.patient.documents.nodes })),
  ]
}

/** What the rules came to, for the test to see that everything comes up. */
function tallyOutcomes(stage: Stage, scene: Scene, patient: Which, expected: readonly ExpectedRegion[]): void {
  for (const one of expected) {
    stage.tally.add(`${one.region}: ${one.status} ${one.release.code}`)
    if (one.flags) stage.tally.add(`${one.region}: flags`)
    for (const item of scene.world.patients[patient].items) {
      const version = item.versions[one.region]
      if (version && one.status === 'ANSWERED') stage.tally.add(`${one.region}: ${one.outcomeOf(item, version)} an item`)
    }
  }
}

/** Two patients under aliases in one request, one of them twice. */
export async function playAliases(stage: Stage, scene: Scene, ask: AskModel): Promise<readonly string[]> {
  const { patient } = ask
  const other: Which = patient === 0 ? 1 : 0
  const { data, text } = await request(stage, scene, ask, aliasesQuery, { number: askedNumber(scene, patient), other: askedNumber(scene, other) })
  const questions = questionsOf(scene, ask)
  const eventsOf = (one: Which) => ({ number: askedNumber(scene, one), expected: questions[one].expected })
  return [
    ...judgePatient(scene, questions[patient], data.one),
    ...judgePatient(scene, questions[other], data.other),
    ...judgePatient(scene, questions[patient], data.again),
    ...differs(
      'aliases: documents again',
      data.again.more.nodes.map(({ title }: { title: string }) => title),
      data.one.documents.nodes.map(({ title }: { title: string }) => title),
    ),
    ...findLeaks(scene, text, (one) => questions[one].expected),
    ...judgeEvents(stage.takeEvents(), [eventsOf(patient), eventsOf(other), eventsOf(patient)]),
  ]
}
