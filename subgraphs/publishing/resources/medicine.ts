import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { codeableConcept, toConcept } from '../datatypes/concept.ts'
import { type Reference, reference } from '../datatypes/reference.ts'
import type { PatientEntry } from '../resource-definition.ts'
import { medication } from './medication.ts'

/** What requests and statements say of the medicine. */
export const medicineShape = {
  medicationCodeableConcept: codeableConcept.optional(),
  medicationReference: reference.optional(),
}
const medicine = z.object(medicineShape)

/**
 * The medicine, by its concept, the Medication referred to, or the reference's display; null, and a fault, where it is
 * not said.
 */
export function toMedicine(
  { medicationCodeableConcept, medicationReference }: z.infer<typeof medicine>,
  entry: PatientEntry,
): Region.Concept | null {
  const concept =
    toConcept(medicationCodeableConcept) ??
    toConcept(entry.resolve(medicationReference, medication)?.resource.code) ??
    toDisplayed(medicationReference)
  if (!concept) {
    const found = medicationReference
      ? 'a reference that resolves to none'
      : medicationCodeableConcept
        ? 'object of another form'
        : 'nothing'
    entry.fault(
      medicationReference ? 'medicationReference' : 'medicationCodeableConcept',
      found === 'nothing' ? 'required' : 'not-found',
      `expected a medicine with text or coding, found ${found}`,
    )
  }
  return concept
}

function toDisplayed(reference: Reference | undefined): Region.Concept | null {
  return reference?.display === undefined ? null : { text: reference.display, codings: [] }
}
