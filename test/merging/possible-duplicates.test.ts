import { describe, expect, test } from 'vitest'
import { findPossibleDuplicates } from '../../gateway/patient-view/find-possible-duplicates.ts'
import type { RegionalItem } from '../../gateway/patient-view/group-items.ts'
import { type SectionField, type SectionItems, sectionFields } from '../../schema/sections.ts'

const concept = (code: string, text = code, system = 'http://snomed.info/sct') => ({
  text,
  codings: [{ system, code, display: null }],
})
const words = (text: string) => ({ text, codings: [] })
const organisation = (odsCode: string | null, name: string | null = null) => ({ odsCode, name })

/** Whether two items of a section, of which only this is known, look the same. */
function isAlike(section: SectionField, a: object, b: object): boolean {
  const nothing = { identifier: null, organisation: null, components: [], quantity: null, value: null }
  const items = [a, b].map((one, index) => ({ ...nothing, ...one, id: String(index) }) as unknown as RegionalItem)
  const found = findPossibleDuplicates(section, items)
  expect([...found]).toEqual(
    found.size === 0
      ? []
      : [
          ['0', ['1']],
          ['1', ['0']],
        ],
  )
  return found.size > 0
}

type Pairs = readonly (readonly [story: string, a: object, b: object, alike: boolean])[]

/** The rules for possible duplicates, section by section (schema/README.md). */
const table: { readonly [S in keyof SectionItems]: Pairs } = {
  alerts: [
    ['the same code', { code: concept('1') }, { code: concept('1', 'other words') }, true],
    ['another code', { code: concept('1') }, { code: concept('2') }, false],
  ],
  allergies: [
    ['the same substance', { substance: concept('1') }, { substance: concept('1') }, true],
    [
      'one of several codes',
      { substance: { text: 'x', codings: [...concept('1').codings, ...concept('2').codings] } },
      { substance: concept('2') },
      true,
    ],
    [
      'the same code of another system',
      { substance: concept('1') },
      { substance: concept('1', '1', 'http://loinc.org') },
      false,
    ],
    ['the same words, not coded', { substance: words('Penicillin ') }, { substance: words('penicillin') }, true],
  ],
  problems: [
    [
      'onset within a month',
      { code: concept('1'), onset: '2020-01-10' },
      { code: concept('1'), onset: '2020-02-09' },
      true,
    ],
    [
      'onset two months apart',
      { code: concept('1'), onset: '2020-01-10' },
      { code: concept('1'), onset: '2020-03-09' },
      false,
    ],
    ['onset unknown in one', { code: concept('1'), onset: '2020-01-10' }, { code: concept('1'), onset: null }, true],
    [
      'onset in the year of the other',
      { code: concept('1'), onset: '2020' },
      { code: concept('1'), onset: '2020-09-09' },
      true,
    ],
    ['another code', { code: concept('1'), onset: null }, { code: concept('2'), onset: null }, false],
  ],
  medications: [
    [
      'code, dosage and overlapping dates',
      therapy({ started: '2020', ended: '2021-03' }),
      therapy({ started: '2021-03-31', ended: null }),
      true,
    ],
    ['dosage in other letters and spaces', therapy({ dosage: 'One  tablet' }), therapy({ dosage: 'one tablet' }), true],
    ['another dosage', therapy({}), therapy({ dosage: 'two a day' }), false],
    ['one after the other', therapy({ started: '2020', ended: '2021-03' }), therapy({ started: '2021-04-01' }), false],
    ['no dates', therapy({}), therapy({ started: '2021-04-01' }), true],
    ['another code', therapy({}), therapy({ medicine: concept('2') }), false],
  ],
  immunisations: [
    [
      'the same vaccine and day',
      { vaccine: concept('1'), given: '2020-06-03' },
      { vaccine: concept('1'), given: '2020-06-03T10:00:00+01:00' },
      true,
    ],
    [
      'the same day in London, written with other offsets',
      { vaccine: concept('1'), given: '2020-06-03T23:30:00Z' },
      { vaccine: concept('1'), given: '2020-06-04T00:30:00+01:00' },
      true,
    ],
    [
      'another day',
      { vaccine: concept('1'), given: '2020-06-03' },
      { vaccine: concept('1'), given: '2020-06-04' },
      false,
    ],
    ['no day', { vaccine: concept('1'), given: null }, { vaccine: concept('1'), given: null }, false],
  ],
  procedures: [
    [
      'the same code and day',
      { code: concept('1'), performed: '2020-06-03' },
      { code: concept('1'), performed: '2020-06-03T23:00:00+01:00' },
      true,
    ],
    [
      'another day',
      { code: concept('1'), performed: '2020-06-03' },
      { code: concept('1'), performed: '2020-06-04' },
      false,
    ],
  ],
  results: [
    ['code, instant and value', measured({}), measured({ effective: '2020-01-01T11:00:00+01:00' }), true],
    [
      'a value with other trailing zeros',
      measured({}),
      measured({ quantity: { value: '5.10', unit: 'mmol/L', comparator: null } }),
      true,
    ],
    ['another value', measured({}), measured({ quantity: { value: '5.2', unit: 'mmol/L', comparator: null } }), false],
    ['another unit', measured({}), measured({ quantity: { value: '5.1', unit: 'mg/dL', comparator: null } }), false],
    [
      'less than the value',
      measured({}),
      measured({ quantity: { value: '5.1', unit: 'mmol/L', comparator: 'LESS' } }),
      false,
    ],
    ['another instant', measured({}), measured({ effective: '2020-01-01T10:00:01Z' }), false],
    ['no instant', measured({ effective: null }), measured({ effective: null }), false],
    [
      'the same value in words',
      measured({ quantity: null, value: 'positive' }),
      measured({ quantity: null, value: 'positive' }),
      true,
    ],
    ['the same components', pressure('120 mmHg'), pressure('120 mmHg'), true],
    ['other components', pressure('120 mmHg'), pressure('180 mmHg'), false],
  ],
  encounters: [
    ['class, organisation and start within the hour', visit({}), visit({ start: '2020-01-01T11:00:00Z' }), true],
    ['start later', visit({}), visit({ start: '2020-01-01T11:00:01Z' }), false],
    ['another class', visit({}), visit({ class: 'EMERGENCY' }), false],
    ['another organisation', visit({}), visit({ provider: organisation('RXN') }), false],
    [
      'the publisher, where no provider is recorded',
      visit({}),
      visit({ provider: null, organisation: organisation('REM') }),
      true,
    ],
    ['no organisation', visit({ provider: null }), visit({ provider: null }), false],
    ['no start', visit({ start: null }), visit({ start: null }), false],
  ],
  appointments: [
    ['start and organisation', booked({}), booked({ start: '2020-01-01T11:00:00+01:00' }), true],
    [
      'an organisation known by name',
      booked({ organisation: organisation(null, 'The Clinic') }),
      booked({ organisation: organisation(null, 'the clinic') }),
      true,
    ],
    ['another start', booked({}), booked({ start: '2020-01-01T10:00:01Z' }), false],
    ['another organisation', booked({}), booked({ organisation: organisation('RXN') }), false],
  ],
  documents: [
    [
      'the same bytes, all else different',
      letter({ content: { sha256: 'a' } }),
      letter({ content: { sha256: 'a' }, type: concept('2'), created: '2019' }),
      true,
    ],
    [
      'type, author organisation and created',
      letter({}),
      letter({ content: { sha256: 'b' }, created: '2020-01-01T11:00:00+01:00' }),
      true,
    ],
    ['another author organisation', letter({}), letter({ author: { organisation: organisation('RXN') } }), false],
    [
      'the custodian, where no author is recorded',
      letter({}),
      letter({ author: null, custodian: organisation('REM') }),
      true,
    ],
    ['another type', letter({}), letter({ type: concept('2') }), false],
    ['not known when created', letter({ created: null }), letter({ created: null }), false],
  ],
  carePlans: [
    [
      'category and start',
      { category: concept('1'), start: '2020-01-01' },
      { category: concept('1'), start: '2020-01-01T09:00:00Z' },
      true,
    ],
    [
      'another start',
      { category: concept('1'), start: '2020-01-01' },
      { category: concept('1'), start: '2020-01-02' },
      false,
    ],
    ['no category', { category: null, start: '2020-01-01' }, { category: null, start: '2020-01-01' }, false],
  ],
  contacts: [
    [
      'name and relationship',
      { name: 'A. Friend', relationship: words('Mother') },
      { name: 'a. friend ', relationship: words('mother') },
      true,
    ],
    [
      'a relationship coded with other words',
      { name: 'A', relationship: concept('MTH', 'Mother') },
      { name: 'A', relationship: concept('MTH', 'Mum') },
      true,
    ],
    [
      'a relationship coded in one, in words in the other',
      { name: 'A', relationship: concept('MTH', 'Mother') },
      { name: 'A', relationship: words('mother') },
      true,
    ],
    [
      'another relationship',
      { name: 'A', relationship: words('mother') },
      { name: 'A', relationship: words('aunt') },
      false,
    ],
    ['no name', { name: null, relationship: words('mother') }, { name: null, relationship: words('mother') }, false],
  ],
}

