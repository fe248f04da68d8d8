import { z } from 'zod'
import { toEnum } from '../datatypes/concept.ts'
import { dosage, toDosageText } from '../datatypes/dosage.ts'
import { extension, findExtension } from '../datatypes/extension.ts'
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
    subject: reference.optional(),
    context: reference.optional(),
    effectiveDateTime: dateTime.optional(),
    effectivePeriod: period.optional(),
    dateAsserted: dateTime.optional(),
    informationSource: reference.optional(),
    basedOn: list(reference),
    dosage: list(dosage),
  },
  'MedicationStatement',
)

const statuses = ['ACTIVE', 'ON_HOLD', 'COMPLETED', 'STOPPED', 'INTENDED', 'NOT_TAKEN', 'UNKNOWN'] as const

/** A medicine that is taken, with the requests it is based on; ordered by its last issue, else by when it began. */
export const medicationStatement: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'MedicationStatement',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, effectiveDateTime, effectivePeriod, extension, basedOn = [], informationSource, context } = resource
    const medicine = toMedicine(resource, entry)
    if (!medicine) return {}
    const started = effectivePeriod?.start ?? effectiveDateTime ?? null
    const lastIssued = findExtension(extension, 'LastIssueDate')?.valueDateTime ?? null
    const item = toItem(resource, entry, {
      section: 'medications',
      orderedBy: [lastIssued, started],
      sources: [informationSource, context],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      basedOn: basedOn.flatMap((one) => entry.findIdentifier(one) ?? []),
      fields: {
        medicine,
        dosage: toDosageText(resource.dosage),
        status: toEnum(statuses, status) ?? 'UNRECOGNISED',
        kind: null,
        started,
        ended: effectivePeriod?.end ?? null,
        lastIssued,
        prescriber: null,
      },
    })
    return { items: [item] }
  },
}
