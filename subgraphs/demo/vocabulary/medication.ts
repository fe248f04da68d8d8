import { type Concept, coded, hl7 } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment, RelativeMoment } from './moment.ts'
import {
  type Item,
  type ItemContext,
  type ItemOptions,
  organisationReference,
  type Resource,
  referenceTo,
} from './resource.ts'

export interface MedicationOptions extends ItemOptions {
  readonly dosage: string
  /** @default 'acute' */
  readonly kind?: Kind
  readonly authored: Moment
  /** The last day of the course. */
  readonly until?: Moment
  /** @default 'active' */
  readonly status?: 'active' | 'on-hold' | 'cancelled' | 'completed' | 'stopped' | 'draft' | 'unknown'
}

type Kind = 'acute' | 'repeat' | 'repeat-dispensing'

/** One prescription, as UK Core MedicationRequest. */
export function medication(medicine: Concept, options: MedicationOptions): Item {
  return (context) => [request(context, medicine, options)]
}

export interface TherapyOptions extends ItemOptions {
  readonly dosage: string
  /** @default 'repeat' */
  readonly kind?: Kind
  readonly started: Moment
  readonly ended?: Moment
  /** The days of the prescriptions issued, each of 28 days. */
  readonly issues: readonly RelativeMoment[]
  /** @default 'active' */
  readonly status?: 'active' | 'completed' | 'stopped' | 'on-hold' | 'not-taken' | 'intended'
}

/** One therapy as GP systems publish it: a MedicationStatement based on the prescriptions issued for it. */
export function therapy(medicine: Concept, options: TherapyOptions): Item {
  const { dosage, kind = 'repeat', started, ended, issues, status = 'active', key, updatedDaysAgo } = options
  return (context) => {
    const requests = issues.map((authored) => {
      const until = { daysAgo: authored.daysAgo - 28 }
      return request(context, medicine, {
        dosage,
        kind,
        authored,
        until,
        status: until.daysAgo > 0 ? 'completed' : 'active',
        key: key && `${key}/${authored.daysAgo}`,
      })
    })
    const latest = issues.reduce<number>((least, issue) => Math.min(least, issue.daysAgo), 30)
    const statement = itemResource(
      context,
      { resourceType: 'MedicationStatement', about: medicine.text, when: started },
      { key, updatedDaysAgo: updatedDaysAgo ?? latest },
      {
        basedOn: requests.map(referenceTo),
        status,
        medicationCodeableConcept: medicine,
        effectivePeriod: { start: context.calendar.toFhir(started), end: ended && context.calendar.toFhir(ended) },
        dosage: [{ text: dosage }],
        informationSource: organisationReference(context.organisation),
      },
    )
    return [...requests, statement]
  }
}

function request(context: ItemContext, medicine: Concept, options: MedicationOptions): Resource {
  const { dosage, kind = 'acute', authored, until, status = 'active' } = options
  return itemResource(context, { resourceType: 'MedicationRequest', about: medicine.text, when: authored }, options, {
    status,
    intent: 'order',
    medicationCodeableConcept: medicine,
    authoredOn: context.calendar.toFhir(authored),
    requester: organisationReference(context.organisation),
    courseOfTherapyType: courses[kind],
    dosageInstruction: [{ text: dosage }],
    dispenseRequest: {
      validityPeriod: { start: context.calendar.toFhir(authored), end: until && context.calendar.toFhir(until) },
    },
  })
}

const courses: Readonly<Record<Kind, unknown>> = {
  acute: hl7('medicationrequest-course-of-therapy', 'acute'),
  repeat: hl7('medicationrequest-course-of-therapy', 'continuous'),
  'repeat-dispensing': coded(
    'https://fhir.nhs.uk/CodeSystem/medicationrequest-course-of-therapy',
    'continuous-repeat-dispensing',
    'Continuous long term (repeat dispensing)',
  ),
}
