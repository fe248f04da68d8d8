import { z } from 'zod'
import { codeableConcept, concept, toCodes, toConcept, toEnum } from '../datatypes/concept.ts'
import { extension, findExtension, toExtensionCode } from '../datatypes/extension.ts'
import { dateTime, list, period } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'

const schema = z.object(
  {
    ...resourceShape,
    extension: list(extension),
    clinicalStatus: codeableConcept.optional(),
    verificationStatus: codeableConcept.optional(),
    code: concept,
    subject: reference.optional(),
    encounter: reference.optional(),
    onsetDateTime: dateTime.optional(),
    onsetPeriod: period.optional(),
    abatementDateTime: dateTime.optional(),
    abatementPeriod: period.optional(),
    recordedDate: dateTime.optional(),
    recorder: reference.optional(),
    asserter: reference.optional(),
  },
  'Condition',
)

const statuses = ['ACTIVE', 'RECURRENCE', 'RELAPSE', 'INACTIVE', 'REMISSION', 'RESOLVED'] as const
const verifications = ['CONFIRMED', 'UNCONFIRMED', 'PROVISIONAL', 'DIFFERENTIAL'] as const

/** A problem, ordered by when it was recorded, else by its onset. */
export const condition: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'Condition',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const verification = toCodes(resource.verificationStatus)[0]
    const onset = resource.onsetDateTime ?? resource.onsetPeriod?.start ?? null
    const significance = findExtension(resource.extension, 'ProblemSignificance')
    const item = toItem(resource, entry, {
      section: 'problems',
      orderedBy: [resource.recordedDate, onset],
      sources: [resource.recorder, resource.asserter, resource.encounter],
      lifecycle: verification === 'refuted' || verification === 'entered-in-error' ? 'retracted' : 'current',
      fields: {
        code: resource.code,
        status: toEnum(statuses, toCodes(resource.clinicalStatus)[0]),
        verification: toEnum(verifications, verification),
        onset,
        abatement: resource.abatementDateTime ?? resource.abatementPeriod?.end ?? null,
        significance: toConcept(significance?.valueCodeableConcept)?.text ?? toExtensionCode(significance) ?? null,
        recorded: resource.recordedDate ?? null,
      },
    })
    return { items: [item] }
  },
}
