import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { codeableConcept, concept, toCodes, toConcept, toEnum } from '../datatypes/concept.ts'
import { code, dateTime, list, period, string } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'

const reaction = z.object(
  { manifestation: list(codeableConcept), description: string.optional(), severity: code.optional() },
  'AllergyIntolerance.reaction',
)

const schema = z.object(
  {
    ...resourceShape,
    clinicalStatus: codeableConcept.optional(),
    verificationStatus: codeableConcept.optional(),
    category: list(code),
    criticality: code.optional(),
    code: concept,
    patient: reference.optional(),
    encounter: reference.optional(),
    onsetDateTime: dateTime.optional(),
    onsetPeriod: period.optional(),
    recordedDate: dateTime.optional(),
    recorder: reference.optional(),
    asserter: reference.optional(),
    reaction: list(reaction),
  },
  'AllergyIntolerance',
)

const categories = ['FOOD', 'MEDICATION', 'ENVIRONMENT', 'BIOLOGIC'] as const
const criticalities = ['LOW', 'HIGH', 'UNABLE_TO_ASSESS'] as const
const statuses = ['ACTIVE', 'INACTIVE', 'RESOLVED'] as const
const verifications = ['CONFIRMED', 'UNCONFIRMED', 'PROVISIONAL', 'DIFFERENTIAL'] as const
const severities = ['MILD', 'MODERATE', 'SEVERE'] as const

/**
 * An allergy or intolerance, or the assertion that there is none; ordered by when it was recorded, else by its onset.
 */
export const allergyIntolerance: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'AllergyIntolerance',
  schema,
  toSubjects: ({ patient }) => [{ reference: patient, path: 'patient' }],
  map(resource, entry) {
    const verification = toCodes(resource.verificationStatus)[0]
    const onset = resource.onsetDateTime ?? resource.onsetPeriod?.start ?? null
    const item = toItem(resource, entry, {
      section: 'allergies',
      orderedBy: [resource.recordedDate, onset],
      sources: [resource.recorder, resource.asserter, resource.encounter],
      lifecycle: verification === 'refuted' || verification === 'entered-in-error' ? 'retracted' : 'current',
      fields: {
        substance: resource.code,
        category: toEnum(categories, resource.category?.[0]),
        criticality: toEnum(criticalities, resource.criticality),
        status: toEnum(statuses, toCodes(resource.clinicalStatus)[0]),
        verification: toEnum(verifications, verification),
        reactions: (resource.reaction ?? []).flatMap(toReactions),
        onset,
        recorded: resource.recordedDate ?? null,
      },
    })
    return { items: [item] }
  },
}

/** One for each manifestation; one of the description where none is coded. */
function toReactions({
  manifestation = [],
  description,
  severity,
}: z.infer<typeof reaction>): readonly Region.Reaction[] {
  const manifestations = manifestation.flatMap((one) => toConcept(one) ?? [])
  const said =
    manifestations.length > 0 || description === undefined ? manifestations : [{ text: description, codings: [] }]
  return said.map((one) => ({ manifestation: one, severity: toEnum(severities, severity) }))
}
