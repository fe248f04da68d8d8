import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFaultOutcome } from '../../subgraphs/publishing/endpoint/operation-outcome.ts'
import { toPublication } from '../../subgraphs/publishing/to-publication.ts'
import { type Json, patient, publisher, snomed, toPatient, transaction } from '../support/publishing/bundle.ts'

const code = snomed('1', 'A thing')
const attachment = {
  contentType: 'text/plain',
  data: 'AAAA',
  url: 'Binary/b',
  hash: 'AAAA',
  title: 't',
  creation: '2020',
}
const bundle = transaction(
  {
    ...patient,
    contact: [{ name: { family: 'x' }, telecom: [{ system: 'phone', value: '1' }] }],
    telecom: [{ system: 'phone', value: '1' }],
    address: [{ line: ['x'], postalCode: 'x' }],
  },
  {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: code,
    code,
    patient: toPatient,
    recordedDate: '2020',
    reaction: [{ manifestation: [code] }],
  },
  {
    resourceType: 'Observation',
    status: 'final',
    code,
    subject: toPatient,
    effectiveDateTime: '2020',
    valueQuantity: { value: 1, unit: 'g', comparator: '<' },
    issued: '2020-01-01T00:00:00Z',
  },
  {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: toPatient,
    medicationReference: { reference: '#m', display: 'x' },
    contained: [{ resourceType: 'Medication', id: 'm', code }],
  },
  {
    resourceType: 'DocumentReference',
    status: 'current',
    type: code,
    subject: toPatient,
    content: [{ attachment }],
    relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/1' } }],
  },
  {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ code: 'patient-privacy' }] },
    patient: toPatient,
    provision: { type: 'deny', actor: [{ reference: { display: 'x' } }] },
  },
)

const marker = 'Zaphod9990000018'

/** A copy in which the chosen strings are the marker, and some values are of another type. */
function mark(value: unknown, choose: () => 'keep' | 'mark' | 'break'): unknown {
  if (Array.isArray(value)) return value.map((one) => mark(one, choose))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mark(one, choose)]))
  const choice = choose()
  return choice === 'keep' ? value : choice === 'mark' ? marker : { [marker]: [marker] }
}

function outcomeOf(value: unknown): string {
  const mapping = toPublication(value, { publisher })
  return JSON.stringify(toFaultOutcome(mapping.faults))
}

test('no text of a Bundle is in an OperationOutcome about it', () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant('keep' as const) },
          fc.constant('mark' as const),
          fc.constant('break' as const),
        ),
      ),
      (choices) => {
        const marked = mark(bundle, () => choices.next().value ?? 'keep')
        // Most of a Bundle whose type or method is marked would never be looked at.
        for (const whole of [marked, repaired(marked as Json)]) expect(outcomeOf(whole)).not.toContain('Zaphod')
      },
    ),
    { numRuns: 300 },
  )
})

test('no OperationOutcome repeats a marked text of a Bundle', () => {
  const marked = repaired(mark(bundle, () => 'mark') as Json)
  const outcome = outcomeOf(marked)
  expect(outcome).not.toContain('Zaphod')
  expect(outcome.match(/"severity"/g)?.length).toBeGreaterThan(5)
})

/** With resource types, ids of the envelope and requests as they were, so that the mappers run. */
function repaired(marked: Json): Json {
  const entries = (marked.entry as readonly { readonly resource: Json }[]) ?? []
  const original = bundle.entry as readonly { readonly resource: Json }[]
  return {
    ...bundle,
    entry: original.map((entry, index) => ({
      ...entry,
      resource: { ...entries[index]?.resource, resourceType: entry.resource.resourceType },
    })),
  }
}
