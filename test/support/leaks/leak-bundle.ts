import { type Json, nhsNumberSystem, snomed, toPatient, transaction } from '../publishing/bundle.ts'
import type { LeakSecrets } from './leak-secrets.ts'

/** A patient of the secrets, and what is wrong with her. */
export function toLeakBundle({ nhsNumber, family, given, street, problem }: LeakSecrets, version = 1): Json {
  const patient = {
    resourceType: 'Patient',
    id: 'p1',
    meta: { versionId: String(version) },
    identifier: [{ system: nhsNumberSystem, value: nhsNumber }],
    name: [{ use: 'official', family, given: [given] }],
    address: [{ line: [street] }],
    birthDate: '1980-05-01',
  }
  return transaction(patient, {
    resourceType: 'Condition',
    id: 'c1',
    meta: { versionId: String(version) },
    code: snomed('195967001', problem),
    subject: toPatient,
  })
}
