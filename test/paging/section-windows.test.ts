import { describe, expect, it } from 'vitest'
import type * as Region from '../../schema/generated/region.ts'
import type { PublishedItem } from '../../subgraphs/store/record-store.ts'
import { concept, identifier, item, numberOf, patient, publication, publisher } from '../support/store/publications.ts'
import { createTestService } from '../support/store/test-service.ts'

/**
 * The names of a section's items for a patient who has these, on 22 November 2026 at noon, beside what else is
 * selected.
 */
async function read(items: readonly PublishedItem[], selection: string) {
  await using service = await createTestService()
  await service.publish(publication({ patients: [patient(0)], items }))
  const { record } = await service.patient(`record { section: ${selection} }`, numberOf(0))
  const { nodes, ...section } = record.section
  return { ...section, names: (nodes ?? []).map((node: { identifier: { value: string } }) => node.identifier.value) }
}

const nodes = 'nodes { identifier { value } }'
const window = 'window { from to }'
const dated = (section: 'results' | 'encounters' | 'documents', ...instants: readonly string[]) =>
  instants.map((at) => item(section, at, { at }))

describe('a timeline without a window', () => {
  it('a timeline without a window shows the results of the last 12 months, from the start of that day in London', async () => {
    const items = dated('results', '2026-11-22T11:00:00Z', '2025-11-22T00:00:00Z', '2025-11-21T23:59:59Z')
    expect(await read(items, `results { answer ${window} ${nodes} }`)).toEqual({
      answer: 'RECORDED',
      window: { from: '2025-11-22', to: null },
      names: ['2026-11-22T11:00:00Z', '2025-11-22T00:00:00Z'],
    })
  })

  it('a timeline without a window shows the encounters of the last 6 months and future ones', async () => {
    const items = dated('encounters', '2027-01-01T00:00:00Z', '2026-05-21T23:00:00Z', '2026-05-21T22:59:59Z')
    expect(await read(items, `encounters { ${window} ${nodes} }`)).toEqual({
      window: { from: '2026-05-22', to: null },
      names: ['2027-01-01T00:00:00Z', '2026-05-21T23:00:00Z'],
    })
  })

  it('a timeline without a window shows all current documents', async () => {
    const items = [
      ...dated('documents', '1999-01-01T00:00:00Z'),
      item('documents', 'undated'),
      item('documents', 'superseded', { lifecycle: 'superseded' }),
    ]
    expect(await read(items, `documents { ${window} ${nodes} }`)).toEqual({
      window: null,
      names: ['1999-01-01T00:00:00Z', 'undated'],
    })
    expect((await read(items, `documents(filter: { status: [SUPERSEDED, CURRENT] }) { ${nodes} }`)).names).toHaveLength(
      3,
    )
  })

  it('a timeline with nothing in its window says so', async () => {
    expect(await read(dated('results', '2020-01-01T00:00:00Z'), `results { answer ${window} }`)).toEqual({
      answer: 'NONE_RECORDED',
      window: { from: '2025-11-22', to: null },
      names: [],
    })
  })
})

describe('a timeline with a window or filter', () => {
  const items = dated('results', '2020-06-01T00:00:00Z', '2020-12-31T23:59:59Z', '2021-01-01T00:00:00Z')

  it.each([
    ['{ since: "2020-12" }', { from: '2020-12', to: null }, 2],
    ['{ until: "2020" }', { from: null, to: '2020' }, 2],
    ['{ since: "2020-12-31", until: "2020-12-31" }', { from: '2020-12-31', to: '2020-12-31' }, 1],
    ['{ all: true }', null, 3],
  ])('a timeline shows only what is within %s', async (filter, stated, count) => {
    const section = await read(items, `results(filter: ${filter}) { ${window} ${nodes} }`)
    expect(section).toEqual({ window: stated, names: expect.any(Array) })
    expect(section.names).toHaveLength(count)
  })

  it('a timeline shows only the requested codes and category', async () => {
    const coded = [
      item('results', 'sodium', { fields: { code: concept('Sodium', '2951-2', 'http://loinc.org') } }),
      item('results', 'pulse', { fields: { category: 'VITAL_SIGNS' } }),
    ]
    expect((await read(coded, `results(filter: { all: true, codes: ["2951-2"] }) { ${nodes} }`)).names).toEqual([
      'sodium',
    ])
    expect((await read(coded, `results(filter: { all: true, category: VITAL_SIGNS }) { ${nodes} }`)).names).toEqual([
      'pulse',
    ])
  })

  it('the empty page after the last still says that the section has records', async () => {
    await using service = await createTestService()
    await service.publish(publication({ items: dated('documents', '2020-06-01T00:00:00Z') }))
    const { record } = await service.patient('record { documents { nodes { position } } }', numberOf(0))
    const after = record.documents.nodes[0].position
    const next = await service.patient(
      `record { documents(after: "${after}") { answer hasMore nodes { id } } }`,
      numberOf(0),
    )
    expect(next.record.documents).toEqual({ answer: 'RECORDED', hasMore: false, nodes: [] })
  })
})

