import { z } from 'zod'
import { codeableConcept, concept, toEnum, toFirstConcept } from '../datatypes/concept.ts'
import { code, list, period } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    category: list(codeableConcept),
    code: concept,
    subject: reference.optional(),
    encounter: reference.optional(),
    period: period.optional(),
    author: reference.optional(),
  },
  'Flag',
)

/** An alert, ordered by its start. */
export const flag: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'Flag',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, category, code, period, author, encounter } = resource
    const item = toItem(resource, entry, {
      section: 'alerts',
      orderedBy: [period?.start],
      sources: [author, encounter],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      fields: {
        code,
        category: toFirstConcept(category),
        status: toEnum(['ACTIVE', 'INACTIVE'], status) ?? 'UNRECOGNISED',
        start: period?.start ?? null,
        end: period?.end ?? null,
      },
    })
    return { items: [item] }
  },
}
