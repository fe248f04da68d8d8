import { type Concept, words } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { RelativeMoment } from './moment.ts'
import { type Item, type ItemOptions, patientReference } from './resource.ts'

export interface AppointmentOptions extends ItemOptions {
  /** With a time of day. */
  readonly start: RelativeMoment
  readonly end: RelativeMoment
  readonly location: string
  readonly specialty?: Concept
  /** @default 'booked' */
  readonly status?: 'proposed' | 'pending' | 'booked' | 'fulfilled' | 'cancelled' | 'noshow' | 'waitlist'
}

/** An appointment, as UK Core Appointment. */
export function appointment(description: string, options: AppointmentOptions): Item {
  const { start, end, location, specialty = words('General practice'), status = 'booked' } = options
  return (context) => [
    itemResource(
      context,
      { resourceType: 'Appointment', about: description, when: start },
      { updatedDaysAgo: 7, ...options },
      {
        status,
        specialty: [specialty],
        description,
        start: context.calendar.toFhir(start),
        end: context.calendar.toFhir(end),
        participant: [
          { actor: patientReference(context.nhsNumber), status: 'accepted' },
          { actor: { type: 'Location', display: location }, status: 'accepted' },
        ],
      },
    ),
  ]
}