describe('appointments, procedures and problems', () => {
  const at = (section: 'appointments' | 'procedures', text: string) => item(section, text, { at: text })

  it('a query without since shows the appointments of today and later', async () => {
    const items = [
      at('appointments', '2026-11-21T23:59:00Z'),
      at('appointments', '2026-11-22T00:00:00Z'),
      at('appointments', '2027-01-01T09:00:00Z'),
    ]
    expect(await read(items, `appointments { ${window} ${nodes} }`)).toEqual({
      window: { from: '2026-11-22', to: null },
      names: ['2027-01-01T09:00:00Z', '2026-11-22T00:00:00Z'],
    })
    expect((await read(items, `appointments(since: "2026-11-21") { ${nodes} }`)).names).toHaveLength(3)
  })

  it('a query shows all procedures, or those since a date', async () => {
    const items = [
      at('procedures', '2019-01-01T00:00:00Z'),
      at('procedures', '2020-01-01T00:00:00Z'),
      item('procedures', 'undated'),
    ]
    expect(await read(items, `procedures { ${window} ${nodes} }`)).toEqual({
      window: null,
      names: ['2020-01-01T00:00:00Z', '2019-01-01T00:00:00Z', 'undated'],
    })
    expect(await read(items, `procedures(since: "2019-06") { ${window} ${nodes} }`)).toEqual({
      window: { from: '2019-06', to: null },
      names: ['2020-01-01T00:00:00Z'],
    })
  })

  it('a query shows the problems of the requested statuses', async () => {
    const items = [
      item('problems', 'active'),
      item('problems', 'resolved', { fields: { status: 'RESOLVED' } }),
      item('problems', 'unsaid', { fields: { status: null } }),
    ]
    expect((await read(items, `problems(status: [RESOLVED, INACTIVE]) { ${nodes} }`)).names).toEqual(['resolved'])
    expect((await read(items, `problems { ${nodes} }`)).names).toHaveLength(3)
  })
})

