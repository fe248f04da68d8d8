import type {
  ExclusionSet,
  Grant,
  PatientFacts,
  Purpose,
  ReleaseClass,
  ReleaseFacts,
} from '../../../schema/policies/facts.ts'
import type { SectionField } from '../../../schema/sections.ts'
import { dayBefore, maxDaysSince, minYearsSince, toDate, toKnownDate } from './calendar.ts'
import { encounterClasses } from './item-fields.ts'
import type { Holding, ItemModel, NumberModel, RegionCode, VersionModel, ViewerModel, Which } from './model.ts'
import { isWhereTaken, knownNumbers, type Scenario, toGrantId, toOdsCode } from './scenario.ts'

/** Who asks one region for one patient; null: for a number never seen. */
export interface FactsQuestion {
  readonly viewer: Which
  readonly patient: Which | null
  readonly region: RegionCode
  /** @default the one that the patient is asked by */
  readonly number?: NumberModel
}

/** Of which regions an organisation is, as consent.md and domain.md have it. */
const regionsOf: Readonly<Record<string, readonly RegionCode[]>> = {
  RBL: ['CHESHIRE_MERSEYSIDE'],
  RW4: ['CHESHIRE_MERSEYSIDE'],
  N82054: ['CHESHIRE_MERSEYSIDE'],
  RXN: ['LANCASHIRE_SOUTH_CUMBRIA'],
  P81072: ['LANCASHIRE_SOUTH_CUMBRIA'],
  '323': ['LANCASHIRE_SOUTH_CUMBRIA'],
  RX7: ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'],
}

/** The facts for the oracle, from the model alone: nothing is read back from what is tested. */
export function toFacts(scene: Scenario, question: FactsQuestion): ReleaseFacts {
  const { viewer, patient } = question
  const number = patient === null ? null : (question.number ?? scene.world.patients[patient].asked)
  const { role, organisation, areaOfWork, self, access } = scene.world.viewers[viewer]
  const { purpose, relationship, reason, supervisor } = access
  return {
    role,
    organisation,
    regions: regionsOf[organisation] ?? [],
    areaOfWork: areaOfWork === null ? null : areaOfWork === 'Cardiology' ? 'CARDIOLOGY' : 'GENITOURINARY_MEDICINE',
    purpose: toPurpose(scene.world.viewers[viewer], purpose),
    supervised: supervisor === 'another',
    nowMs: Date.now(),
    reason,
    claim: relationship,
    ownNumber: self !== null && self.patient === patient && self.number === number,
    patient: patient === null || number === null ? null : toPatientFacts(scene, { ...question, patient, number }),
  }
}

/** As toFacts, for a change, which states no reason, and of the relationship what is given here. */
export function toChangeFacts(scene: Scenario, question: FactsQuestion, claim: ReleaseFacts['claim']): ReleaseFacts {
  return {
    ...toFacts(scene, question),
    purpose: toPurpose(scene.world.viewers[question.viewer], null),
    reason: null,
    claim,
    supervised: false,
  }
}

/**
 * What is not stated is what the token is limited to, else direct care; what differs from the token's limit is neither.
 */
function toPurpose({ tokenPurpose }: ViewerModel, stated: ViewerModel['access']['purpose']): Purpose {
  const purpose = stated ?? (tokenPurpose === 'EMERGENCY' ? 'EMERGENCY' : 'DIRECT_CARE')
  return tokenPurpose === null || tokenPurpose === purpose ? purpose : 'OTHER'
}

function toPatientFacts(
  scene: Scenario,
  { viewer, patient, region, number }: Known & { readonly number: NumberModel },
): PatientFacts | null {
  const { born, items, holdings } = scene.world.patients[patient]
  const holding = holdings[region]
  const { demographics, optOuts, referrals } = holding
  const isHeld =
    demographics !== null ||
    optOuts.length > 0 ||
    referrals.length > 0 ||
    items.some(({ versions }) => versions[region])
  if (!isHeld || !knownNumbers(holding).includes(number)) return null
  const { verification = '01', sensitive = false, birth = null, death = null } = demographics ?? {}
  const { self } = scene.world.viewers[viewer]
  const inForce = optOuts.filter(({ active }) => active)
  const of = { viewer, patient, region }
  return {
    relationship: toRelationship(scene, of),
    verified: verification === '01',
    sensitive,
    deceased: death !== null,
    deceasedDays: death?.date ? maxDaysSince(toDate(scene.today, death.date), scene.today) : null,
    age:
      birth && minYearsSince(toKnownDate(dayBefore(scene.today, -born.daysLater, born.yearsAgo), birth), scene.today),
    optOuts: {
      whole: inForce.some(({ organisation }) => organisation === null),
      sources: inForce.flatMap(({ organisation }) => (organisation === null ? [] : [toOdsCode(scene, organisation)])),
    },
    permissionUntilMs: toPermissionEnd(scene, of, holding),
    grants: toGrants(scene, of, holding),
    viewersOwn: self?.patient === patient && knownNumbers(holding).includes(self.number),
  }
}

