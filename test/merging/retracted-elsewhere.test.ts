import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identifier, item, numberOf, patient, publication } from '../support/store/publications.ts'
import { type System, startSystem } from '../support/system.ts'

const elsewhere = 'retractedElsewhere { region organisation { odsCode } identifier { value } recordedAt }'

describe('an item that one region retracts or replaces, and another still shows', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem({ people: true })
  })
  afterAll(() => system[Symbol.asyncDispose]())
  const ask = async (nhsNumber: string, selection: string) => {
    const { data, errors } = await system.query(`{ patient(nhsNumber: "${nhsNumber}") { ${selection} } }`)
    expect(errors).toEqual([])
    return data.patient
  }

  test('a problem that e-Xchange marks as entered in error says so beside what LPRES shows', async () => {
    const { problems } = await ask('9990000190', `problems { nodes { code { text } sources { region } ${elsewhere} } }`)
    const epilepsy = problems.nodes.filter((node: { retractedElsewhere: unknown }) => node.retractedElsewhere)
    expect(epilepsy).toMatchObject([
      {
        code: { text: 'Epilepsy' },
        sources: [{ region: 'LANCASHIRE_SOUTH_CUMBRIA' }],
        retractedElsewhere: { region: 'CHESHIRE_MERSEYSIDE' },
      },
    ])
  })

  test('an e-Xchange letter that an LPRES letter replaces says so, although LPRES never held it', async () => {
    const { documents } = await ask(
      '9990000212',
      `documents { nodes { title status sources { region identifier { value } } ${elsewhere} } }`,
    )
    const [newer, older] = documents.nodes
    expect(newer).toMatchObject({ sources: [{ region: 'LANCASHIRE_SOUTH_CUMBRIA' }], retractedElsewhere: null })
    expect(older).toMatchObject({
      title: 'Rheumatology clinic letter',
      sources: [{ region: 'CHESHIRE_MERSEYSIDE' }],
      retractedElsewhere: {
        region: 'LANCASHIRE_SOUTH_CUMBRIA',
        organisation: { odsCode: 'RTX' },
        identifier: older.sources[0].identifier,
      },
    })
    expect(documents.nodes).toHaveLength(2)
  })

  test("a document that both regions hold and one has superseded says so, even when the other's is the newest", async () => {
    const letter = item('documents', 'letter', { nhsNumber: numberOf(200), version: 2, at: '2026-01-01T00:00:00Z' })
    await system.store('cheshire-merseyside').publish([publication({ patients: [patient(200)], items: [letter] })])
    const replacing = item('documents', 'newer', {
      nhsNumber: numberOf(200),
      at: '2026-01-02T00:00:00Z',
      replaces: [identifier('letter')],
      fields: { replaces: [identifier('letter')] },
    })
    await system
      .store('lancashire-south-cumbria')
      .publish([publication({ patients: [patient(200)], items: [{ ...letter, version: 1 }, replacing] })])
    const { documents } = await ask(
      numberOf(200),
      `documents(filter: { status: [CURRENT, SUPERSEDED] }) { nodes { status sources { region identifier { value } } ${elsewhere} } }`,
    )
    expect(documents.nodes).toMatchObject([
      { status: 'CURRENT', sources: [{ identifier: { value: 'newer' } }], retractedElsewhere: null },
      {
        status: 'CURRENT',
        sources: [{ region: 'CHESHIRE_MERSEYSIDE' }, { region: 'LANCASHIRE_SOUTH_CUMBRIA' }],
        retractedElsewhere: { region: 'LANCASHIRE_SOUTH_CUMBRIA' },
      },
    ])
  })

  test('only viewers who may see a document learn what it replaces', async () => {
    const letter = item('documents', 'open', { nhsNumber: numberOf(201) })
    const replacing = item('documents', 'sealed', {
      nhsNumber: numberOf(201),
      labels: ['SEALED'],
      replaces: [identifier('open')],
      fields: { replaces: [identifier('open')] },
    })
    await system.store('cheshire-merseyside').publish([publication({ patients: [patient(201)], items: [letter] })])
    await system
      .store('lancashire-south-cumbria')
      .publish([publication({ patients: [patient(201)], items: [replacing] })])
    const { documents } = await ask(numberOf(201), `documents { nodes { sources { region } ${elsewhere} } }`)
    expect(documents.nodes).toEqual([{ sources: [{ region: 'CHESHIRE_MERSEYSIDE' }], retractedElsewhere: null }])
  })

  test('a patient whom the other region flags shows no retraction, because there all but demographics looks unknown', async () => {
    const letter = item('documents', 'flagged', { nhsNumber: numberOf(202) })
    const replacing = item('documents', 'flagged newer', {
      nhsNumber: numberOf(202),
      replaces: [identifier('flagged')],
      fields: { replaces: [identifier('flagged')] },
    })
    await system.store('cheshire-merseyside').publish([publication({ patients: [patient(202)], items: [letter] })])
    await system
      .store('lancashire-south-cumbria')
      .publish([publication({ patients: [patient(202, { sensitive: true })], items: [replacing] })])
    const { documents } = await ask(
      numberOf(202),
      `documents { nodes { sources { region organisation { odsCode } identifier { value } } ${elsewhere} } }`,
    )
    expect(documents.nodes).toEqual([
      { sources: [{ region: 'CHESHIRE_MERSEYSIDE', organisation: null, identifier: null }], retractedElsewhere: null },
    ])
  })
})
