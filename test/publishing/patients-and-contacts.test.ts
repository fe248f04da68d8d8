import { describe, expect, test } from 'vitest'
import {
  expectPublication,
  type Json,
  nhsNumberSystem,
  odsCodeSystem,
  publish,
  publisher,
  toMappedItem,
  toPatient,
  transaction,
} from '../support/publishing/bundle.ts'

const status = (text: string): Json => ({ coding: [{ code: text }] })

describe('patients and contacts', () => {
  test('a store turns a Patient into demographics and contacts', () => {
    const resource: Json = {
      resourceType: 'Patient',
      id: 'p1',
      meta: {
        versionId: '7',
        security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
      },
      identifier: [
        {
          system: nhsNumberSystem,
          value: '999 000 0018',
          extension: [
            {
              url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
              valueCodeableConcept: status('03'),
            },
          ],
        },
        { system: nhsNumberSystem, value: '9990000026', use: 'old' },
        { system: 'https://rem.nhs.uk/mrn', value: '1234' },
      ],
      name: [
        { use: 'maiden', family: 'Before' },
        { use: 'official', family: 'Now', given: ['Ann', null, 'B'], prefix: ['Dr'] },
      ],
      telecom: [{ system: 'phone', value: '07700 900000', use: 'mobile' }, { system: 'email' }],
      gender: 'female',
      birthDate: '1980-05',
      deceasedDateTime: '2026-01-01',
      address: [
        { use: 'old', line: ['Old'] },
        { use: 'home', line: ['1 High St'], city: 'Southport', postalCode: 'PR8 1AA' },
      ],
      contact: [
        { relationship: [{ text: 'Sister' }], name: { text: 'Bea Now' }, telecom: [{ system: 'phone', value: '1' }] },
      ],
      generalPractitioner: [{ identifier: { system: odsCodeSystem, value: 'N84001' }, display: 'The Surgery' }],
      link: [{ type: 'replaces', other: { identifier: { system: nhsNumberSystem, value: '9990000034' } } }],
    }
    const { patients, items } = expectPublication(publish(transaction(resource)))
    expect(patients).toEqual([
      {
        entry: 0,
        nhsNumber: '9990000018',
        verification: '03',
        supersedes: ['9990000026', '9990000034'],
        sensitive: true,
        localIdentifiers: [{ system: 'https://rem.nhs.uk/mrn', value: '1234' }],
        fields: {
          name: { full: 'Dr Ann B Now', family: 'Now', given: ['Ann', 'B'], prefix: ['Dr'] },
          birthDate: '1980-05',
          deceased: true,
          deceasedAt: '2026-01-01',
          gender: 'FEMALE',
          address: { lines: ['1 High St'], city: 'Southport', postcode: 'PR8 1AA' },
          telecom: [{ system: 'phone', value: '07700 900000', use: 'mobile' }],
          gpPractice: { odsCode: 'N84001', name: 'The Surgery' },
          identifier: { system: nhsNumberSystem, value: '9990000018' },
          version: 7,
          lastUpdated: null,
          organisation: publisher,
        },
      },
    ])
    expect(items.map(({ section, identifier, labels, fields }) => ({ section, identifier, labels, fields }))).toEqual([
      {
        section: 'contacts',
        identifier: null,
        labels: ['R'],
        fields: {
          name: 'Bea Now',
          relationship: { text: 'Sister', codings: [] },
          professional: false,
          worksFor: null,
          telecom: [{ system: 'phone', value: '1', use: null }],
        },
      },
      {
        section: 'contacts',
        identifier: null,
        labels: ['R'],
        fields: {
          name: 'The Surgery',
          relationship: { text: 'General practitioner', codings: [] },
          professional: true,
          worksFor: { odsCode: 'N84001', name: 'The Surgery' },
          telecom: [],
        },
      },
    ])
  })

  test('a store turns a RelatedPerson into a contact', () => {
    const item = toMappedItem('contacts', {
      resourceType: 'RelatedPerson',
      patient: toPatient,
      relationship: [{ text: 'Carer' }],
      name: [{ text: 'Cy Carer' }],
      active: false,
    })
    expect(item.lifecycle).toBe('superseded')
    expect(item.fields).toMatchObject({ name: 'Cy Carer', relationship: { text: 'Carer' }, professional: false })
  })
})
