import type { ImportedPatient } from './import-files.ts'
import { printPlace } from './print-place.ts'

/** Which numbers the patients were given: a line `FILE  NHSNUMBER` for each patient of each Bundle. */
export function printPatients(patients: readonly ImportedPatient[]): string {
  return [...new Set(patients.map(({ nhsNumber, ...place }) => `${printPlace(place)}  ${nhsNumber}`))].join('\n')
}
