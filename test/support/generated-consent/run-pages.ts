import type { AnsweredItem, AnsweredPatient, AnsweredSection } from './answers.ts'
import { findContentFaults } from './find-content-faults.ts'
import { findEventFaults } from './find-event-faults.ts'
import { checkSectionAnswers, findPatientFaults } from './find-patient-faults.ts'
import { findUnreleased } from './find-unreleased.ts'
import type { AskModel } from './model.ts'
import { pageQuery } from './queries.ts'
import { questionsOf, request } from './request.ts'
import { askedNumber, type Scenario } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'
import { sections, toFilterVariables } from './sections.ts'

const mostPages = 30

/** A timeline to its end, page by page; contents are opened from each page. */
export async function runPages(stage: ScenarioSystem, scene: Scenario, ask: AskModel): Promise<readonly string[]> {
  const section = sections.find(({ field }) => field === ask.timeline)
  if (!section) throw new Error('Expected a timeline')
  const question = questionsOf(scene, ask)[ask.patient]
  const filter = toFilterVariables(ask.filters)[ask.timeline]
  const findings: string[] = []
  const nodes: AnsweredItem[] = []
  let after: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const number = askedNumber(scene, ask.patient)
    const { data, text } = await request(stage, scene, ask, pageQuery(ask.timeline), {
      number,
      first: ask.first,
      after,
      filter,
    })
    const answer = data.patient as AnsweredPatient
    const timeline = answer[ask.timeline] as AnsweredSection
    nodes.push(...timeline.nodes)
    // Items are judged when all are gathered: none may be missing then, and none be there twice.
    const isLast = !timeline.pageInfo?.hasNextPage
    if (isLast)
      findings.push(...findPatientFaults(scene, question, { ...answer, [ask.timeline]: { ...timeline, nodes } }))
    else findings.push(...checkSectionAnswers(scene, question, section, timeline).findings)
    findings.push(...findUnreleased(scene, text, (patient) => (patient === ask.patient ? question.expected : [])))
    findings.push(...findEventFaults(stage.takeEvents(), [{ number, expected: question.expected }]))
    findings.push(
      ...(await findContentFaults(stage, scene, { viewer: ask.viewer, patient: ask.patient, nodes: timeline.nodes })),
    )
    stage.tally.add(`page ${Math.min(page, 2)}`)
    if (isLast) return findings
    after = timeline.pageInfo?.endCursor ?? null
  }
  return [...findings, `pages: more than ${mostPages}`]
}
