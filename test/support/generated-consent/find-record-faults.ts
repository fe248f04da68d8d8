import type { AnsweredRecord, AnsweredRecordSection } from './answers.ts'
import { type ExpectedRegion, isProtected, type PatientQuestion } from './expect-regions.ts'
import { expectSection } from './expect-section.ts'
import { findDifference } from './find-difference.ts'
import type { Which } from './model.ts'
import { recordAlias } from './queries.ts'
import { type Scenario, toOdsCode, toPublicId } from './scenario.ts'
import { noFilters, sections } from './sections.ts'

/** What is wrong with the regions' own records of a patient. */
export function findRecordFaults(
  scene: Scenario,
  { patient, expected }: PatientQuestion,
  records: readonly AnsweredRecord[],
): readonly string[] {
  const shown = isProtected(expected) ? [] : expected.filter(({ status }) => status === 'ANSWERED')
  const codes = shown.map(({ region }) => region)
  const whose = findDifference(
    'records: regions',
    records.map(({ region }) => region.code),
    codes,
  )
  if (patient === null || whose.length > 0) return whose
  return shown.flatMap((one, index) =>
    judgeRecord(scene, patient, one, records[index] ?? records[0]).map(
      (finding) => `record of ${one.region}: ${finding}`,
    ),
  )
}

function judgeRecord(
  scene: Scenario,
  patient: Which,
  expected: ExpectedRegion,
  record: AnsweredRecord | undefined,
): readonly string[] {
  if (!record) return ['is missing']
  const { items, holdings } = scene.world.patients[patient]
  const { demographics, optOuts } = holdings[expected.region]
  const idOf = (index: number) => {
    const item = items[index]
    return item ? toPublicId(scene, { patient, index }, item) : ''
  }
  const isOfWho = demographics !== null && expected.ordinary('demographics') === 'release'
  // Whom the patient does not trust is restricted.
  const isRefusalTold = expected.ordinary('demographics', ['R']) === 'release'
  const inForce = optOuts.filter(({ active }) => active && isRefusalTold).map(({ organisation }) => organisation)
  const refused = inForce.flatMap((organisation) => (organisation === null ? [] : [toOdsCode(scene, organisation)]))
  const plans = sections.find(({ field }) => field === 'carePlans')
  const planned = plans ? expectSection(scene, expected, items, { section: plans, filters: noFilters }).shown : []
  const social = planned.filter((index) =>
    /^\d{3}$/.test(toOdsCode(scene, items[index]?.versions[expected.region]?.source ?? '')),
  )
  return [
    ...findDifference('localIdentifiers', record.localIdentifiers.length, isOfWho ? 1 : 0),
    ...(record.organisationOptOuts
      ? findDifference(
          'organisationOptOuts',
          record.organisationOptOuts.map(({ odsCode }) => odsCode).toSorted(),
          refused.toSorted(),
        )
      : []),
    ...(record.regionOptOut === undefined
      ? []
      : findDifference('regionOptOut', record.regionOptOut, inForce.includes(null))),
    ...(record.socialCarePlans
      ? findDifference(
          'socialCarePlans',
          record.socialCarePlans.map(({ id }) => id).toSorted(),
          social.map(idOf).toSorted(),
        )
      : []),
    ...sections.flatMap((section) => {
      const { answer, withheld, nodes } = record[recordAlias(expected.region, section.field)] as AnsweredRecordSection
      const wanted = expectSection(scene, expected, items, { section, filters: noFilters })
      return [
        ...findDifference(
          `${section.field}: answer`,
          { answer, withheld },
          { answer: wanted.answer, withheld: wanted.withheld },
        ),
        ...findDifference(
          `${section.field}: items`,
          nodes.map(({ id }) => id).toSorted(),
          wanted.shown.map(idOf).toSorted(),
        ),
      ]
    }),
  ]
}
