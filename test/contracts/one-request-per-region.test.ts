import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPeople } from '../../subgraphs/demo/create-people.ts'
import { publishedOperation } from '../support/published-operation.ts'
import { type Slug, type System, startSystem } from '../support/system.ts'

describe('each region is asked once', () => {
  let system: System
  let before: Readonly<Record<Slug, number>>
  beforeAll(async () => {
    system = await startSystem({ people: true })
  })
  afterAll(() => system[Symbol.asyncDispose]())
  beforeEach(() => {
    before = system.requests()
  })
  const since = () => ({
    'cheshire-merseyside': system.requests()['cheshire-merseyside'] - before['cheshire-merseyside'],
    'lancashire-south-cumbria': system.requests()['lancashire-south-cumbria'] - before['lancashire-south-cumbria'],
  })
  const once = { 'cheshire-merseyside': 1, 'lancashire-south-cumbria': 1 }

  test('for every section of one patient', async () => {
    const { errors, data } = await system.query(publishedOperation('full-record'), { nhsNumber: '9990000018' })
    expect(errors).toEqual([])
    expect(data.patient.presence).toBe('FOUND')
    expect(since()).toEqual(once)
  })

  test('for a ward list of fifty', async () => {
    const nhsNumbers = createPeople(new Date()).map(({ nhsNumber }) => nhsNumber)
    const fifty = [...nhsNumbers, ...nhsNumbers].slice(0, 50)
    const { errors, data } = await system.query(publishedOperation('ward-list'), { nhsNumbers: fifty })
    expect(errors).toEqual([])
    expect(data.patients.map((patient: { askedNhsNumber: string }) => patient.askedNhsNumber)).toEqual(fifty)
    expect(since()).toEqual(once)
  })

  test('for several root fields, the same section twice under aliases, and regional records beside them', async () => {
    const { errors, data } = await system.query(`{
      one: patient(nhsNumber: "9990000018") { ...Part records { ... on CheshireMerseysideRecord { newest: results(first: 1) { nodes { code { text } } } few: results(first: 3) { nodes { id } } } } }
      two: patient(nhsNumber: "9990000425") { ...Part }
      both: patients(nhsNumbers: ["9990000018", "999 000 0425"]) { ...Part }
    }
    fragment Part on Patient { newest: results(first: 1, filter: { all: true }) { nodes { id } } few: results(first: 3, filter: { all: true }) { nodes { id } } allergies { complete } }`)
    expect(errors).toEqual([])
    expect(data.one.newest.nodes).toHaveLength(1)
    expect(data.one.few.nodes[0]).toEqual(data.one.newest.nodes[0])
    expect(data.two.few.nodes).toHaveLength(3)
    expect(data.both[1].few).toEqual(data.two.few)
    expect(data.one.records[0].newest.nodes).toHaveLength(1)
    expect(data.one.records[0].few.nodes).toHaveLength(3)
    expect(since()).toEqual(once)
  })

  test('and not at all when it is left out, or when the viewer may not see anything', async () => {
    const { data } = await system.query(
      '{ patient(nhsNumber: "9990000018", regions: [CHESHIRE_MERSEYSIDE]) { completeness { complete message } } }',
    )
    expect(data.patient.completeness).toEqual({
      complete: false,
      message: 'LPRES was not asked; what it holds is missing below.',
    })
    expect(since()).toEqual({ 'cheshire-merseyside': 1, 'lancashire-south-cumbria': 0 })
    const student = await system.query(
      '{ patient(nhsNumber: "9990000018") { presence completeness { regions { status decision { code } } } } }',
      {},
      await system.token({ role: 'R8004' }),
    )
    expect(student.data.patient).toEqual({
      presence: 'UNDETERMINED',
      completeness: {
        regions: [
          { status: 'REFUSED', decision: { code: 'REFUSED_ROLE' } },
          { status: 'REFUSED', decision: { code: 'REFUSED_AGREEMENT' } },
        ],
      },
    })
    expect(since()).toEqual({ 'cheshire-merseyside': 1, 'lancashire-south-cumbria': 0 })
  })
})
