import type { Concept } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import { type Item, type ItemOptions, organisationReference } from './resource.ts'

export interface ProcedureOptions extends ItemOptions {
  readonly performed?: Moment
  /** @default 'completed' */
  readonly status?: 'completed' | 'not-done' | 'in-progress'
}

/** A procedure, as UK Core Procedure. */
export function procedure(code: Concept, options: ProcedureOptions = {}): Item {
  const { performed, status = 'completed' } = options
  return (context) => [
    itemResource(context, { resourceType: 'Procedure', about: code.text, when: performed }, options, {
      status,
      code,
      performedDateTime: performed && context.calendar.toFhir(performed),
      performer: [{ actor: organisationReference(context.organisation) }],
    }),
  ]
}
