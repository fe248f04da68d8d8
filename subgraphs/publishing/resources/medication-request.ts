import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { toEmployer } from '../actors/to-employer.ts'
import { codeableConcept, toCodes, toEnum } from '../datatypes/concept.ts'
import { dosage, toDosageText } from '../datatypes/dosage.ts'
import { extension, findExtension, toExtensionCode } from '../datatypes/extension.ts'
import { code, dateTime, list, period } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'
import { medicineShape, toMedicine } from './medicine.ts'

const schema = z.object(
  {
    ...resourceShape,
    ...medicineShape,
    extension: list(extension),
    status: code,
    intent: code,
    // A prohibition shown as a prescription would be dangerous, and the view has no word for it.
    doNotPerform: z.literal(false, 'false').optional(),
    subject: reference.optional(),
    encounter: reference.optional(),
    authoredOn: dateTime.optional(),
    requester: reference.optional(),
    recorder: reference.optional(),
    basedOn: list(reference),
    courseOfTherapyType: codeableConcept.optional(),
    dosageInstruction: list(dosage),
    dispenseRequest: z.object({ validityPeriod: period.optional() }, 'MedicationRequest.dispenseRequest').optional(),
  },
  'MedicationRequest',
)

const statuses = ['ACTIVE', 'ON_HOLD', 'CANCELLED', 'COMPLETED', 'STOPPED', 'DRAFT', 'UNKNOWN'] as const
const kinds = ['ACUTE', 'REPEAT', 'REPEAT_DISPENSING'] as const
/** FHIR's medicationrequest-course-of-therapy, and the code that NHS prescribing adds to it. */
const courses: Readonly<Record<string, Region.MedicationKind>> = {
  acute: 'ACUTE',
  continuous: 'REPEAT',
  'continuous-repeat-dispensing': 'REPEAT_DISPENSING',
}

/** A prescription, ordered by when it was issued; one that is only a plan by when it began. */
export const medicationRequest: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'MedicationRequest',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, intent, authoredOn, requester, recorder, encounter, dispenseRequest, basedOn = [] } = resource
    const medicine = toMedicine(resource, entry)
    if (!medicine) return {}
    const started = dispenseRequest?.validityPeriod?.start ?? authoredOn ?? null
    // GP Connect: a plan authorises, an order is one issue of it.
    const lastIssued = /order$/.test(intent) ? (authoredOn ?? null) : null
    const item = toItem(resource, entry, {
      section: 'medications',
      orderedBy: [lastIssued, started],
      sources: [requester, recorder, encounter],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      basedOn: basedOn.flatMap((one) => entry.findIdentifier(one) ?? []),
      fields: {
        medicine,
        dosage: toDosageText(resource.dosageInstruction),
        status: toEnum(statuses, status) ?? 'UNRECOGNISED',
        kind: toKind(resource),
        started,
        ended: dispenseRequest?.validityPeriod?.end ?? null,
        lastIssued,
        prescriber: toEmployer(requester, entry),
      },
    })
    return { items: [item] }
  },
}

function toKind({ extension, courseOfTherapyType }: z.infer<typeof schema>): Region.MedicationKind | null {
  const type = toExtensionCode(findExtension(extension, 'PrescriptionType'))
  if (type !== undefined) return toEnum(kinds, type)
  const course = toCodes(courseOfTherapyType)[0]
  if (course !== undefined) return courses[course] ?? 'UNRECOGNISED'
  return findExtension(extension, 'MedicationRepeatInformation') ? 'REPEAT' : null
}
