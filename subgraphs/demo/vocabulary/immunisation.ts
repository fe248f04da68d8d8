import { type Concept, snomed } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import { type Item, type ItemOptions, organisationReference } from './resource.ts'

export interface ImmunisationOptions extends ItemOptions {
  readonly given: Moment
  readonly dose?: number
  readonly lot?: string
  /** @default 'completed' */
  readonly status?: 'completed' | 'not-done'
}

/** A vaccination given, or recorded as not given, as UK Core Immunization. */
export function immunisation(vaccine: Concept, options: ImmunisationOptions): Item {
  const { given, dose, lot, status = 'completed' } = options
  return (context) => [
    itemResource(context, { resourceType: 'Immunization', about: vaccine.text, when: given }, options, {
      status,
      vaccineCode: vaccine,
      occurrenceDateTime: context.calendar.toFhir(given),
      primarySource: true,
      lotNumber: lot,
      site: status === 'completed' ? snomed('368208006', 'Left upper arm structure') : undefined,
      protocolApplied: dose && [{ doseNumberPositiveInt: dose }],
      performer: [{ actor: organisationReference(context.organisation) }],
    }),
  ]
}
