import type { Concept } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import { type Item, type ItemOptions, organisationReference } from './resource.ts'

export interface CarePlanOptions extends ItemOptions {
  readonly category: Concept
  readonly start: Moment
  readonly end?: Moment
  readonly activities: readonly string[]
  /** @default 'active' */
  readonly status?: 'draft' | 'active' | 'on-hold' | 'revoked' | 'completed'
}

/** A care plan, as UK Core CarePlan. */
export function carePlan(title: string, options: CarePlanOptions): Item {
  const { category, start, end, activities, status = 'active' } = options
  return (context) => [
    itemResource(context, { resourceType: 'CarePlan', about: title, when: start }, options, {
      status,
      intent: 'plan',
      category: [category],
      title,
      period: { start: context.calendar.toFhir(start), end: end && context.calendar.toFhir(end) },
      author: organisationReference(context.organisation),
      activity: activities.map((description) => ({ detail: { status: 'in-progress', description } })),
    }),
  ]
}
