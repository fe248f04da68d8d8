import { type Concept, hl7 } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import { type Item, type ItemOptions, organisationReference } from './resource.ts'

export interface FlagOptions extends ItemOptions {
  /** FHIR flag-category. */
  readonly category: 'safety' | 'clinical' | 'admin' | 'contact' | 'behavioral' | 'drug'
  readonly start: Moment
  readonly end?: Moment
  /** @default 'active' */
  readonly status?: 'active' | 'inactive'
}

/** What a clinician should see first, as UK Core Flag. */
export function flag(code: Concept, options: FlagOptions): Item {
  const { category, start, end, status = 'active' } = options
  return (context) => [
    itemResource(context, { resourceType: 'Flag', about: code.text, when: start }, options, {
      status,
      category: [hl7('flag-category', category)],
      code,
      period: { start: context.calendar.toFhir(start), end: end && context.calendar.toFhir(end) },
      author: organisationReference(context.organisation),
    }),
  ]
}
