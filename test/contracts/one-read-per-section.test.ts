import { describe, expect, it } from 'vitest'
import type { RecordStore } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { council, item, numberOf, optOut, patient, publication } from '../support/store/publications.ts'
import { createTestService } from '../support/store/test-service.ts'

const region = 'CHESHIRE_MERSEYSIDE'
const held = ['alerts', 'medications', 'results', 'documents'] as const
const fifty = Array.from({ length: 50 }, (_, n) => n)

/** A store that writes down which of its methods were called, with the section. */
function withCalls(store: RecordStore): { readonly store: RecordStore; readonly calls: string[] } {
  const calls: string[] = []
  const counted = new Proxy(store, {
    get(target, method: keyof RecordStore) {
      return (...values: unknown[]) => {
        calls.push(typeof values[0] === 'string' ? `${method} ${values[0]}` : method)
        return Reflect.apply(target[method], target, values)
      }
    },
  })
  return { store: counted, calls }
}

const selection = `demographics { birthDate } alerts { answer } allergies { answer } problems { answer } medications { answer } immunisations { answer } procedures { answer }
  carePlans { answer } contacts { answer } appointments { answer } results { answer } encounters { answer } documents { answer }`
const query = `query ($n: [NHSNumber!]!) { exchangeView(nhsNumbers: $n) { sequence patients { nhsNumber retractions { id } record { ${selection} } } } }`

describe('a view of fifty patients', () => {
  it('reads each section that any of them has once for each, and the sequence before all else', async () => {
    const { store, calls } = withCalls(createSqliteRecordStore({ region, file: ':memory:' }))
    await using service = await createTestService({ store })
    await service.publish(
      publication({
        patients: fifty.map((n) => patient(n)),
        items: fifty.flatMap((n) => held.map((section) => item(section, `${section}${n}`, { nhsNumber: numberOf(n) }))),
      }),
    )
    calls.length = 0
    const { data } = await service.ask(query, { n: fifty.map(numberOf) })
    expect(data?.exchangeView?.patients).toHaveLength(50)
    expect(calls.slice(0, 4)).toEqual(['sequence', 'findPatients', 'readViewerFacts', 'findReleaseClasses'])
    const ofEach = [
      'readList alerts',
      'readList medications',
      'readTimeline results',
      'readTimeline documents',
    ].flatMap((call) => Array<string>(50).fill(call))
    expect(calls.slice(4).toSorted()).toEqual(['readRetractions', ...ofEach].toSorted())
  })

  it('asks once more whether something of a section is withheld, where a rule may withhold it, for all such patients together', async () => {
    const { store, calls } = withCalls(createSqliteRecordStore({ region, file: ':memory:' }))
    await using service = await createTestService({ store })
    await service.publish(
      publication({
        items: fifty.map((n) =>
          item('problems', `p${n}`, { nhsNumber: numberOf(n), labels: n < 20 ? ['V'] : [], organisation: council }),
        ),
        optOuts: [optOut('o', { nhsNumber: numberOf(30), organisation: council })],
      }),
    )
    calls.length = 0
    const { data } = await service.ask(
      'query ($n: [NHSNumber!]!) { exchangeView(nhsNumbers: $n) { patients { record { problems { answer } } } } }',
      { n: fifty.map(numberOf) },
    )
    expect(calls.toSorted()).toEqual([
      'findHolders problems',
      'findPatients',
      'findReleaseClasses',
      ...Array<string>(29).fill('readList problems'),
      'readViewerFacts',
      'sequence',
    ])
    const answers = data?.exchangeView?.patients.map((one) => one.record?.problems.answer)
    expect(answers).toEqual(fifty.map((n) => (n < 20 || n === 30 ? 'WITHHELD' : 'RECORDED')))
  })

  it('answers in the order asked, a number asked twice twice', async () => {
    await using service = await createTestService()
    await service.publish(publication({ patients: [patient(2)] }))
    const n = [2, 1, 2].map(numberOf)
    const { data } = await service.ask(
      'query ($n: [NHSNumber!]!) { exchangeView(nhsNumbers: $n) { patients { askedNhsNumber record { nhsNumber } } } }',
      { n },
    )
    expect(data?.exchangeView?.patients.map(({ askedNhsNumber, record }) => [askedNhsNumber, record !== null])).toEqual(
      [
        [n[0], true],
        [n[1], false],
        [n[2], true],
      ],
    )
  })
})
