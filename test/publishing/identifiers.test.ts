import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isNhsNumber } from '../../schema/nhs-number.ts'
import { toTestNumber } from '../../subgraphs/publishing/patient-number.ts'
import {
  expectPublication,
  type Json,
  listFaults,
  nhsNumberSystem,
  patient,
  publish,
  snomed,
  toPatient,
  transaction,
  urn,
} from '../support/publishing/bundle.ts'

const flag: Json = { resourceType: 'Flag', status: 'active', code: snomed('1', 'Falls'), subject: toPatient }
const local = { system: 'https://rem.nhs.uk/mrn', value: '1234' }
const withIdentifiers = (...identifier: readonly Json[]): Json => ({ ...patient, identifier })
const nhs = (value: string, more: Json = {}): Json => ({ system: nhsNumberSystem, value, ...more })

describe('the business identifier', () => {
  const identify = (resource: Json, fullUrl: string | undefined) => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: urn(0), resource: patient },
        { fullUrl, resource },
      ],
    }
    const [item] = expectPublication(publish(bundle)).items
    return [item?.identifier, item?.resourceId]
  }

  test.each([
    [
      'the business identifier is the first with system and value',
      { id: 'f', identifier: [{ value: '1' }, { system: 's' }, { system: 's', value: '2' }] },
      urn(1),
      { system: 's', value: '2' },
      'f',
    ],
    [
      'the business identifier is otherwise a fullUrl that is a urn:uuid',
      { id: 'f' },
      urn(1).replace('urn:uuid', 'URN:UUID'),
      { system: 'urn:ietf:rfc:3986', value: urn(1) },
      'f',
    ],
    [
      'the business identifier is otherwise a fullUrl that is a urn:oid',
      {},
      'urn:oid:1.2.3',
      { system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3' },
      'urn:oid:1.2.3',
    ],
    ['a URL is never the business identifier', { id: 'f' }, 'https://rem.nhs.uk/Flag/f', null, 'f'],
  ])('%s', (_, parts, fullUrl, identifier, resourceId) => {
    expect(identify({ ...flag, ...parts }, fullUrl)).toEqual([identifier, resourceId])
  })

  test('a resource without id and fullUrl has no identifier, and its content identifies it', () => {
    const [none, first] = identify(flag, undefined)
    expect([
      none,
      identify(flag, undefined)[1],
      identify({ ...flag, status: 'inactive' }, undefined)[1] === first,
    ]).toEqual([null, first, false])
  })

  test('two resources of a section with one identifier are a fault, because one would be lost', () => {
    const one = { ...flag, identifier: [{ system: 's', value: '1' }] }
    expect(listFaults(publish(transaction(patient, one, one)))).toEqual(['2 identifier duplicate'])
  })
})

describe('NHS numbers', () => {
  test.each([
    ['a wrong check digit', [nhs('9990000019')], '0 identifier[0].value value'],
    ['nine digits', [local, nhs('999000001')], '0 identifier[1].value value'],
    ['no number', [local], '0 identifier required'],
    ['only an old number', [nhs('9990000018', { use: 'old' })], '0 identifier required'],
    ['two numbers in use', [nhs('9990000018'), nhs('9990000026')], '0 identifier invariant'],
  ])('a store refuses a patient with %s', (_, identifiers, fault) => {
    expect(listFaults(publish(transaction(withIdentifiers(...identifiers), flag)))).toEqual([fault])
  })
})

describe('renumbering', () => {
  const numberOf = (person: Json, given = new Map<string, string>()) =>
    expectPublication(publish(transaction(person, flag), { renumber: true, assignedNumbers: given })).items[0]
      ?.nhsNumber

  test('renumbering gives a valid number of 999 and six digits above 100000, the same every time', () => {
    fc.assert(
      fc.property(fc.string(), (identity) => {
        const number = toTestNumber(identity)
        expect(isNhsNumber(number)).toBe(true)
        expect(number).toMatch(/^999[1-9]/)
        expect(toTestNumber(identity)).toBe(number)
      }),
    )
  })

  test('renumbering keeps giving the numbers that are already in databases', () => {
    expect(numberOf(withIdentifiers(local))).toBe(toTestNumber('https://rem.nhs.uk/mrn|1234'))
    expect(toTestNumber('https://rem.nhs.uk/mrn|1234')).toMatchInlineSnapshot(`"9998719879"`)
  })

  test('renumbering identifies a patient by NHS number, otherwise by the first identifier, otherwise by fullUrl', () => {
    expect(numberOf(withIdentifiers(local, nhs('9000000009')))).toBe(toTestNumber(`${nhsNumberSystem}|9000000009`))
    expect(numberOf(withIdentifiers(local, { system: 'other', value: '1' }))).toBe(toTestNumber(`${local.system}|1234`))
    expect(numberOf(withIdentifiers())).toBe(toTestNumber(urn(0)))
  })

  test('renumbering keeps a number of the 999 range, and replaces any other everywhere', () => {
    expect(numberOf(withIdentifiers(nhs('9990000018')))).toBe('9990000018')
    const { patients, items } = expectPublication(
      publish(transaction(withIdentifiers(nhs('9000000009'), nhs('9000000017', { use: 'old' })), flag), {
        renumber: true,
      }),
    )
    expect(patients[0]?.supersedes).toEqual([toTestNumber(`${nhsNumberSystem}|9000000017`)])
    expect(JSON.stringify({ patients, items })).not.toContain('90000000')
  })

  test('renumbering replaces a reference by number with the patient’s new number', () => {
    const subject = { identifier: { system: nhsNumberSystem, value: '900 000 0009' } }
    const { items } = expectPublication(publish(transaction({ ...flag, subject }), { renumber: true }))
    expect(items[0]?.nhsNumber).toBe(numberOf(withIdentifiers(nhs('9000000009'))))
  })

  test('renumbering refuses a patient whose new number another patient of the run has', () => {
    const given = new Map([[toTestNumber(`${local.system}|1234`), 'another']])
    expect(
      listFaults(publish(transaction(withIdentifiers(local), flag), { renumber: true, assignedNumbers: given })),
    ).toEqual(['0 identifier conflict'])
    expect(numberOf(withIdentifiers({ ...local, value: '5' }), given)).toBe(
      numberOf(withIdentifiers({ ...local, value: '5' }), given),
    )
  })
})

describe('recorded decimals', () => {
  test.each([
    '5.0',
    '5',
    '0.10',
    '1e3',
    '1.50E-2',
    '-0',
    '-0.0',
    '123456789012345678901234567890',
    '0.1000000000000000055511151231257827',
    '100',
  ])('a store keeps the digits of the decimal %s', (raw) => {
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: toPatient,
      valueQuantity: { value: { raw } },
    }
    expect(expectPublication(publish(transaction(patient, observation))).items[0]?.fields).toMatchObject({
      quantity: { value: raw },
    })
  })
})
