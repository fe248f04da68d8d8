import { describe, expect, test } from 'vitest'
import {
  expectMapped,
  type Json,
  listFaults,
  patient,
  publish,
  snomed,
  toPatient,
  transaction,
  urn,
} from '../support/publishing/bundle.ts'

const code = snomed('1', 'A thing')
const problem = (more: Json = {}): Json => ({
  resourceType: 'Condition',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code,
  subject: toPatient,
  ...more,
})
const messages = (bundle: unknown) => {
  const mapping = publish(bundle)
  return mapping.status === 'refused' ? mapping.faults.map(({ path, fault }) => `${path}: ${fault}`) : []
}

describe('input that is no R4 Bundle', () => {
  test.each([
    [null, 'Bundle: expected a Bundle, found null'],
    [[], 'Bundle: expected a Bundle, found array'],
    [patient, 'Bundle: expected a Bundle, found a resource of type Patient'],
    [{ resourceType: 'Secret' }, 'Bundle: expected a Bundle, found object without a resource type of FHIR R4'],
    [{ resourceType: 'Bundle', type: 'collection', entry: {} }, 'Bundle.entry: expected array, found object'],
    [
      { resourceType: 'Bundle', type: 'searchset' },
      'Bundle.type: expected one of transaction, batch, collection, document, found string of another form',
    ],
    [
      { resourceType: 'Bundle' },
      'Bundle.type: expected one of transaction, batch, collection, document, found nothing',
    ],
  ])('a store refuses input that is no R4 Bundle: %j', (bundle, message) => {
    expect(messages(bundle)).toEqual([message])
  })

  const stu3 = 'https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1'
  test.each([
    ['STU3 (meta.profile)', { ...patient, meta: { profile: [stu3] } }],
    [
      'STU3 (form of Condition.clinicalStatus)',
      { resourceType: 'Condition', clinicalStatus: 'active', code, subject: toPatient },
    ],
    ['STU3 (form of MedicationStatement.taken)', { resourceType: 'MedicationStatement', status: 'active', taken: 'y' }],
    [
      'STU3 (form of DocumentReference.indexed)',
      { resourceType: 'DocumentReference', indexed: '2020-01-01T00:00:00Z' },
    ],
    ['STU3 (resource type ReferralRequest)', { resourceType: 'ReferralRequest' }],
    ['R5 (form of MedicationStatement.status)', { resourceType: 'MedicationStatement', status: 'recorded' }],
    ['R5 (form of Encounter.class)', { resourceType: 'Encounter', class: [{ coding: [] }] }],
    ['DSTU2 (resource type MedicationOrder)', { resourceType: 'MedicationOrder' }],
  ])('a store refuses a Bundle of another FHIR version: %s', (found, resource) => {
    expect(messages(transaction(patient, resource))).toEqual([`Bundle: expected FHIR R4, found ${found}`])
  })

  test('a store reports one element of another version in an R4 Bundle as that element’s fault', () => {
    expect(messages(transaction(patient, problem(), { ...problem(), clinicalStatus: 'active' }))).toEqual([
      'clinicalStatus: expected CodeableConcept, found string',
    ])
  })
})

describe('a fault', () => {
  test('a fault of entry 17 among good ones names the entry, the path, and what was expected and found', () => {
    const entries = Array.from({ length: 20 }, (_, index) =>
      problem({ id: `c${index}`, onsetDateTime: index === 16 ? 'last summer' : '2020' }),
    )
    expect(publish(transaction(patient, ...entries))).toEqual({
      status: 'refused',
      faults: [
        { entry: 17, path: 'onsetDateTime', code: 'value', fault: 'expected dateTime, found string of another form' },
      ],
    })
  })

  test.each([
    [{ code: undefined }, 'code: expected CodeableConcept, found nothing', 'required'],
    [{ code: {} }, 'code: expected CodeableConcept with text or coding, found object of another form', 'value'],
    [{ code: { coding: [{ code: 5 }] } }, 'code.coding[0].code: expected code, found number', 'structure'],
    [{ code: { coding: {} } }, 'code.coding: expected array, found object', 'structure'],
    [{ recordedDate: null }, 'recordedDate: expected dateTime, found null', 'structure'],
    [{ recordedDate: '2026-02-30' }, 'recordedDate: expected dateTime, found string of another form', 'value'],
    [
      { identifier: [{ system: 's', value: ' ' }] },
      'identifier[0].value: expected string, found string of another form',
      'value',
    ],
    [{ modifierExtension: [{ url: 'x' }] }, 'modifierExtension: expected nothing, found array', 'not-supported'],
    [{ implicitRules: 'x' }, 'implicitRules: expected nothing, found string', 'not-supported'],
    [
      { contained: [{ resourceType: 'Organization', id: 'o', name: 5 }] },
      'contained[0].name: expected string, found number',
      'structure',
    ],
  ])('a fault names the entry, the path, and what was expected and found: %j', (parts, message, faultCode) => {
    const bundle = transaction(patient, { ...problem(), ...parts })
    expect(messages(bundle)).toEqual([message])
    expect(listFaults(publish(bundle))[0]).toContain(faultCode)
  })

  test('a value with too little meaning, or with too much danger, is a fault', () => {
    const request = { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: toPatient }
    expect(messages(transaction(patient, request))).toEqual([
      'medicationCodeableConcept: expected a medicine with text or coding, found nothing',
    ])
    expect(messages(transaction(patient, { ...request, medicationCodeableConcept: code, doNotPerform: true }))).toEqual(
      ['doNotPerform: expected false, found boolean of another form'],
    )
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code,
      subject: toPatient,
      valueQuantity: { value: '5.0', comparator: '~' },
    }
    expect(messages(transaction(patient, observation))).toEqual([
      'valueQuantity.value: expected decimal, found string',
      'valueQuantity.comparator: expected one of the codes <, <=, >=, >, found string of another form',
    ])
  })

  test('an outcome lists the faults in order, and beyond a hundred only their count', () => {
    const mapping = publish(
      transaction(...Array.from({ length: 130 }, (_, index) => problem({ id: `c${index}`, code: 7 }))),
    )
    const faults = mapping.status === 'refused' ? mapping.faults : []
    expect(faults.slice(0, 100).map(({ entry }) => entry)).toEqual(Array.from({ length: 100 }, (_, index) => index))
    expect(faults.slice(100)).toEqual([
      { entry: -1, path: 'Bundle', code: 'incomplete', fault: '30 more faults are not listed' },
    ])
  })
})

