import { expect, test } from 'vitest'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { createFeedStore } from '../support/change-feed/feed-store.ts'
import { recordFeed } from '../support/change-feed/recorded-feed.ts'
import { createCuttableProxy } from '../support/http/cuttable-proxy.ts'
import { numberOf, patient, publication } from '../support/store/publications.ts'

const tell = (count: number) =>
  Array.from({ length: count }, (_, index) => `change ${index + 1} consent ${numberOf(index)}`)

test('through cuts each change is told once and in order', async () => {
  await using system = await createFeedStore()
  await using proxy = await createCuttableProxy(system.region.url)
  await using heard = recordFeed(system, { url: proxy.url })
  await heard.until(() => heard.feed.isCurrent)
  for (let index = 0; index < 40; index++) {
    if (index % 10 === 3) proxy.cut()
    await system.commit(numberOf(index))
    if (index % 10 === 6) proxy.mend()
    // Some cuts fall into silence, some into the midst of what is told.
    if (index % 4 === 0 && index % 10 < 3) await heard.until(() => heard.feed.lastSequence === index + 1)
  }
  await heard.until(() => heard.feed.lastSequence === 40)
  expect(heard.received).toEqual(tell(40))
  expect(proxy.taken).toBeGreaterThan(1)
})

test('more changes than a batch holds are all told after a cut', async () => {
  await using system = await createFeedStore()
  await using proxy = await createCuttableProxy(system.region.url)
  await using heard = recordFeed(system, { url: proxy.url })
  await heard.until(() => heard.feed.isCurrent)
  proxy.cut()
  const numbers = Array.from({ length: 1100 }, (_, index) => numberOf(index))
  await system.store.publish([publication({ patients: numbers.map((_, index) => patient(index)) })])
  proxy.mend()
  await heard.until(() => heard.feed.lastSequence === 1100)
  expect(heard.received.map((line) => line.split(' ')[1])).toEqual(numbers.map((_, index) => String(index + 1)))
})

test('a store that stops and starts again is heard on, with what was committed meanwhile', async () => {
  await using system = await createFeedStore()
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  await system.stop()
  await system.commit(numberOf(0))
  await system.restart()
  await heard.until(() => heard.received.length > 0)
  await system.commit(numberOf(1))
  await heard.until(() => heard.received.length > 1)
  expect(heard.received).toEqual(tell(2))
})

test('after silence a region is current only when all that was missed has been told', async () => {
  await using system = await createFeedStore()
  await using proxy = await createCuttableProxy(system.region.url)
  const wasCurrent: boolean[] = []
  await using heard = recordFeed(system, { url: proxy.url, onChange: () => wasCurrent.push(heard.feed.isCurrent) })
  await heard.until(() => heard.feed.isCurrent)
  proxy.cut()
  for (let index = 0; index < 5; index++) await system.commit(numberOf(index))
  heard.advance(3000)
  await heard.until(() => heard.received.includes('silence'))
  proxy.mend()
  await heard.until(() => heard.feed.isCurrent)
  expect(heard.received).toEqual(['silence', ...tell(5)])
  expect(wasCurrent).toEqual([false, false, false, false, false])
})

test('a store with fewer changes than were heard is a reset, and heard on from there', async () => {
  await using system = await createFeedStore()
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  for (let index = 0; index < 3; index++) await system.commit(numberOf(index))
  await heard.until(() => heard.feed.lastSequence === 3)
  await system.stop()
  const restored = createSqliteRecordStore({ region: system.region.code, file: ':memory:' })
  await restored.publish([publication({ patients: [patient(7)] })])
  await system.restart({ store: restored })
  await heard.until(() => heard.received.includes('reset'))
  expect(heard.feed.lastSequence).toBe(1)
  await restored.publish([publication({ patients: [patient(8)] })])
  await heard.until(() => heard.feed.lastSequence === 2)
  expect(heard.received).toEqual([...tell(3), 'reset', `change 2 publish ${numberOf(8)}`])
  expect(heard.feed.isCurrent).toBe(true)
  await system.stop()
  restored.close()
})

test('other rules are a reset; the same rules after a restart are none', async () => {
  await using system = await createFeedStore()
  const own = loadPolicies({ slug: 'cheshire-merseyside' })
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  expect(heard.feed.policyVersion).toBe(own.version)
  await system.stop()
  await system.restart()
  await system.commit(numberOf(0))
  await heard.until(() => heard.received.length === 1)
  await system.stop()
  await system.restart({ policies: { ...own, version: 'other-rules' } })
  await heard.until(() => heard.received.length === 2)
  expect(heard.received).toEqual([`change 1 consent ${numberOf(0)}`, 'reset'])
  expect(heard.feed.policyVersion).toBe('other-rules')
})

test('a change that its listener fails on is told again, the region silent meanwhile; what the listener said is not logged', async () => {
  await using system = await createFeedStore()
  let fails = true
  const onChange = () => {
    if (fails) throw new Error(numberOf(0))
  }
  await using heard = recordFeed(system, { onChange })
  await heard.until(() => heard.feed.isCurrent)
  await system.commit(numberOf(0))
  await heard.until(() => heard.received.length > 1)
  heard.advance(3000)
  await heard.until(() => heard.received.includes('silence'))
  fails = false
  await heard.until(() => heard.feed.lastSequence === 1)
  expect(new Set(heard.received)).toEqual(new Set([...tell(1), 'silence']))
  expect(heard.logged).toEqual([['The change feed of CHESHIRE_MERSEYSIDE is silent', 'Error']])
})