function therapy(changes: object): object {
  return { medicine: concept('1'), dosage: 'one tablet', started: null, ended: null, ...changes }
}

function measured(changes: object): object {
  return {
    code: concept('1'),
    effective: '2020-01-01T10:00:00Z',
    quantity: { value: '5.1', unit: 'mmol/L', comparator: null },
    ...changes,
  }
}

function pressure(systolic: string): object {
  return measured({ quantity: null, components: [{ code: concept('8480-6'), value: systolic, quantity: null }] })
}

function visit(changes: object): object {
  return { class: 'AMBULATORY', provider: organisation('REM'), start: '2020-01-01T10:00:00Z', ...changes }
}

function booked(changes: object): object {
  return { start: '2020-01-01T10:00:00Z', organisation: organisation('REM'), ...changes }
}

function letter(changes: object): object {
  return {
    content: null,
    type: concept('1'),
    author: { organisation: organisation('REM') },
    custodian: null,
    created: '2020-01-01T10:00:00Z',
    ...changes,
  }
}

describe.each(sectionFields.map((section) => [section, table[section]] as const))(
  '%s as possible duplicates',
  (section, pairs) => {
    test.each(pairs)(`possible duplicates among ${section}: %s`, (_, a, b, alike) => {
      expect(isAlike(section, a, b)).toBe(alike)
    })
  },
)

test('items with one business identifier at two instants are possible duplicates, whatever else differs', () => {
  const identifier = { system: 'urn:test', value: 'x' }
  expect(
    isAlike('encounters', { ...visit({}), identifier }, { ...visit({ start: '2021-01-01T10:00:00Z' }), identifier }),
  ).toBe(true)
  expect(
    isAlike(
      'encounters',
      { ...visit({}), identifier },
      { ...visit({ start: '2021-01-01T10:00:00Z' }), identifier: { ...identifier, value: 'y' } },
    ),
  ).toBe(false)
})