describe('entries', () => {
  const entry = (more: Json): Json => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ fullUrl: urn(0), resource: patient, request: { method: 'PUT', url: 'Patient/p1' }, ...more }],
  })

  test.each([
    [{ request: { method: 'DELETE' } }, '0 Bundle.entry[0].request.method not-supported'],
    [
      { request: { method: 'PUT', url: 'Patient/p1', ifMatch: 'W/"1"' } },
      '0 Bundle.entry[0].request.ifMatch not-supported',
    ],
    [
      { request: { method: 'PUT', url: 'Patient/p1', ifNoneMatch: '*' } },
      '0 Bundle.entry[0].request.ifNoneMatch not-supported',
    ],
    [
      { request: { method: 'PUT', url: 'https://ehr.example/AllergyIntolerance/p1' } },
      '0 Bundle.entry[0].request.url invalid',
    ],
    [{ request: { method: 'PATCH' } }, '0 Bundle.entry[0].request.method not-supported'],
    [{ request: undefined }, '0 Bundle.entry[0].request.method required'],
    [{ fullUrl: 5 }, '0 Bundle.entry[0].fullUrl structure'],
    [{ resource: undefined }, '0 Bundle.entry[0].resource required'],
    [{ resource: { resourceType: 'Wizard' } }, '0 Bundle.entry[0].resource.resourceType structure'],
  ])('a store refuses entries with %j', (parts, fault) => {
    expect(listFaults(publish(entry(parts)))).toEqual([fault])
  })

  test('a store refuses entries that share a fullUrl', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: urn(0), resource: patient },
        { fullUrl: urn(0), resource: problem() },
      ],
    }
    expect(listFaults(publish(bundle))).toEqual(['1 Bundle.entry[1].fullUrl duplicate'])
  })

  test('the entries of a collection and a document need no request', () => {
    const entries = [{ resource: { resourceType: 'Composition' } }, { resource: patient }]
    for (const type of ['collection', 'document'])
      expect(publish({ resourceType: 'Bundle', type, entry: entries }).status).toBe('mapped')
  })

  test('a store counts entries of unsupported types, and does not refuse them', () => {
    const { counts, entries } = expectMapped(
      publish(transaction(patient, { resourceType: 'Goal' }, { resourceType: 'Goal' }, problem())),
    )
    expect(Object.fromEntries(counts)).toEqual({
      Patient: { understood: 1, notUnderstood: 0 },
      Goal: { understood: 0, notUnderstood: 2 },
      Condition: { understood: 1, notUnderstood: 0 },
    })
    expect(entries.map(({ published }) => published)).toEqual([1, 0, 0, 1])
  })
})

describe('a batch', () => {
  const batch = (...resources: readonly Json[]): Json => ({ ...transaction(...resources), type: 'batch' })

  test('a store publishes each entry of a batch by itself, and refuses only faulty ones', () => {
    const mapping = expectMapped(
      publish(batch(patient, problem(), problem({ code: 7 }), { resourceType: 'Organization', name: 'X' })),
    )
    expect(
      mapping.publications.map(({ patients, items }) => [...patients, ...items].map(({ entry }) => entry)),
    ).toEqual([[0], [1]])
    expect([...mapping.refused]).toEqual([2])
    expect(mapping.faults.map(({ entry, path }) => `${entry} ${path}`)).toEqual(['2 code'])
  })

  test('a store refuses the entries of a batch that belong to a refused patient', () => {
    expect(
      expectMapped(publish(batch({ ...patient, gender: 4 }, problem()))).faults.map(
        ({ entry, path }) => `${entry} ${path}`,
      ),
    ).toEqual(['0 gender', '1 subject'])
  })
})
