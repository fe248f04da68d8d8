import { describe, expect, test } from 'vitest'
import { type Json, odsCodeSystem, publisher, snomed, toMappedItem, toPatient } from '../support/publishing/bundle.ts'

const london = (text: string) => Date.parse(text)
const code = snomed('91936005', 'Allergy to penicillin')
const concept = {
  text: 'Allergy to penicillin',
  codings: [{ system: 'http://snomed.info/sct', code: '91936005', display: 'Allergy to penicillin' }],
}
const status = (text: string): Json => ({ coding: [{ code: text }] })

describe('allergies, problems and medicines', () => {
  test('a store turns an AllergyIntolerance into an allergy', () => {
    const item = toMappedItem('allergies', {
      resourceType: 'AllergyIntolerance',
      id: 'a1',
      meta: { versionId: '3', lastUpdated: '2026-01-02T03:04:05Z' },
      identifier: [{ value: 'no system' }, { system: 'https://example.nhs.uk/a', value: '17' }],
      clinicalStatus: status('active'),
      verificationStatus: status('confirmed'),
      category: ['medication'],
      criticality: 'unable-to-assess',
      code,
      patient: toPatient,
      onsetDateTime: '2010',
      recordedDate: '2020-07-01',
      reaction: [
        { manifestation: [{ text: 'Rash' }, { text: 'Wheeze' }], severity: 'severe' },
        { description: 'Felt unwell' },
      ],
    })
    expect(item).toEqual({
      section: 'allergies',
      resourceType: 'AllergyIntolerance',
      entry: 1,
      nhsNumber: '9990000018',
      identifier: { system: 'https://example.nhs.uk/a', value: '17' },
      resourceId: 'a1',
      version: 3,
      lastUpdated: '2026-01-02T03:04:05Z',
      organisation: publisher,
      lifecycle: 'current',
      orderedAtMs: london('2020-07-01T00:00:00+01:00'),
      labels: [],
      replaces: [],
      basedOn: [],
      fields: {
        substance: concept,
        category: 'MEDICATION',
        criticality: 'UNABLE_TO_ASSESS',
        status: 'ACTIVE',
        verification: 'CONFIRMED',
        reactions: [
          { manifestation: { text: 'Rash', codings: [] }, severity: 'SEVERE' },
          { manifestation: { text: 'Wheeze', codings: [] }, severity: 'SEVERE' },
          { manifestation: { text: 'Felt unwell', codings: [] }, severity: null },
        ],
        onset: '2010',
        recorded: '2020-07-01',
      },
    })
  })

  test('a store turns a Condition into a problem', () => {
    const item = toMappedItem('problems', {
      resourceType: 'Condition',
      extension: [
        { url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ProblemSignificance', valueCode: 'major' },
      ],
      clinicalStatus: status('remission'),
      verificationStatus: status('provisional'),
      code,
      subject: toPatient,
      onsetPeriod: { start: '2011-02' },
      abatementDateTime: '2012',
    })
    expect(item.orderedAtMs).toBe(london('2011-02-01T00:00:00Z'))
    expect(item.fields).toEqual({
      code: concept,
      status: 'REMISSION',
      verification: 'PROVISIONAL',
      onset: '2011-02',
      abatement: '2012',
      significance: 'major',
      recorded: null,
    })
  })

  test('a store turns a MedicationRequest with a referenced medicine and prescriber into a medication', () => {
    const item = toMappedItem(
      'medications',
      { resourceType: 'Medication', id: 'm1', code: { text: 'Amoxicillin 500mg capsules' } },
      {
        resourceType: 'Organization',
        id: 'o1',
        identifier: [{ system: odsCodeSystem, value: 'P81001' }],
        name: 'The Surgery',
      },
      { resourceType: 'PractitionerRole', id: 'r1', organization: { reference: 'Organization/o1' } },
      {
        resourceType: 'MedicationRequest',
        status: 'on-hold',
        intent: 'order',
        subject: toPatient,
        medicationReference: { reference: 'Medication/m1' },
        requester: { reference: 'PractitionerRole/r1', display: 'Dr Who' },
        authoredOn: '2026-03-04T09:00:00+00:00',
        courseOfTherapyType: status('continuous'),
        dosageInstruction: [{ text: 'One three times a day' }, { patientInstruction: 'With food' }],
        dispenseRequest: { validityPeriod: { start: '2026-03-05', end: '2026-04-05' } },
      },
    )
    expect(item.organisation).toEqual({ odsCode: 'P81001', name: 'The Surgery' })
    expect(item.orderedAtMs).toBe(london('2026-03-04T09:00:00Z'))
    expect(item.fields).toEqual({
      medicine: { text: 'Amoxicillin 500mg capsules', codings: [] },
      dosage: 'One three times a day; With food',
      status: 'ON_HOLD',
      kind: 'REPEAT',
      started: '2026-03-05',
      ended: '2026-04-05',
      lastIssued: '2026-03-04T09:00:00+00:00',
      prescriber: { odsCode: 'P81001', name: 'The Surgery' },
    })
  })

  test.each([
    [{ courseOfTherapyType: status('acute') }, 'ACUTE'],
    [{ courseOfTherapyType: status('seasonal') }, 'UNRECOGNISED'],
    [{ courseOfTherapyType: status('continuous-repeat-dispensing') }, 'REPEAT_DISPENSING'],
    [
      {
        extension: [
          {
            url: 'https://x/Extension-UKCore-MedicationRepeatInformation',
            extension: [{ url: 'numberOfPrescriptionsIssued', valueUnsignedInt: 2 }],
          },
        ],
      },
      'REPEAT',
    ],
    [
      {
        extension: [
          {
            url: 'https://x/Extension-CareConnect-GPC-PrescriptionType-1',
            valueCodeableConcept: status('repeat-dispensing'),
          },
        ],
      },
      'REPEAT_DISPENSING',
    ],
    [{}, null],
  ])('a store gives a prescription with %j the kind %s', (parts, kind) => {
    const item = toMappedItem('medications', {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'plan',
      subject: toPatient,
      medicationCodeableConcept: code,
      ...parts,
    })
    expect(item.fields.kind).toBe(kind)
    expect(item.fields.lastIssued).toBeNull()
  })

  test.each([
    [{ asNeededBoolean: true }, 'as needed'],
    [{ asNeededBoolean: false }, null],
    [
      {
        timing: { repeat: { frequency: 1, period: 6, periodUnit: 'h' } },
        doseAndRate: [{ doseQuantity: { value: { raw: '0.50' }, unit: 'mL' } }],
      },
      '0.50 mL, 1 time every 6 hours',
    ],
    [
      { timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } }, asNeededCodeableConcept: { text: 'pain' } },
      '2 times every day, as needed for pain',
    ],
  ])('a store reads the dosage %j as %s', (dosage, text) => {
    const item = toMappedItem('medications', {
      resourceType: 'MedicationStatement',
      status: 'active',
      subject: toPatient,
      medicationCodeableConcept: code,
      dosage: [dosage],
    })
    expect(item.fields.dosage).toBe(text)
  })

  test('a store turns a MedicationStatement based on a request of the Bundle and one known by identifier into a medication', () => {
    const item = toMappedItem(
      'medications',
      {
        resourceType: 'MedicationRequest',
        id: 'mr1',
        identifier: [{ system: 's', value: 'v' }],
        status: 'active',
        intent: 'order',
        subject: toPatient,
        medicationCodeableConcept: code,
      },
      {
        resourceType: 'MedicationStatement',
        extension: [
          { url: 'https://x/Extension-UKCore-MedicationStatementLastIssueDate', valueDateTime: '2026-05-01' },
        ],
        status: 'not-taken',
        subject: toPatient,
        medicationReference: { display: 'Ramipril' },
        effectivePeriod: { start: '2026-01-01', end: '2026-06-01' },
        basedOn: [{ reference: 'MedicationRequest/mr1' }, { identifier: { system: 's', value: 'w' } }],
      },
    )
    expect(item.basedOn).toEqual([
      { system: 's', value: 'v' },
      { system: 's', value: 'w' },
    ])
    expect(item.fields).toMatchObject({
      medicine: { text: 'Ramipril' },
      status: 'NOT_TAKEN',
      kind: null,
      started: '2026-01-01',
      ended: '2026-06-01',
      lastIssued: '2026-05-01',
    })
  })

  test('a store turns an Immunization into an immunisation', () => {
    const item = toMappedItem('immunisations', {
      resourceType: 'Immunization',
      status: 'not-done',
      vaccineCode: code,
      patient: toPatient,
      occurrenceDateTime: '2026-01-01',
      lotNumber: 'L1',
      site: { text: 'Left arm' },
      doseQuantity: { value: { raw: '0.5' }, unit: 'mL' },
      protocolApplied: [{ doseNumberPositiveInt: 1, seriesDosesPositiveInt: 2 }],
    })
    expect(item.fields).toEqual({
      vaccine: concept,
      status: 'NOT_DONE',
      given: '2026-01-01',
      dose: 'dose 1 of 2, 0.5 mL',
      lot: 'L1',
      site: { text: 'Left arm', codings: [] },
    })
  })
})
