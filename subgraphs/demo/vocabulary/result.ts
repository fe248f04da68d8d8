import { type Concept, hl7, loinc } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import {
  type Item,
  type ItemContext,
  type ItemOptions,
  organisationReference,
  type Resource,
  referenceTo,
} from './resource.ts'

/** A number with its UCUM unit, or words. */
export type Value = readonly [value: number, unit: string, ucum?: string] | string

export interface ResultOptions extends ItemOptions {
  readonly taken?: Moment
  /** @default 'laboratory' */
  readonly category?: 'laboratory' | 'vital-signs' | 'imaging' | 'survey' | 'social-history' | 'exam'
  /** Low and high, in the value's unit. */
  readonly range?: readonly [low: number, high: number]
  /** v3-ObservationInterpretation. */
  readonly interpretation?: 'H' | 'HH' | 'L' | 'LL' | 'N' | 'A'
  readonly comparator?: '<' | '<=' | '>=' | '>'
  /** @default 'final' */
  readonly status?: 'registered' | 'preliminary' | 'final' | 'amended' | 'corrected' | 'cancelled'
}

/** A test result or observation, as UK Core Observation. */
export function result(code: Concept, value: Value | null, options: ResultOptions = {}): Item {
  return (context) => [observation(context, code, value, options)]
}

/** A blood pressure: one observation of two components. */
export function bloodPressure(systolic: number, diastolic: number, taken: Moment, options: ItemOptions = {}): Item {
  const component = (code: Concept, value: number) => ({ code, ...toValue([value, 'mmHg', 'mm[Hg]']) })
  return (context) => [
    observation(
      context,
      loinc('85354-9', 'Blood pressure panel with all children optional'),
      null,
      { ...options, taken, category: 'vital-signs' },
      [
        component(loinc('8480-6', 'Systolic blood pressure'), systolic),
        component(loinc('8462-4', 'Diastolic blood pressure'), diastolic),
      ],
    ),
  ]
}

/** Results reported together under one name, as DiagnosticReport and its Observations. */
export function report(
  name: Concept,
  taken: Moment,
  results: readonly (readonly [Concept, Value, ResultOptions?])[],
): Item {
  return (context) => {
    const observations = results.map(([code, value, options]) =>
      observation(context, code, value, { ...options, taken }),
    )
    const wrapper = itemResource(
      context,
      { resourceType: 'DiagnosticReport', about: name.text, when: taken },
      {},
      {
        status: 'final',
        category: [hl7('v2-0074', 'LAB')],
        code: name,
        effectiveDateTime: context.calendar.toFhir(taken),
        performer: [organisationReference(context.organisation)],
        result: observations.map(referenceTo),
      },
    )
    return [...observations, wrapper]
  }
}

function observation(
  context: ItemContext,
  code: Concept,
  value: Value | null,
  options: ResultOptions,
  component?: readonly unknown[],
): Resource {
  const { taken, category = 'laboratory', range, interpretation, comparator, status = 'final' } = options
  const [, unit] = Array.isArray(value) ? value : []
  return itemResource(context, { resourceType: 'Observation', about: code.text, when: taken }, options, {
    status,
    category: [hl7('observation-category', category)],
    code,
    effectiveDateTime: taken && context.calendar.toFhir(taken),
    performer: [organisationReference(context.organisation)],
    ...toValue(value, comparator),
    referenceRange: range && [{ low: { value: range[0], unit }, high: { value: range[1], unit } }],
    interpretation: interpretation && [hl7('v3-ObservationInterpretation', interpretation)],
    component,
  })
}

function toValue(value: Value | null, comparator?: string): Readonly<Record<string, unknown>> {
  if (value === null) return {}
  if (typeof value === 'string') return { valueString: value }
  const [number, unit, code = unit] = value
  return { valueQuantity: { value: number, comparator, unit, system: 'http://unitsofmeasure.org', code } }
}
