import { barriers, overrideReasons } from '../../schema/policies/facts.ts'
import { grantColumns } from './grants.ts'
import type { OverrideGrant, ViewerFacts, ViewerKey } from './record-store.ts'
import type { Statements } from './statements.ts'

const maxRowsPerRelationship = 100

type WithPatient<Row> = Row & { readonly patient: number }
interface RegistrationRow {
  readonly isCurrent: number
  readonly endedAt: string | null
}

/**
 * Reads the facts between patients, by key, and a viewer, with one statement for each kind of fact. Unknown keys are
 * absent.
 */
export function readViewerFacts(
  statements: Statements,
  patients: readonly number[],
  { organisation, person, nowMs }: ViewerKey,
): ReadonlyMap<number, ViewerFacts> {
  const asked = JSON.stringify(patients)
  const read = <Row>(sql: string, ...values: readonly (string | number)[]) =>
    Map.groupBy(statements.all<WithPatient<Row>>(sql, asked, ...values), (row) => row.patient)
  const numbers = read<{ nhsNumber: string }>(selectNumbers)
  const encounters = read<{ found: string }>(selectEncounters, organisation)
  const appointments = read<{ found: string }>(selectAppointments, organisation)
  const referrals = read<{ authoredOn: string }>(selectReferrals, organisation)
  const registrations = read<RegistrationRow>(selectRegistrations, organisation)
  const permissions = read<{ id: string; untilMs: number }>(selectPermissions, organisation)
  const grants = read<OverrideGrant>(selectGrants, person, organisation, nowMs)
  return new Map(
    [...numbers].map(([patient, own]): [number, ViewerFacts] => [
      patient,
      {
        nhsNumbers: own.map(({ nhsNumber }) => nhsNumber),
        encounters: parseFound(encounters.get(patient)?.[0]),
        appointments: parseFound(appointments.get(patient)?.[0]),
        referrals: (referrals.get(patient) ?? []).map(({ authoredOn }) => authoredOn),
        registration: toRegistration(registrations.get(patient)?.[0]),
        permission: toPermission(permissions.get(patient)?.[0]),
        grants: (grants.get(patient) ?? []).map(({ patient: _, ...grant }) => grant),
      },
    ]),
  )
}

const isAskedPatient = (table: string) => `${table}.patient IN (SELECT value FROM json_each(?1))`

const selectNumbers = `
  SELECT patient, nhs_number AS nhsNumber, 0 AS superseded FROM patient WHERE ${isAskedPatient('patient')}
  UNION ALL SELECT patient, nhs_number, 1 FROM succession WHERE ${isAskedPatient('succession')}
  ORDER BY patient, superseded, nhsNumber`

// Each condition uses its own index; otherwise SQLite would read all of a patient's encounters.
const selectEncounters = selectNewest({
  index: 'item_encounter',
  condition: "section = 'encounters' AND coalesce(body ->> '$.provider.odsCode', source) = ?2",
  fields: ['class', 'status', 'start', 'end'],
})
const selectAppointments = selectNewest({
  index: 'item_appointment',
  condition: "section = 'appointments' AND source = ?2",
  fields: ['status', 'start'],
})

/** Selects the newest items of each patient as a JSON list. */
function selectNewest({
  index,
  condition,
  fields,
}: {
  readonly index: string
  readonly condition: string
  readonly fields: readonly string[]
}): string {
  return `
    SELECT asked.value AS patient, (
      SELECT json_group_array(json_object(${fields.map((field) => `'${field}', body ->> '$.${field}'`).join(', ')}) ORDER BY age, id) FROM (
        SELECT body, age, id FROM item INDEXED BY ${index}
        WHERE patient = asked.value AND ${condition} AND lifecycle = 'current' ORDER BY age, id LIMIT ${maxRowsPerRelationship})) AS found
    FROM json_each(?1) AS asked`
}

// An undated one says nothing of when.
const selectReferrals = `
  SELECT patient, authored_on AS authoredOn FROM referral
  WHERE ${isAskedPatient('referral')} AND organisation = ?2 AND active = 1 AND authored_on IS NOT NULL ORDER BY patient, authored_on DESC`

const selectRegistrations = `
  SELECT patient, coalesce(demographics ->> '$.gpPractice.odsCode' = ?2, 0) AS isCurrent,
    (SELECT max(ended_at) FROM patient_history AS past WHERE past.patient = patient.patient AND past.demographics ->> '$.gpPractice.odsCode' = ?2) AS endedAt
  FROM patient WHERE ${isAskedPatient('patient')}`

const selectPermissions = `
  SELECT number.patient, id, until_ms AS untilMs FROM (${selectNumbers}) AS number JOIN permission ON nhs_number = nhsNumber
  WHERE organisation = ?2 AND ended_at IS NULL ORDER BY number.patient, permission DESC`

/**
 * Of each barrier and reason the grant that ends last, for rules read no more of a grant: one search of an index for
 * each, however many there are. Most numbers have none in force, which the first search finds.
 */
export const selectGrants = `
  WITH number AS MATERIALIZED (
    SELECT patient, nhsNumber FROM (${selectNumbers}) WHERE EXISTS (
      SELECT 1 FROM override_grant INDEXED BY override_grant_in_force
      WHERE nhs_number = nhsNumber AND person = ?2 AND organisation = ?3 AND until_ms > ?4))
  SELECT number.patient, ${grantColumns}
  FROM number CROSS JOIN json_each('${JSON.stringify(barriers)}') AS barrier CROSS JOIN json_each('${JSON.stringify(overrideReasons)}') AS reason
  CROSS JOIN override_grant AS g ON g.id = (
    SELECT id FROM override_grant INDEXED BY override_grant_by_reason
    WHERE nhs_number = number.nhsNumber AND person = ?2 AND organisation = ?3 AND barrier = barrier.value AND reason = reason.value AND until_ms > ?4
    ORDER BY until_ms DESC LIMIT 1)
  ORDER BY number.patient, g.at_ms DESC, g.id`

function parseFound<Item>(row: { readonly found: string } | undefined): readonly Item[] {
  return row ? (JSON.parse(row.found) as readonly Item[]) : []
}

function toRegistration(row: RegistrationRow | undefined): ViewerFacts['registration'] {
  const current = row?.isCurrent === 1
  return { current, endedAt: current ? null : (row?.endedAt ?? null) }
}

function toPermission(row: { readonly id: string; readonly untilMs: number } | undefined): ViewerFacts['permission'] {
  return row ? { id: row.id, untilMs: row.untilMs } : null
}
