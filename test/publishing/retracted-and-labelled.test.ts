import { describe, expect, test } from 'vitest'
import { type Json, snomed, toMappedItem, toPatient } from '../support/publishing/bundle.ts'

const code = snomed('91936005', 'Allergy to penicillin')
const status = (text: string): Json => ({ coding: [{ code: text }] })

describe('retracted items and labels', () => {
  const verification = (text: string) => ({ verificationStatus: status(text) })
  test.each([
    ['allergies', { resourceType: 'AllergyIntolerance', code, patient: toPatient, ...verification('refuted') }],
    ['problems', { resourceType: 'Condition', code, subject: toPatient, ...verification('entered-in-error') }],
    [
      'medications',
      {
        resourceType: 'MedicationRequest',
        status: 'entered-in-error',
        intent: 'order',
        medicationCodeableConcept: code,
        subject: toPatient,
      },
    ],
    [
      'immunisations',
      { resourceType: 'Immunization', status: 'entered-in-error', vaccineCode: code, patient: toPatient },
    ],
    ['results', { resourceType: 'Observation', status: 'entered-in-error', code, subject: toPatient }],
    [
      'encounters',
      { resourceType: 'Encounter', status: 'entered-in-error', class: { code: 'AMB' }, subject: toPatient },
    ],
    [
      'documents',
      {
        resourceType: 'DocumentReference',
        status: 'entered-in-error',
        type: code,
        subject: toPatient,
        content: [{ attachment: {} }],
      },
    ],
  ] as const)('a store retracts an item that is entered in error or no longer valid: %s', (section, resource) => {
    expect(toMappedItem(section, resource).lifecycle).toBe('retracted')
  })

  test('a store reports codes that it does not recognise', () => {
    expect(
      toMappedItem('carePlans', { resourceType: 'CarePlan', status: 'paused', intent: 'plan', subject: toPatient })
        .fields.status,
    ).toBe('UNRECOGNISED')
    expect(
      toMappedItem('encounters', {
        resourceType: 'Encounter',
        status: 'finished',
        class: { code: 'PRENC' },
        subject: toPatient,
      }).fields.class,
    ).toBe('UNRECOGNISED')
  })
})

test.each([
  [[{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }], ['R']],
  [[{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }], []],
  [[{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPIOIDUD' }], ['OPIOIDUD', 'SUD']],
  [
    [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NOAUTH' }, { code: 'V' }],
    ['SEALED', 'V'],
  ],
  [[{ system: 'https://example.nhs.uk/own', code: 'SEX' }], []],
])('a store labels a resource with the security codes %j as %j', (security, labels) => {
  expect(
    toMappedItem('alerts', { resourceType: 'Flag', meta: { security }, status: 'active', code, subject: toPatient })
      .labels,
  ).toEqual(labels)
})
