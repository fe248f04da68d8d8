import { describe, expect, test } from 'vitest'
import {
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

const status = (text: string): Json => ({ coding: [{ code: text }] })

describe('a Consent', () => {
  const denial: Json = {
    resourceType: 'Consent',
    id: 'c1',
    status: 'active',
    scope: status('patient-privacy'),
    patient: toPatient,
    provision: { type: 'deny' },
  }
  const optOuts = (consent: Json) => expectPublication(publish(transaction(patient, consent))).optOuts

  const document: Json = {
    resourceType: 'DocumentReference',
    status: 'current',
    type: { text: 'Letter' },
    subject: toPatient,
    content: [{ attachment: { title: 'Letter' } }],
  }

  test.each([
    ['a Consent that denies is an opt-out', {}, true],
    ['a Consent that permits is no opt-out', { provision: { type: 'permit' } }, false],
    ['an inactive Consent is a withdrawn opt-out', { status: 'inactive' }, false],
    ['a Consent entered in error is a withdrawn opt-out', { status: 'entered-in-error' }, false],
    [
      'a Consent whose policy rule is to opt out is an opt-out',
      { provision: undefined, policyRule: status('OPTOUT') },
      true,
    ],
  ])('%s', (_, parts, active) => {
    expect(optOuts({ ...denial, ...parts })).toEqual([
      {
        entry: 1,
        nhsNumber: '9990000018',
        identifier: { system: 'urn:ietf:rfc:3986', value: urn(1) },
        resourceId: 'c1',
        lastUpdated: null,
        active,
        organisation: null,
      },
    ])
  })

  test('a Consent may concern one organisation', () => {
    const provision = {
      type: 'deny',
      actor: [{ role: { text: 'source' }, reference: { identifier: { system: odsCodeSystem, value: 'RBT' } } }],
    }
    expect(optOuts({ ...denial, provision })).toMatchObject([{ active: true, organisation: { odsCode: 'RBT' } }])
  })

  test.each(['RXN ', ' rxn', '\u00a0RXN\u2003', '\u200bRXN\ufeff'])(
    'an opt-out from an organisation covers the documents of that custodian, with either code written %j',
    (written) => {
      const named = (value: string) => ({ identifier: { system: odsCodeSystem, value } })
      for (const [denied, custodian] of [
        [written, 'RXN'],
        ['RXN', written],
      ] as const) {
        const consent = { ...denial, provision: { type: 'deny', actor: [{ reference: named(denied) }] } }
        const { optOuts: refused, items } = expectPublication(
          publish(transaction(patient, consent, { ...document, custodian: named(custodian) })),
        )
        expect([refused[0]?.organisation?.odsCode, items[0]?.organisation.odsCode]).toEqual(['RXN', 'RXN'])
      }
    },
  )

  test("a document whose custodian's code is no ODS code has an unknown source, and shows it as written", () => {
    const custodian = { identifier: { system: odsCodeSystem, value: 'R-X-N' }, display: 'Preston' }
    const author = [{ identifier: { system: odsCodeSystem, value: 'RBL' } }]
    const { items } = expectPublication(publish(transaction(patient, { ...document, custodian, author })))
    expect(items[0]?.organisation).toEqual({ odsCode: null, name: 'Preston (R-X-N)' })
  })

  test('a Consent with another scope than privacy is no opt-out', () => {
    expect(optOuts({ ...denial, scope: status('research') })).toEqual([])
  })

  test.each([
    ['it decides nothing', {}, 'provision.type'],
    ['it has exceptions', { type: 'deny', provision: [{ type: 'permit' }] }, 'provision.provision'],
    [
      'its ODS code is invalid',
      { type: 'deny', actor: [{ reference: { identifier: { system: odsCodeSystem, value: 'R-X-N' } } }] },
      'provision.actor[0].reference',
    ],
    [
      'its organisation has no ODS code',
      { type: 'deny', actor: [{ reference: { display: 'A place' } }] },
      'provision.actor[0].reference',
    ],
  ])('a store refuses a Consent that it could not obey, because %s', (_, provision, path) => {
    expect(listFaults(publish(transaction(patient, { ...denial, provision })))).toEqual([`1 ${path} not-supported`])
  })
})
