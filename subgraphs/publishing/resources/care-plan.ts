import { z } from 'zod'
import { codeableConcept, toConcept, toEnum, toFirstConcept } from '../datatypes/concept.ts'
import { code, list, period, string } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'

const activity = z.object(
  {
    detail: z
      .object({ code: codeableConcept.optional(), description: string.optional() }, 'CarePlan.activity.detail')
      .optional(),
    reference: reference.optional(),
  },
  'CarePlan.activity',
)

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    category: list(codeableConcept),
    title: string.optional(),
    subject: reference.optional(),
    encounter: reference.optional(),
    period: period.optional(),
    author: reference.optional(),
    contributor: list(reference),
    activity: list(activity),
  },
  'CarePlan',
)

const statuses = ['DRAFT', 'ACTIVE', 'ON_HOLD', 'REVOKED', 'COMPLETED', 'UNKNOWN'] as const

/** A care plan, ordered by its start. */
export const carePlan: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'CarePlan',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, category, title, period, author, contributor = [], encounter } = resource
    const item = toItem(resource, entry, {
      section: 'carePlans',
      orderedBy: [period?.start],
      sources: [author, ...contributor, encounter],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      fields: {
        title: title ?? null,
        category: toFirstConcept(category),
        status: toEnum(statuses, status) ?? 'UNRECOGNISED',
        start: period?.start ?? null,
        end: period?.end ?? null,
        activities: (resource.activity ?? []).flatMap(
          (one) => toConcept(one.detail?.code)?.text ?? one.detail?.description ?? one.reference?.display ?? [],
        ),
      },
    })
    return { items: [item] }
  },
}
