import { toNhsNumber } from '../../../schema/nhs-number.ts'
import { nhsNumberSystem } from '../datatypes/identifier.ts'
import type { Reference } from '../datatypes/reference.ts'
import type { FaultList } from '../fault-list.ts'
import { type AssignedNumbers, decidePatientNumber, toRenumbered } from '../patient-number.ts'
import type { Subject } from '../resource-definition.ts'
import { patient } from '../resources/patient.ts'
import type { BundleIndex, ReferenceTarget } from './bundle-index.ts'
import type { ParsedEntry } from './parse-entry.ts'

/**
 * A patient as far as a reference tells: the number, that it is refused for its own faults, that it is none, or that it
 * is two.
 */
export type PatientLookupResult = { readonly nhsNumber: string } | 'faulty' | 'none' | 'contradictory'

export interface PatientNumbers {
  /** The number of a Patient entry; null, with a fault, where it has none. */
  findForPatient(entry: ParsedEntry): string | null
  /** The number of the patient that the first of these is to. */
  findForSubjects(subjects: readonly Subject[], entry: ParsedEntry): PatientLookupResult
  /**
   * The number of an earlier registration, as a Patient's old identifier or link states it; null where it states none.
   */
  findForEarlier(reference: Reference, entry: ParsedEntry): string | null
}

/** Finds the NHS numbers of a Bundle's patients; `given` is null where they are not re-numbered. */
export function createPatientNumbers(
  index: BundleIndex,
  given: AssignedNumbers | null,
  faults: FaultList,
): PatientNumbers {
  const known = new Map<object, string | null>()
  const statedOf = new Map<object, ReadonlySet<string>>()

  function ofTarget({ entry, resource }: ReferenceTarget): PatientLookupResult {
    if (!resource) return 'faulty'
    let nhsNumber = known.get(resource)
    if (nhsNumber === undefined) {
      const fallback =
        resource === entry.parsed?.resource
          ? (entry.fullUrl ?? (resource.id === undefined ? null : `Patient/${resource.id}`))
          : null
      const answer = decidePatientNumber(resource.identifier ?? [], { assignedNumbers: given, fallback })
      nhsNumber = 'nhsNumber' in answer ? answer.nhsNumber : null
      if ('fault' in answer) faults.add({ entry: entry.index, ...answer })
      known.set(resource, nhsNumber)
    }
    return nhsNumber === null ? 'faulty' : { nhsNumber }
  }

  function ofReference(reference: Reference, entry: ParsedEntry): PatientLookupResult {
    const target = index.find({ ...reference, type: reference.type ?? 'Patient' }, entry)
    if (target?.definition.type === patient.type)
      return contradicts(reference, target) ? 'contradictory' : ofTarget(target)
    if (target) return 'none'
    const nhsNumber = toStatedNumber(reference)
    return nhsNumber === null ? 'none' : { nhsNumber }
  }

  /** Whether a reference states a number, and the patient it leads to has numbers, but never had this one. */
  function contradicts(reference: Reference, { resource }: ReferenceTarget): boolean {
    const stated = toStatedNumber(reference)
    if (stated === null || !resource) return false
    const held =
      statedOf.get(resource) ??
      new Set((resource.identifier ?? []).flatMap((identifier) => toStatedNumber({ identifier }) ?? []))
    statedOf.set(resource, held)
    return held.size > 0 && !held.has(stated)
  }

  function toStatedNumber({ identifier }: Reference): string | null {
    if (identifier?.system !== nhsNumberSystem || identifier.value === undefined) return null
    return given ? toRenumbered(identifier.value) : toNhsNumber(identifier.value)
  }

  return {
    findForPatient(entry) {
      const answer = entry.parsed ? ofTarget({ ...entry.parsed, entry }) : 'none'
      return typeof answer === 'string' ? null : answer.nhsNumber
    },
    findForSubjects(subjects, entry) {
      for (const { reference } of subjects) {
        const answer = reference ? ofReference(reference, entry) : 'none'
        if (answer !== 'none') return answer
      }
      return 'none'
    },
    findForEarlier(reference, entry) {
      // By what is stated first: the Patient that states it bears this identifier too, and would be found.
      const stated = toStatedNumber(reference)
      if (stated !== null || reference.reference === undefined) return stated
      const answer = ofReference(reference, entry)
      return typeof answer === 'string' ? null : answer.nhsNumber
    },
  }
}
