import { z } from 'zod'
import { concept } from '../datatypes/concept.ts'
import { code, dateTime, list, period } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'
import { toEventStatus } from './event-status.ts'

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    code: concept,
    subject: reference.optional(),
    encounter: reference.optional(),
    performedDateTime: dateTime.optional(),
    performedPeriod: period.optional(),
    performer: list(z.object({ actor: reference.optional(), onBehalfOf: reference.optional() }, 'Procedure.performer')),
    recorder: reference.optional(),
  },
  'Procedure',
)

/** A procedure, ordered by when it was performed. */
export const procedure: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'Procedure',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, code, performedDateTime, performedPeriod, performer = [], recorder, encounter } = resource
    const performed = performedDateTime ?? performedPeriod?.start ?? performedPeriod?.end ?? null
    const item = toItem(resource, entry, {
      section: 'procedures',
      orderedBy: [performed],
      sources: [...performer.flatMap(({ onBehalfOf, actor }) => [onBehalfOf, actor]), recorder, encounter],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      fields: { code, status: toEventStatus(status), performed },
    })
    return { items: [item] }
  },
}