interface Known {
  readonly viewer: Which
  readonly patient: Which
  readonly region: RegionCode
}

function toRelationship(scene: Scenario, { viewer, patient, region }: Known): PatientFacts['relationship'] {
  const { organisation } = scene.world.viewers[viewer]
  const { items, holdings } = scene.world.patients[patient]
  const { referrals, demographics } = holdings[region]
  const isOurs = (one: string) => toOdsCode(scene, one) === organisation
  const since = (date: Parameters<typeof toDate>[1]) => maxDaysSince(toDate(scene.today, date), scene.today)
  const took = (
    section: SectionField,
    isThere: (version: VersionModel) => boolean,
    daysOf: (item: ItemModel, version: VersionModel) => number | null,
  ) =>
    items.flatMap((item) => {
      const version = item.versions[region]
      const counts =
        item.section === section &&
        version?.lifecycle === 'current' &&
        version.course !== 'cancelled' &&
        isThere(version)
      return counts ? [daysOf(item, version)] : []
    })
  const attended = took(
    'encounters',
    ({ provider, source }) => isOurs(provider ?? source),
    ({ daysAgo }, { course, precision }) =>
      course === 'underWay' ? 0 : daysAgo === null ? null : since({ daysAgo, precision }),
  )
  const admitted = took(
    'encounters',
    ({ provider, source, course, variant }) =>
      isOurs(provider ?? source) && course === 'underWay' && encounterClasses[variant] === 'INPATIENT',
    () => 0,
  )
  const due = took(
    'appointments',
    ({ source }) => isOurs(source),
    ({ daysAgo }) => Math.max(daysAgo ?? 0, 0),
  )
  const referred = referrals.filter((one) => one.active && isOurs(one.organisation)).map(since)
  const { practice = '', practiceBefore = null } = demographics ?? {}
  const registered = isOurs(practice)
    ? 0
    : practiceBefore && isOurs(practiceBefore.practice)
      ? practiceBefore.daysAgo
      : null
  return {
    encounterDays: least(attended),
    referralDays: least([...referred, ...due]),
    registrationDays: registered,
    inpatient: admitted.length > 0,
  }
}

function least(days: readonly (number | null)[]): number | null {
  const known = days.filter((one) => one !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/**
 * The permission that was recorded last counts, under whichever number the region knows; through the gateway it is
 * recorded under the one asked.
 */
function toPermissionEnd(scene: Scenario, { viewer, patient, region }: Known, holding: Holding): number | null {
  const ours = scene.world.viewers[viewer].organisation
  const isKnown = (number: NumberModel) => knownNumbers(holding).includes(number)
  const given = scene.given.filter(
    (one) =>
      one.kind === 'permission' &&
      one.patient === patient &&
      one.region === region &&
      scene.world.viewers[one.viewer].organisation === ours,
  )
  const last = given.at(-1)
  if (last && isKnown(scene.world.patients[patient].asked)) return last.untilMs
  const { permission } = holding
  if (!permission || permission.withdrawn || !isKnown(permission.under)) return null
  return toOdsCode(scene, permission.organisation) === ours ? Date.now() + permission.hours * 3_600_000 : null
}

function toGrants(scene: Scenario, { viewer, patient, region }: Known, holding: Holding): readonly Grant[] {
  const recorded = holding.grants.map((grant, index) => ({
    ...grant,
    id: toGrantId(scene, patient, index),
    untilMs: Date.now() + grant.minutes * 60_000,
  }))
  const broken = scene.given.flatMap((one) =>
    one.kind === 'grant' && one.patient === patient && one.region === region
      ? [{ ...one, under: scene.world.patients[patient].asked }]
      : [],
  )
  return [...recorded, ...broken]
    .filter((one) => isWhereTaken(scene, one.viewer, viewer) && knownNumbers(holding).includes(one.under))
    .map(({ id, barrier, reason, untilMs }) => ({ id, barrier, reason, untilMs }))
}

/** What the rules read of a version of an item. */
export function toReleaseClass(
  scene: Scenario,
  section: SectionField,
  version: VersionModel,
  { content = false } = {},
): ReleaseClass {
  const isDocument = section === 'documents'
  const exclusionSets: readonly ExclusionSet[] = version.exclusion === null ? [] : [version.exclusion]
  return {
    section,
    content,
    labels: version.labels,
    source: toOdsCode(scene, version.source),
    types: isDocument || section === 'carePlans' ? version.types : [],
    categories: isDocument ? version.categories : [],
    settings: isDocument || section === 'appointments' ? version.settings : [],
    exclusionSets,
  }
}
