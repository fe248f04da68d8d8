import { describe, expect, test } from 'vitest'
import {
  expectMapped,
  expectPublication,
  type Json,
  listFaults,
  odsCodeSystem,
  patient,
  publish,
  toPatient,
  transaction,
  urn,
} from '../support/publishing/bundle.ts'

const to = (odsCode: string): Json => ({ type: 'Organization', identifier: { system: odsCodeSystem, value: odsCode } })
const request: Json = {
  resourceType: 'ServiceRequest',
  id: 's1',
  meta: { lastUpdated: '2026-11-21T09:00:00Z' },
  status: 'active',
  intent: 'order',
  subject: toPatient,
  authoredOn: '2026-11-20',
  performer: [to('REM')],
}
const referrals = (changes: Json, ...others: readonly Json[]) =>
  expectPublication(publish(transaction(patient, { ...request, ...changes }, ...others))).referrals

describe('a ServiceRequest', () => {
  test('a ServiceRequest is a referral to the organisation that performs it, and no item', () => {
    const publication = expectPublication(publish(transaction(patient, request)))
    expect(publication.referrals).toEqual([
      {
        entry: 1,
        nhsNumber: '9990000018',
        identifier: { system: 'urn:ietf:rfc:3986', value: urn(1) },
        resourceId: 's1',
        lastUpdated: '2026-11-21T09:00:00Z',
        active: true,
        organisation: 'REM',
        authoredOn: '2026-11-20',
      },
    ])
    expect(publication.items).toEqual([])
  })

  test.each([
    ['active', 'order', true],
    ['on-hold', 'order', true],
    ['completed', 'original-order', true],
    ['active', 'directive', true],
    ['revoked', 'order', false],
    ['entered-in-error', 'order', false],
    ['draft', 'order', false],
    ['unknown', 'order', false],
    ['active', 'proposal', false],
    ['active', 'plan', false],
    ['active', 'option', false],
  ])('a ServiceRequest that is %s, with the intent %s, is a referral in force: %s', (status, intent, active) => {
    expect(referrals({ status, intent })).toMatchObject([{ active, organisation: 'REM' }])
  })

  test.each([
    ['an Organization of the Bundle', { reference: 'Organization/o1' }],
    ['a PractitionerRole of the Bundle', { reference: 'PractitionerRole/r1' }],
    ['an identifier in lower case', to('rbn')],
  ])("a store finds a ServiceRequest's performer by %s", (_, performer) => {
    const organisation: Json = {
      resourceType: 'Organization',
      id: 'o1',
      identifier: [{ system: odsCodeSystem, value: 'RBN' }],
    }
    const role: Json = { resourceType: 'PractitionerRole', id: 'r1', organization: { reference: 'Organization/o1' } }
    expect(referrals({ performer: [performer] }, organisation, role)).toMatchObject([{ organisation: 'RBN' }])
  })

  test('a ServiceRequest with several performers is a referral to each organisation, once each, with its own identifier', () => {
    const several = referrals({ performer: [to('REM'), to('RBN'), to('REM')] })
    expect(several.map(({ organisation, resourceId }) => [organisation, resourceId])).toEqual([
      ['REM', 's1'],
      ['RBN', 's1#performer1'],
    ])
    expect(several.map(({ identifier }) => identifier?.value)).toEqual([urn(1), `${urn(1)}#performer1`])
  })

  test.each([
    ['nobody', undefined],
    ['somebody of no known organisation', [{ display: 'Dr A' }]],
    ['an organisation without ODS code', [{ type: 'Organization', display: 'A clinic' }]],
  ])('a store accepts a ServiceRequest to %s and publishes nothing', (_, performer) => {
    const mapping = expectMapped(publish(transaction(patient, { ...request, performer })))
    expect(mapping.entries[1]).toEqual({ entry: 1, resourceType: 'ServiceRequest', understood: true, published: 0 })
    expect(mapping.publications[0]?.referrals).toEqual([])
  })

  test('a referral from an undated ServiceRequest has no date', () => {
    expect(referrals({ authoredOn: undefined, meta: undefined })).toMatchObject([
      { authoredOn: null, lastUpdated: null },
    ])
  })

  test.each([
    ['concerns no patient', { subject: undefined }, '1 subject required'],
    ['has doNotPerform set', { doNotPerform: true }, '1 doNotPerform value'],
    ['has no status', { status: undefined }, '1 status required'],
    ['has a date in words', { authoredOn: 'yesterday' }, '1 authoredOn value'],
  ])('a store refuses a ServiceRequest that %s', (_, changes, fault) => {
    expect(listFaults(publish(transaction(patient, { ...request, ...changes })))).toEqual([fault])
  })
})
