import type { AnsweredPatient, AnsweredRegion, AnsweredSection } from './answers.ts'
import { type ExpectedRegion, isProtected, type PatientQuestion } from './expect-regions.ts'
import { type ExpectedSection, expectSection } from './expect-section.ts'
import { findDifference } from './find-difference.ts'
import { findSectionFaults } from './find-item-faults.ts'
import { findPlaces } from './find-places.ts'
import { findRecordFaults } from './find-record-faults.ts'
import { regions, type Which } from './model.ts'
import { isWhereTaken, type Scenario, toGrantId, toMark } from './scenario.ts'
import { type SectionDefinition, sections } from './sections.ts'

/** What is wrong with a patient's answer, in sentences; nothing where it is as the oracle says. */
export function findPatientFaults(
  scene: Scenario,
  question: PatientQuestion,
  answer: AnsweredPatient,
): readonly string[] {
  const { expected } = question
  const asked = sections.filter(({ field }) => answer[field] !== undefined)
  const judged = asked.map((section) =>
    judgeSection(scene, question, section, answer[section.field] as AnsweredSection),
  )
  const isWhole = expected.every(({ status }) => status === 'ANSWERED' || status === 'NOT_KNOWN')
  const keepsDemographics =
    answer.demographics !== undefined &&
    expected.some((one) => one.status === 'ANSWERED' && one.ordinary('demographics') === 'withheld')
  return [
    ...expected.flatMap((one) => judgeRegion(scene, question, one, answer.completeness.regions)),
    ...judged.flatMap(({ findings }) => findings),
    ...findDifference(
      'complete',
      answer.completeness.complete,
      isWhole && !keepsDemographics && judged.every(({ complete }) => complete),
    ),
    ...findDifference('presence', answer.presence, toPresence(expected)),
    ...(answer.demographics === undefined ? [] : judgeDemographics(scene, question, answer.demographics)),
    ...(answer.records === undefined ? [] : findRecordFaults(scene, question, answer.records)),
    ...(isProtected(expected) ? findPlaces(answer) : []),
  ]
}

function toPresence(expected: readonly ExpectedRegion[]): string {
  if (expected.some(({ status }) => status === 'ANSWERED')) return 'FOUND'
  return expected.every(({ status }) => status === 'NOT_KNOWN') ? 'NOT_FOUND' : 'UNDETERMINED'
}

function judgeRegion(
  scene: Scenario,
  { viewer, patient }: PatientQuestion,
  { region, status, release, isAsked, facts }: ExpectedRegion,
  answered: readonly AnsweredRegion[],
): readonly string[] {
  const answer = answered.find((one) => one.region.code === region)
  const isTold = isAsked && status !== 'NOT_KNOWN'
  const breakGlass = answer?.decision?.breakGlass.map(({ barrier, reasons }) => [barrier, reasons])
  const grants = patient === null ? [] : toGrantIds(scene, viewer, patient)
  const isGrantTold = isTold && release.code === 'OVERRIDDEN' && facts.patient !== null
  return [
    ...findDifference(`${region}: status`, answer?.status, status),
    ...findDifference(`${region}: decision`, answer?.decision?.code ?? null, isTold ? release.code : null),
    ...(isTold ? findDifference(`${region}: breakGlass`, breakGlass, release.breakGlass) : []),
    ...findDifference(
      `${region}: grant of the decision is one of the viewer's`,
      grants.includes(answer?.decision?.grant ?? ''),
      isGrantTold,
    ),
  ]
}

function toGrantIds(scene: Scenario, viewer: Which, patient: Which): readonly string[] {
  const isTheirs = (one: { readonly viewer: Which }) => isWhereTaken(scene, one.viewer, viewer)
  const recorded = regions.flatMap(({ code }) =>
    scene.world.patients[patient].holdings[code].grants.flatMap((grant, index) =>
      isTheirs(grant) ? [toGrantId(scene, patient, index)] : [],
    ),
  )
  return [
    ...recorded,
    ...scene.given.flatMap((one) => (one.kind === 'grant' && isTheirs(one) && one.patient === patient ? [one.id] : [])),
  ]
}

function judgeDemographics(
  scene: Scenario,
  { patient, expected }: PatientQuestion,
  answer: AnsweredPatient['demographics'],
): readonly string[] {
  if (patient === null) return findDifference('demographics', answer, null)
  const shown = expected.filter(
    (one) =>
      one.status === 'ANSWERED' &&
      one.ordinary('demographics') === 'release' &&
      scene.world.patients[patient].holdings[one.region].demographics,
  )
  const codes = shown.map(({ region }) => region)
  const [newest] = codes
  return [
    ...findDifference('demographics: sources', answer?.sources.map(({ region }) => region) ?? [], codes),
    ...(newest ? findDifference('demographics: name', answer?.name?.full, toMark(scene, patient, null, newest)) : []),
    ...(answer
      ? findDifference('demographics: locationProtected', answer.locationProtected, isProtected(expected))
      : []),
    ...(answer ? findDifference('demographics: has an address', answer.address !== null, !isProtected(expected)) : []),
  ]
}

interface CheckedSection {
  readonly findings: readonly string[]
  /** Whether the section must be complete. */
  readonly complete: boolean
  readonly wanted: readonly ExpectedSection[]
}

const wholeAnswers = ['RECORDED', 'NONE_RECORDED', 'ASSERTED_NONE', 'NOT_KNOWN']

/** What the regions say of a section, which is the same on each of its pages. */
export function checkSectionAnswers(
  scene: Scenario,
  { patient, expected, filters }: PatientQuestion,
  section: SectionDefinition,
  answer: AnsweredSection,
): CheckedSection {
  const items = patient === null ? [] : scene.world.patients[patient].items
  const wanted = expected.map((one) => expectSection(scene, one, items, { section, filters }))
  const complete = wanted.every((one) => wholeAnswers.includes(one.answer) && !one.withheld)
  const answers = wanted.map(({ region, answer: code, withheld }) => ({
    region,
    section: section.name,
    answer: code,
    withheld,
    truncated: false,
  }))
  return {
    wanted,
    complete,
    findings: [
      ...findDifference(`${section.field}: answers`, answer.answers, answers),
      ...findDifference(`${section.field}: complete`, answer.complete, complete),
    ],
  }
}

function judgeSection(
  scene: Scenario,
  question: PatientQuestion,
  section: SectionDefinition,
  answer: AnsweredSection,
): CheckedSection {
  const { patient } = question
  const judged = checkSectionAnswers(scene, question, section, answer)
  if (patient === null)
    return {
      ...judged,
      findings: [...judged.findings, ...findDifference(`${section.field}: items`, answer.nodes.length, 0)],
    }
  return {
    ...judged,
    findings: [
      ...judged.findings,
      ...findSectionFaults(scene, { ...question, patient }, { section, wanted: judged.wanted, nodes: answer.nodes }),
    ],
  }
}
