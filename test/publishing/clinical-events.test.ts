import { describe, expect, test } from 'vitest'
import { odsCodeSystem, publisher, snomed, toMappedItem, toPatient, urn } from '../support/publishing/bundle.ts'

const code = snomed('91936005', 'Allergy to penicillin')
const concept = {
  text: 'Allergy to penicillin',
  codings: [{ system: 'http://snomed.info/sct', code: '91936005', display: 'Allergy to penicillin' }],
}

describe('clinical events', () => {
  test("a store turns a Procedure into a procedure whose source is its encounter's organisation", () => {
    const item = toMappedItem(
      'procedures',
      {
        resourceType: 'Encounter',
        id: 'e1',
        status: 'finished',
        class: { code: 'EMER' },
        subject: toPatient,
        serviceProvider: { identifier: { system: odsCodeSystem, value: 'rxn' } },
      },
      {
        resourceType: 'Procedure',
        status: 'in-progress',
        code,
        subject: toPatient,
        encounter: { reference: 'Encounter/e1' },
        performedPeriod: { start: '2025-01' },
      },
    )
    expect(item.organisation).toEqual({ odsCode: 'RXN', name: 'Lancashire Teaching Hospitals NHS Foundation Trust' })
    expect(item.fields).toEqual({ code: concept, status: 'IN_PROGRESS', performed: '2025-01' })
  })

  test('a store turns an Observation into a result with the name and labels of its report', () => {
    const item = toMappedItem(
      'results',
      {
        resourceType: 'DiagnosticReport',
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
        status: 'final',
        code: { text: 'Blood count' },
        subject: toPatient,
        result: [{ reference: urn(2) }],
      },
      {
        resourceType: 'Observation',
        status: 'amended',
        category: [{ coding: [{ code: 'local' }] }, { coding: [{ code: 'vital-signs' }] }],
        code,
        subject: toPatient,
        effectiveDateTime: '2026-01-01T10:00:00+01:00',
        valueQuantity: {
          value: { raw: '5.0' },
          comparator: '<=',
          unit: 'mmol/L',
          system: 'http://unitsofmeasure.org',
          code: 'mmol/L',
        },
        interpretation: [{ text: 'High' }],
        referenceRange: [
          { low: { value: { raw: '3.50' }, unit: 'mmol/L' }, high: { value: { raw: '5.0' }, unit: 'mmol/L' } },
        ],
        component: [{ code: { text: 'Part' }, valueString: 'seen' }],
      },
    )
    expect(item.labels).toEqual(['HIV'])
    expect(item.fields).toEqual({
      code: concept,
      category: 'VITAL_SIGNS',
      effective: '2026-01-01T10:00:00+01:00',
      status: 'AMENDED',
      value: null,
      quantity: {
        value: '5.0',
        comparator: 'LESS_OR_EQUAL',
        unit: 'mmol/L',
        system: 'http://unitsofmeasure.org',
        code: 'mmol/L',
      },
      referenceRange: '3.50 - 5.0 mmol/L',
      interpretation: { text: 'High', codings: [] },
      components: [{ code: { text: 'Part', codings: [] }, value: 'seen', quantity: null }],
      report: { text: 'Blood count', codings: [] },
    })
  })

  test.each([
    [{ valueCodeableConcept: code }, 'Allergy to penicillin'],
    [{ valueString: 'clear' }, 'clear'],
    [{ valueBoolean: false }, 'false'],
    [{ valueInteger: 0 }, '0'],
    [{ valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }, '1 : 128'],
    [{ valueRange: { low: { value: 1, unit: 'g' }, high: { value: 2, unit: 'g' } } }, '1 - 2 g'],
    [{ valueDateTime: '2026-01' }, '2026-01'],
    [{ dataAbsentReason: { text: 'Not performed' } }, 'Not performed'],
    [{}, null],
  ])('a store reads the value %j as %s', (value, text) => {
    expect(
      toMappedItem('results', { resourceType: 'Observation', status: 'final', code, subject: toPatient, ...value })
        .fields.value,
    ).toBe(text)
  })

  test('a store turns an Encounter into an encounter whose reason is a Condition of the Bundle', () => {
    const item = toMappedItem(
      'encounters',
      { resourceType: 'Condition', id: 'c1', code, subject: toPatient },
      {
        resourceType: 'Encounter',
        status: 'onleave',
        class: { code: 'ACUTE' },
        type: [{ text: 'Ward stay' }],
        subject: toPatient,
        period: { start: '2026-01-01', end: '2026-01-03' },
        reasonReference: [{ reference: 'Condition/c1' }],
        serviceProvider: { display: 'A hospital' },
      },
    )
    expect(item.organisation).toEqual(publisher)
    expect(item.fields).toEqual({
      class: 'INPATIENT',
      type: { text: 'Ward stay', codings: [] },
      status: 'ON_LEAVE',
      start: '2026-01-01',
      end: '2026-01-03',
      reason: concept,
      provider: { odsCode: null, name: 'A hospital' },
    })
  })

  test('a store gives an Appointment to the participant who is a patient, whichever comes first', () => {
    const item = toMappedItem(
      'appointments',
      {
        resourceType: 'Location',
        id: 'l1',
        name: 'Clinic 3',
        managingOrganization: { identifier: { system: odsCodeSystem, value: 'RET' } },
      },
      {
        resourceType: 'Appointment',
        status: 'noshow',
        specialty: [{ text: 'Neurology' }],
        start: '2026-02-01T09:00:00Z',
        end: '2026-02-01T09:30:00Z',
        reasonCode: [{ text: 'Headache' }],
        participant: [{ actor: { reference: 'Location/l1' } }, { actor: { reference: urn(0) } }],
      },
    )
    expect(item.organisation.odsCode).toBe('RET')
    expect(item.fields).toEqual({
      start: '2026-02-01T09:00:00Z',
      end: '2026-02-01T09:30:00Z',
      status: 'NOSHOW',
      specialty: { text: 'Neurology', codings: [] },
      location: 'Clinic 3',
      description: 'Headache',
    })
  })

  test('a store turns a CarePlan into a care plan and a Flag into an alert', () => {
    const plan = toMappedItem('carePlans', {
      resourceType: 'CarePlan',
      status: 'revoked',
      intent: 'plan',
      title: 'Crisis plan',
      category: [code],
      subject: toPatient,
      period: { start: '2026-01-01' },
      activity: [
        { detail: { code: { text: 'Call' } } },
        { detail: { description: 'Visit' } },
        { reference: { display: 'Review' } },
      ],
    })
    expect(plan.fields).toEqual({
      title: 'Crisis plan',
      category: concept,
      status: 'REVOKED',
      start: '2026-01-01',
      end: null,
      activities: ['Call', 'Visit', 'Review'],
    })
    const alert = toMappedItem('alerts', {
      resourceType: 'Flag',
      status: 'active',
      code,
      category: [{ text: 'Safety' }],
      subject: toPatient,
      period: { start: '2026-01-01', end: '2027' },
    })
    expect(alert.fields).toEqual({
      code: concept,
      category: { text: 'Safety', codings: [] },
      status: 'ACTIVE',
      start: '2026-01-01',
      end: '2027',
    })
  })
})
