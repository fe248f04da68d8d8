import type { Concept } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import { type Item, type ItemOptions, organisationReference } from './resource.ts'

export interface EncounterOptions extends ItemOptions {
  readonly type?: Concept
  readonly start?: Moment
  readonly end?: Moment
  readonly reason?: Concept
  /** @default 'finished' */
  readonly status?: 'planned' | 'arrived' | 'in-progress' | 'finished' | 'cancelled'
}

/** v3-ActCode: ambulatory, inpatient, emergency, virtual, home health, field (ambulance), short stay. */
export type EncounterClass = 'AMB' | 'IMP' | 'EMER' | 'VR' | 'HH' | 'FLD' | 'SS'

/** A contact with care, as UK Core Encounter. */
export function encounter(encounterClass: EncounterClass, options: EncounterOptions = {}): Item {
  const { type, start, end, reason, status = 'finished' } = options
  return (context) => [
    itemResource(
      context,
      { resourceType: 'Encounter', about: `${encounterClass} ${type?.text ?? ''}`, when: start },
      options,
      {
        status,
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: encounterClass },
        type: type && [type],
        period: start && { start: context.calendar.toFhir(start), end: end && context.calendar.toFhir(end) },
        reasonCode: reason && [reason],
        serviceProvider: organisationReference(context.organisation),
      },
    ),
  ]
}
