import type * as Region from '../../schema/generated/region.ts'
import type { PatientFacts, RelationshipFacts } from '../../schema/policies/facts.ts'
import { daysSince, toMinAge } from '../../schema/policies/policy-dates.ts'
import { type PatientRow, toSource, type ViewerFacts } from '../store/record-store.ts'

/**
 * Converts the store's facts of a patient and a viewer to those that rules read. A partly known date counts as the day
 * that opens less.
 */
export function toPatientFacts(
  patient: PatientRow,
  known: ViewerFacts,
  { ownNumber, nowMs }: { readonly ownNumber: string | null; readonly nowMs: number },
): PatientFacts {
  const { demographics, optOuts } = patient
  const deceased = (demographics?.deceased ?? false) && patient.deathStands
  return {
    relationship: toRelationship(known, nowMs),
    verified: patient.verification === '01',
    sensitive: patient.sensitive,
    deceased,
    deceasedDays: deceased ? daysSince(demographics?.deceasedAt ?? null, nowMs) : null,
    age: toAge(patient, nowMs),
    optOuts: {
      whole: optOuts.some(({ organisation }) => organisation === null),
      sources: optOuts.flatMap(({ organisation }) => (organisation === null ? [] : [toSource(organisation)])),
    },
    permissionUntilMs: known.permission?.untilMs ?? null,
    grants: known.grants,
    viewersOwn: ownNumber !== null && known.nhsNumbers.includes(ownNumber),
  }
}

/** The youngest age of the birth dates that publishers state; null if any of them gives no age. */
function toAge({ demographics, statedBirthDates }: PatientRow, nowMs: number): number | null {
  if (statedBirthDates.length === 0) return toMinAge(demographics?.birthDate ?? null, nowMs)
  const ages = statedBirthDates.map((birthDate) => toMinAge(birthDate, nowMs))
  return ages.includes(null) ? null : Math.min(...ages.map(Number))
}

function toRelationship(
  { encounters, appointments, referrals, registration }: ViewerFacts,
  nowMs: number,
): RelationshipFacts {
  const attended = encounters.filter(({ status }) => !notAttended.has(status))
  const due = appointments.filter(({ status }) => !notDue.has(status))
  return {
    encounterDays: minDays(
      attended.map((encounter) => (isUnderWay(encounter) ? 0 : daysSince(encounter.end ?? encounter.start, nowMs))),
    ),
    referralDays: minDays([
      ...referrals.map((authoredOn) => daysSince(authoredOn, nowMs)),
      ...due.map(({ start }) => daysSinceDue(start, nowMs)),
    ]),
    registrationDays: registration.current ? 0 : daysSince(registration.endedAt, nowMs),
    inpatient: attended.some((encounter) => encounter.class === 'INPATIENT' && isUnderWay(encounter)),
  }
}

// Encounters that did not happen, or may not have, make no relationship.
const notAttended: ReadonlySet<Region.EncounterStatus> = new Set(['PLANNED', 'CANCELLED', 'UNKNOWN', 'UNRECOGNISED'])
const underWay: ReadonlySet<Region.EncounterStatus> = new Set(['ARRIVED', 'TRIAGED', 'IN_PROGRESS', 'ON_LEAVE'])
const notDue: ReadonlySet<Region.AppointmentStatus> = new Set([
  'PROPOSED',
  'CANCELLED',
  'NOSHOW',
  'WAITLIST',
  'UNRECOGNISED',
])

function isUnderWay({ status, end }: ViewerFacts['encounters'][number]): boolean {
  return end === null && underWay.has(status)
}

function daysSinceDue(start: string | null, nowMs: number): number | null {
  return start !== null && Date.parse(start) > nowMs ? 0 : daysSince(start, nowMs)
}

function minDays(days: readonly (number | null)[]): number | null {
  const known = days.filter((one) => one !== null)
  return known.length === 0 ? null : Math.min(...known)
}
