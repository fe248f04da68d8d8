import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import {
  type CodeableConcept,
  codeableConcept,
  concept,
  toCodes,
  toEnum,
  toFirstConcept,
} from '../datatypes/concept.ts'
import { code, dateTime, instant, list, period, string } from '../datatypes/primitives.ts'
import { quantity, toRangeText } from '../datatypes/quantity.ts'
import { reference } from '../datatypes/reference.ts'
import { type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'
import { diagnosticReport, toResultReferences } from './diagnostic-report.ts'
import { toValue, valueShape } from './observation-value.ts'

const referenceRange = z.object(
  { text: string.optional(), low: quantity.optional(), high: quantity.optional() },
  'Observation.referenceRange',
)

const schema = z.object(
  {
    ...resourceShape,
    ...valueShape,
    status: code,
    category: list(codeableConcept),
    code: concept,
    subject: reference.optional(),
    encounter: reference.optional(),
    effectiveDateTime: dateTime.optional(),
    effectiveInstant: instant.optional(),
    effectivePeriod: period.optional(),
    effectiveTiming: z.object({ event: list(dateTime) }, 'Timing').optional(),
    issued: instant.optional(),
    performer: list(reference),
    interpretation: list(codeableConcept),
    referenceRange: list(referenceRange),
    component: list(z.object({ ...valueShape, code: concept }, 'Observation.component')),
  },
  'Observation',
)
type Observation = z.infer<typeof schema>

const statuses = ['REGISTERED', 'PRELIMINARY', 'FINAL', 'AMENDED', 'CORRECTED', 'CANCELLED', 'UNKNOWN'] as const
const categories = ['LABORATORY', 'VITAL_SIGNS', 'IMAGING', 'SURVEY', 'SOCIAL_HISTORY', 'EXAM', 'PROCEDURE'] as const

/**
 * A result, with the name and the labels of the report it belongs to; ordered by its effective time, else by when it
 * was issued.
 */
export const observation: ResourceDefinition<Observation> = {
  type: 'Observation',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, category, code, issued, performer = [], encounter, interpretation, component = [] } = resource
    const effective = toEffective(resource)
    const reports = entry
      .findReferrers(diagnosticReport, toResultReferences)
      .filter((one) => one.resource.status !== 'entered-in-error')
    const item = toItem(resource, entry, {
      section: 'results',
      orderedBy: [effective, issued],
      sources: [...performer, encounter],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      // What may not be known of a report may not be known by its results, which bear its name.
      security: reports.flatMap((report) => report.resource.meta?.security ?? []),
      fields: {
        code,
        category: toCategory(category),
        effective,
        status: toEnum(statuses, status) ?? 'UNRECOGNISED',
        ...toValue(resource),
        referenceRange: toReferenceRange(resource),
        interpretation: toFirstConcept(interpretation),
        components: component.map((one) => ({ code: one.code, ...toValue(one) })),
        report: reports[0]?.resource.code ?? null,
      },
    })
    return { items: [item] }
  },
}

function toEffective({
  effectiveDateTime,
  effectiveInstant,
  effectivePeriod,
  effectiveTiming,
}: Observation): string | null {
  return (
    effectiveDateTime ??
    effectiveInstant ??
    effectivePeriod?.start ??
    effectivePeriod?.end ??
    effectiveTiming?.event?.[0] ??
    null
  )
}

/** The first category that is one of the SDL's. */
function toCategory(categoryConcepts: readonly CodeableConcept[] | undefined): Region.ResultCategory | null {
  const found = (categoryConcepts ?? []).flatMap(toCodes).map((one) => toEnum(categories, one))
  return found.find((one) => one !== 'UNRECOGNISED') ?? (categoryConcepts?.length ? 'UNRECOGNISED' : null)
}

function toReferenceRange({ referenceRange = [] }: Observation): string | null {
  const ranges = referenceRange.flatMap((one) => one.text ?? toRangeText(one) ?? [])
  return ranges.length === 0 ? null : ranges.join('; ')
}
