import { expect, test } from 'vitest'
import { outlines } from '../../subgraphs/demo/population/outlines.ts'
import { publishPopulation } from '../../subgraphs/demo/population/publish-population.ts'
import { demoRegions } from '../../subgraphs/demo/vocabulary/person.ts'
import { publishedOperation } from '../support/published-operation.ts'
import { startSystem } from '../support/system.ts'

const scale = 0.0001
const seed = 1

test("everybody's full record is answered, without an error", async () => {
  await using system = await startSystem()
  for (const region of demoRegions)
    await publishPopulation({ store: system.store(region), region, scale, seed, now: new Date() })
  for (const { nhsNumber, birthDate } of outlines({ seed, scale })) {
    const { data, errors } = await system.query(publishedOperation('full-record'), { nhsNumber, birthDate })
    expect(errors, nhsNumber).toEqual([])
    expect(data.patient.nhsNumber).toBe(nhsNumber)
  }
})

test('the note on the population is served to nobody', async () => {
  await using system = await startSystem()
  for (const region of demoRegions)
    await publishPopulation({ store: system.store(region), region, scale, seed, now: new Date() })
  const { data } = await system.query(
    '{ patient(nhsNumber: "9990099995", access: { relationship: ATTENDING }) { presence demographics { name { full } } } }',
  )
  expect(data.patient).toMatchObject({ presence: 'NOT_FOUND' })
})
