import { describe, expect, test } from 'vitest'
import {
  expectPublication,
  type Json,
  listFaults,
  nhsNumberSystem,
  odsCodeSystem,
  patient,
  publish,
  publisher,
  snomed,
  transaction,
  urn,
} from '../support/publishing/bundle.ts'

const flag = (subject: Json | undefined, more: Json = {}): Json => ({
  resourceType: 'Flag',
  status: 'active',
  code: snomed('1', 'Falls'),
  subject,
  ...more,
})
const numbers = (bundle: Json) => expectPublication(publish(bundle)).items.map((item) => item.nhsNumber)
const at = (fullUrl: string | undefined, resource: Json): Json => ({ fullUrl, resource })
const collection = (...entry: readonly Json[]): Json => ({ resourceType: 'Bundle', type: 'collection', entry })

describe('the patient of a resource', () => {
  test.each([
    ['by urn:uuid', { reference: urn(0) }],
    ['by urn:uuid in another case', { reference: urn(0).toUpperCase().replace('URN:UUID', 'urn:uuid') }],
    ['by type and id', { reference: 'Patient/p1' }],
    ['by type, id and version', { reference: 'Patient/p1/_history/4' }],
    ['by identifier', { identifier: { system: nhsNumberSystem, value: '9990000018' } }],
    [
      'by a conditional reference',
      { reference: `Patient?identifier=${encodeURIComponent(nhsNumberSystem)}|9990000018` },
    ],
    [
      'by the number of a patient outside the Bundle',
      { identifier: { system: nhsNumberSystem, value: '999 000 0018' } },
    ],
  ])('a store finds the patient of a resource %s', (_, subject) => {
    expect(numbers(transaction(patient, flag(subject)))).toEqual(['9990000018'])
  })

  test('a store finds the patient of a resource by urn:oid and by absolute URL', () => {
    expect(
      numbers(collection(at('urn:oid:1.2.3', patient), at('urn:oid:1.2.4', flag({ reference: 'urn:oid:1.2.3' })))),
    ).toEqual(['9990000018'])
    const url = 'https://rem.nhs.uk/fhir/Patient/77'
    expect(
      numbers(collection(at(url, patient), at('https://rem.nhs.uk/fhir/Flag/1', flag({ reference: url })))),
    ).toEqual(['9990000018'])
  })

  test('a store finds the patient among several with one id by the server of the reference', () => {
    const other = { ...patient, identifier: [{ system: nhsNumberSystem, value: '9990000026' }] }
    const entries = (subject: Json) =>
      collection(
        at('https://a.nhs.uk/Patient/p1', patient),
        at('https://b.nhs.uk/Patient/p1', other),
        at('https://b.nhs.uk/Flag/1', flag(subject)),
        at(urn(9), flag(subject)),
      )
    expect(listFaults(publish(entries({ reference: 'Patient/p1' })))).toEqual(['3 subject not-found'])
    expect(numbers(entries({ reference: 'https://b.nhs.uk/Patient/p1' }))).toEqual(['9990000026', '9990000026'])
  })

  test('a store finds the patient inside the resource that contains it', () => {
    expect(numbers(transaction(flag({ reference: '#p' }, { contained: [{ ...patient, id: 'p' }] })))).toEqual([
      '9990000018',
    ])
  })
})

describe('a patient that cannot be found', () => {
  test.each([
    ['outside the Bundle', { reference: 'Patient/p9' }, 'not-found'],
    ['to a contained resource that is missing', { reference: '#p' }, 'not-found'],
    ['by an invalid number', { identifier: { system: nhsNumberSystem, value: '9990000019' } }, 'not-found'],
    ['to a resource that is not a patient', { reference: 'Flag/f1' }, 'not-found'],
    ['that is missing', undefined, 'required'],
  ])('a store refuses a resource whose patient reference is %s', (_, subject, code) => {
    expect(listFaults(publish(transaction(patient, flag(subject, { id: 'f1' }))))).toEqual([`1 subject ${code}`])
  })

  test('a store refuses a resource that refers to two patients', () => {
    const subject = { reference: 'Patient/p1', identifier: { system: nhsNumberSystem, value: '9990000026' } }
    expect(listFaults(publish(transaction(patient, flag(subject))))).toEqual(['1 subject invariant'])
  })

  test('a store reports a faulty patient once, and not each resource that refers to it', () => {
    const faulty = { ...patient, birthDate: 'May' }
    expect(
      listFaults(publish(transaction(faulty, flag({ reference: urn(0) }), flag({ reference: 'Patient/p1' })))),
    ).toEqual(['0 birthDate value'])
  })
})

describe('organisations and people', () => {
  const organisationOf = (author: Json, ...others: readonly Json[]) =>
    expectPublication(publish(transaction(patient, flag({ reference: 'Patient/p1' }, { author }), ...others))).items[0]
      ?.organisation
  const organization = {
    resourceType: 'Organization',
    id: 'o1',
    identifier: [{ system: odsCodeSystem, value: 'RBL' }],
    name: 'Wirral',
  }
  const role = (id: string, organisation: string): Json => ({
    resourceType: 'PractitionerRole',
    id,
    practitioner: { reference: 'Practitioner/x' },
    organization: { reference: organisation },
  })
  const practitioner = { resourceType: 'Practitioner', id: 'x' }
  const wirral = { odsCode: 'RBL', name: 'Wirral' }

  test("an item's source is the organisation behind an organisation, a role, a person with one role, or a contained one", () => {
    expect(organisationOf({ reference: 'Organization/o1' }, organization)).toEqual(wirral)
    expect(organisationOf({ reference: 'PractitionerRole/r' }, organization, role('r', 'Organization/o1'))).toEqual(
      wirral,
    )
    expect(
      organisationOf({ reference: 'Practitioner/x' }, organization, role('r', 'Organization/o1'), practitioner),
    ).toEqual(wirral)
    const contained = flag(
      { reference: 'Patient/p1' },
      { author: { reference: '#o' }, contained: [{ ...organization, id: 'o' }] },
    )
    expect(expectPublication(publish(transaction(patient, contained))).items[0]?.organisation).toEqual(wirral)
  })

  test("an item's source is the publisher when none has an ODS code, or when a person works for two organisations", () => {
    expect(organisationOf({ display: 'Somewhere' })).toEqual(publisher)
    expect(organisationOf({ reference: 'Organization/elsewhere' })).toEqual(publisher)
    expect(organisationOf({ reference: 'Organization/o1' }, { ...organization, identifier: [] })).toEqual(publisher)
    const second = { ...organization, id: 'o2', identifier: [{ system: odsCodeSystem, value: 'RET' }] }
    expect(
      organisationOf(
        { reference: 'Practitioner/x' },
        organization,
        second,
        role('r', 'Organization/o1'),
        role('q', 'Organization/o2'),
        practitioner,
      ),
    ).toEqual(publisher)
  })
})