describe('medications', () => {
  const medication = (name: string, fields: Partial<Region.Medication>) => item('medications', name, { fields })

  it('a query without a filter shows current medications, acute ones of 12 months and stopped repeats of 6', async () => {
    const items = [
      medication('active-old', { status: 'ACTIVE', started: '2001' }),
      medication('on-hold', { status: 'ON_HOLD', started: '2001' }),
      medication('draft', { status: 'DRAFT', started: '2026-11-01' }),
      medication('acute-recent', { status: 'COMPLETED', kind: 'ACUTE', started: '2025-12' }),
      medication('acute-old', { status: 'COMPLETED', kind: 'ACUTE', started: '2025-10' }),
      medication('repeat-recent', { status: 'STOPPED', kind: 'REPEAT', ended: '2026-06-01' }),
      medication('repeat-old', { status: 'STOPPED', kind: 'REPEAT', started: '2020', ended: '2026-05-01' }),
      medication('undated', { status: 'STOPPED', kind: 'REPEAT' }),
    ]
    const section = await read(items, `medications { ${window} ${nodes} }`)
    expect(section.window).toEqual({ from: '2025-11-22', to: null })
    expect(section.names.toSorted()).toEqual(['active-old', 'acute-recent', 'on-hold', 'repeat-recent', 'undated'])
    expect((await read(items, `medications(status: [STOPPED]) { ${window} ${nodes} }`)).names.toSorted()).toEqual([
      'repeat-old',
      'repeat-recent',
      'undated',
    ])
    expect(await read(items, `medications(all: true) { ${window} ${nodes} }`)).toMatchObject({
      window: null,
      names: { length: 8 },
    })
  })

  it('a statement based on requests is one therapy: its latest issue and, without a dosage of its own, the latest dosage', async () => {
    await using service = await createTestService()
    const based = { basedOn: [identifier('request-1'), identifier('request-2'), identifier('elsewhere')] }
    await service.publish(
      publication({
        items: [
          item('medications', 'statement', { ...based, fields: { lastIssued: '2026-08-01' } }),
          item('medications', 'request-1', {
            fields: { status: 'COMPLETED', lastIssued: '2026-07', dosage: 'one a day' },
          }),
          item('medications', 'request-2', {
            fields: { status: 'COMPLETED', lastIssued: '2026-09-15T10:00:00Z', dosage: 'two a day' },
          }),
          item('medications', 'circle-1', { basedOn: [identifier('circle-2')] }),
          item('medications', 'circle-2', { basedOn: [identifier('circle-1')] }),
          item('medications', 'itself', { basedOn: [identifier('itself')] }),
        ],
      }),
    )
    const { record } = await service.patient(
      'record { medications(all: true) { nodes { identifier { value } lastIssued dosage } } }',
      numberOf(0),
    )
    const shown = Object.fromEntries(
      record.medications.nodes.map((node: Region.Medication) => [
        node.identifier?.value,
        [node.lastIssued, node.dosage],
      ]),
    )
    expect(shown.statement).toEqual(['2026-09-15T10:00:00Z', 'two a day'])
    expect(Object.keys(shown)).not.toContain('request-1')
    expect(shown.itself).toBeDefined()
    expect(Object.keys(shown).filter((name) => name.startsWith('circle'))).toHaveLength(1)
  })

  it("another publisher's statement based on a request is a second item, because it must not hide the request", async () => {
    await using service = await createTestService()
    await service.publish(publication({ items: [item('medications', 'request')] }))
    await service.publish(
      publication({
        by: publisher('RBL'),
        items: [item('medications', 'statement', { basedOn: [identifier('request')] })],
      }),
    )
    const { record } = await service.patient(
      'record { medications(all: true) { nodes { identifier { value } } } }',
      numberOf(0),
    )
    expect(record.medications.nodes.map((node: Region.Medication) => node.identifier?.value).sort()).toEqual([
      'request',
      'statement',
    ])
  })
})

describe('allergies', () => {
  const allergy = (name: string, code: string, fields: Partial<Region.Allergy> = {}) =>
    item('allergies', name, { fields: { substance: concept(name, code), ...fields } })
  const none = allergy('none', '716186003')
  const selection = `allergies { answer assertedNone withheld ${nodes} }`

  it.each<[string, readonly PublishedItem[], object]>([
    ['nothing recorded', [], { answer: 'NONE_RECORDED', assertedNone: false, names: [] }],
    ['no known allergy', [none], { answer: 'ASSERTED_NONE', assertedNone: true, names: [] }],
    [
      'no known allergy beside one allergy',
      [none, allergy('penicillin', '764146007')],
      { answer: 'RECORDED', assertedNone: true, names: ['penicillin'] },
    ],
    [
      'no known drug allergy',
      [allergy('no drug', '409137002')],
      { answer: 'RECORDED', assertedNone: false, names: ['no drug'] },
    ],
    [
      'no known allergy, formerly',
      [allergy('none', '716186003', { status: 'INACTIVE' })],
      { answer: 'NONE_RECORDED', assertedNone: false, names: [] },
    ],
    [
      'no known allergy, of another code system',
      [allergy('other', '1', { substance: concept('other', '716186003', 'urn:other') })],
      { answer: 'RECORDED', assertedNone: false, names: ['other'] },
    ],
    [
      'no known allergy beside a withheld one',
      [none, { ...allergy('secret', '1'), labels: ['V'] }],
      { answer: 'ASSERTED_NONE', assertedNone: true, withheld: true, names: [] },
    ],
    [
      'a withheld allergy',
      [{ ...allergy('secret', '1'), labels: ['V'] }],
      { answer: 'WITHHELD', assertedNone: false, withheld: true, names: [] },
    ],
  ])("the allergies' presence is right for %s", async (_, items, expected) => {
    expect(await read(items, selection)).toEqual({ withheld: false, ...expected })
  })
})

describe('a long list', () => {
  it('a list is cut at 1,000 items and says so', async () => {
    const problems = (count: number) => Array.from({ length: count }, (_, n) => item('problems', `p${n}`))
    expect(await read(problems(1000), `problems { truncated ${nodes} }`)).toMatchObject({
      truncated: false,
      names: { length: 1000 },
    })
    expect(await read(problems(1001), `problems { truncated ${nodes} }`)).toMatchObject({
      truncated: true,
      names: { length: 1000 },
    })
  })
})
