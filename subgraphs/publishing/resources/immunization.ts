import { z } from 'zod'
import { codeableConcept, concept, toConcept } from '../datatypes/concept.ts'
import { code, dateTime, integer, list, string } from '../datatypes/primitives.ts'
import { quantity, toQuantityText } from '../datatypes/quantity.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'
import { toEventStatus } from './event-status.ts'

const number = {
  doseNumberPositiveInt: integer.optional(),
  doseNumberString: string.optional(),
  seriesDosesPositiveInt: integer.optional(),
  seriesDosesString: string.optional(),
}

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    vaccineCode: concept,
    patient: reference.optional(),
    encounter: reference.optional(),
    occurrenceDateTime: dateTime.optional(),
    lotNumber: string.optional(),
    site: codeableConcept.optional(),
    doseQuantity: quantity.optional(),
    performer: list(z.object({ actor: reference.optional() }, 'Immunization.performer')),
    protocolApplied: list(z.object(number, 'Immunization.protocolApplied')),
  },
  'Immunization',
)
type Immunization = z.infer<typeof schema>

/** A vaccination given or not given, ordered by when. */
export const immunization: ResourceDefinition<Immunization> = {
  type: 'Immunization',
  schema,
  toSubjects: ({ patient }) => [{ reference: patient, path: 'patient' }],
  map(resource, entry) {
    const { status, vaccineCode, occurrenceDateTime, lotNumber, site, performer = [], encounter } = resource
    const item = toItem(resource, entry, {
      section: 'immunisations',
      orderedBy: [occurrenceDateTime],
      sources: [...performer.map(({ actor }) => actor), encounter],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      fields: {
        vaccine: vaccineCode,
        status: toEventStatus(status),
        given: occurrenceDateTime ?? null,
        dose: toDose(resource),
        lot: lotNumber ?? null,
        site: toConcept(site),
      },
    })
    return { items: [item] }
  },
}

/** As `dose 1 of 2, 0.5 mL`. */
function toDose({ protocolApplied, doseQuantity }: Immunization): string | null {
  const { doseNumberPositiveInt, doseNumberString, seriesDosesPositiveInt, seriesDosesString } =
    protocolApplied?.[0] ?? {}
  const number = doseNumberPositiveInt ?? doseNumberString
  const series = seriesDosesPositiveInt ?? seriesDosesString
  const parts = [
    number === undefined ? null : `dose ${number}${series === undefined ? '' : ` of ${series}`}`,
    toQuantityText(doseQuantity),
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(', ')
}
