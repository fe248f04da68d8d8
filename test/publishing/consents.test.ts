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
    ['that denies is an opt-out', {}, true],
    ['that permits is none', { provision: { type: 'permit' } }, false],
    ['that is inactive is withdrawn', { status: 'inactive' }, false],
    ['that was entered in error is withdrawn', { status: 'entered-in-error' }, false],
    ['whose policy rule is to opt out is one', { provision: undefined, policyRule: status('OPTOUT') }, true],
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

  test('may concern one organisation', () => {
    const provision = {
      type: 'deny',
      actor: [{ role: { text: 'source' }, reference: { identifier: { system: odsCodeSystem, value: 'RBT' } } }],
    }
    expect(optOuts({ ...denial, provision })).toMatchObject([{ active: true, organisation: { odsCode: 'RBT' } }])
  })

  test.each(['RXN ', ' rxn', '\u00a0RXN\u2003', '\u200bRXN\ufeff'])(
    'concerns the organisation that a document’s custodian names, either of them written %j',
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

  test('leaves a document’s source unknown, and shown as it is written, where the custodian’s code is no ODS code', () => {
    const custodian = { identifier: { system: odsCodeSystem, value: 'R-X-N' }, display: 'Preston' }
    const author = [{ identifier: { system: odsCodeSystem, value: 'RBL' } }]
    const { items } = expectPublication(publish(transaction(patient, { ...document, custodian, author })))
    expect(items[0]?.organisation).toEqual({ odsCode: null, name: 'Preston (R-X-N)' })
  })

  test('for another scope than privacy is no opt-out', () => {
    expect(optOuts({ ...denial, scope: status('research') })).toEqual([])
  })

  test.each([
    ['nothing is decided', {}, 'provision.type'],
    ['there are exceptions', { type: 'deny', provision: [{ type: 'permit' }] }, 'provision.provision'],
    [
      'the ODS code is none',
      { type: 'deny', actor: [{ reference: { identifier: { system: odsCodeSystem, value: 'R-X-N' } } }] },
      'provision.actor[0].reference',
    ],
    [
      'the organisation has no ODS code',
      { type: 'deny', actor: [{ reference: { display: 'A place' } }] },
      'provision.actor[0].reference',
    ],
  ])('is refused where %s, for it could not be obeyed', (_, provision, path) => {
    expect(listFaults(publish(transaction(patient, { ...denial, provision })))).toEqual([`1 ${path} not-supported`])
  })
})
