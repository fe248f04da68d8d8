import { z } from 'zod'
import { codeableConcept, toEnum, toFirstConcept } from '../datatypes/concept.ts'
import { code, instant, list, string } from '../datatypes/primitives.ts'
import { reference, toReferredType } from '../datatypes/reference.ts'
import { type PatientEntry, type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'
import { location } from './location.ts'

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    serviceType: list(codeableConcept),
    specialty: list(codeableConcept),
    reasonCode: list(codeableConcept),
    description: string.optional(),
    start: instant.optional(),
    end: instant.optional(),
    participant: list(z.object({ actor: reference.optional() }, 'Appointment.participant')),
  },
  'Appointment',
)
type Appointment = z.infer<typeof schema>

const statuses = [
  'PROPOSED',
  'PENDING',
  'BOOKED',
  'ARRIVED',
  'FULFILLED',
  'CANCELLED',
  'NOSHOW',
  'CHECKED_IN',
  'WAITLIST',
] as const

/** An appointment of the participant that is a patient, ordered by its start. */
export const appointment: ResourceDefinition<Appointment> = {
  type: 'Appointment',
  schema,
  toSubjects: ({ participant = [] }) =>
    participant.map(({ actor }, index) => ({ reference: actor, path: `participant[${index}].actor` })),
  map(resource, entry) {
    const { status, serviceType, specialty, reasonCode, description, start, end, participant = [] } = resource
    const item = toItem(resource, entry, {
      section: 'appointments',
      orderedBy: [start],
      sources: participant.map(({ actor }) => actor),
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      fields: {
        start: start ?? null,
        end: end ?? null,
        status: toEnum(statuses, status) ?? 'UNRECOGNISED',
        specialty: toFirstConcept(specialty) ?? toFirstConcept(serviceType),
        location: toLocation(resource, entry),
        description: description ?? toFirstConcept(reasonCode)?.text ?? null,
      },
    })
    return { items: [item] }
  },
}

function toLocation({ participant = [] }: Appointment, entry: PatientEntry): string | null {
  for (const { actor } of participant) {
    const name =
      entry.resolve(actor, location)?.resource.name ??
      (actor && toReferredType(actor) === 'Location' ? actor.display : undefined)
    if (name !== undefined) return name
  }
  return null
}
