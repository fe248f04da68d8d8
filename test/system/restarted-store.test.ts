import { expect, test } from 'vitest'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { createConnectRetryClient } from '../support/restarts/connect-retry-client.ts'
import { readHeldVersion } from '../support/restarts/read-held-version.ts'
import { toVersionedBundle } from '../support/restarts/versioned-bundle.ts'
import { createServiceProcesses } from '../support/service-processes.ts'
import { numberOf } from '../support/store/publications.ts'

const slug = 'lancashire-south-cumbria'
const publishers = 6
const answersBetween = 12

test('a store restarted while it publishes answers every Bundle that it took, holds each whole, and ends with 0', async () => {
  await using system = await createServiceProcesses()
  const headers = {
    'content-type': 'application/fhir+json',
    authorization: `Bearer ${await system.token({ scope: 'publish', organisation: 'RXN' })}`,
  }
  let store = await system.startStore(slug)
  let answers = 0
  let goal = { answers: Number.POSITIVE_INFINITY, reached: () => {} }
  let stopped = false
  const publishOn = async (nhsNumber: string): Promise<number> => {
    using client = createConnectRetryClient([system.storeUrl(slug)], { keepAlive: true })
    let version = 0
    while (!stopped) {
      const { status, text } = await client.post({
        path: '/fhir',
        headers,
        body: JSON.stringify(toVersionedBundle(nhsNumber, version + 1)),
      })
      if (status !== 200) throw new Error(`${status} ${text.slice(0, 300)}`)
      version++
      answers++
      if (answers >= goal.answers) goal.reached()
    }
    return version
  }
  const numbers = Array.from({ length: publishers }, (_, index) => numberOf(index))
  const publishing = Promise.all(numbers.map(publishOn))
  /** Resolves when there are so many more answers; rejects where a request is lost. */
  const further = async (count: number) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    goal = { answers: answers + count, reached: resolve }
    await Promise.race([promise, publishing])
  }
  for (let restart = 0; restart < 2; restart++) {
    await further(answersBetween)
    store.child.kill('SIGTERM')
    expect([await store.ended, store.err()]).toEqual([0, ''])
    store = await system.startStore(slug)
  }
  await further(answersBetween)
  stopped = true
  const published = await publishing
  store.child.kill('SIGTERM')
  expect(await store.ended).toBe(0)

  const records = createSqliteRecordStore({ region: 'LANCASHIRE_SOUTH_CUMBRIA', file: system.databaseFile(slug) })
  expect(await Promise.all(numbers.map((nhsNumber) => readHeldVersion(records, nhsNumber)))).toEqual(published)
  records.close()
})
