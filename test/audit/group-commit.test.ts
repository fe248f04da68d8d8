import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { AuditTrail } from '../../gateway/audit/audit-trail.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { type CountingDisk, createCountingDisk } from '../support/audit/counting-disk.ts'
import { createTrailFolder } from '../support/audit/trail-folder.ts'

test('a hundred concurrent requests wait for one sync', async () => {
  using place = createTrailFolder()
  const disk = createCountingDisk()
  await using trail = await place.open({ disk })
  await Promise.all(Array.from({ length: 100 }, () => trail.record([accessEvent(), accessEvent()])))
  expect(disk.counts).toEqual({ writes: 1, syncs: 1 })
  expect(await place.verify()).toMatchObject({ events: 200, break: null, unconfirmed: 0 })
})

test('events recorded during a sync go together in the next one', async () => {
  using place = createTrailFolder()
  const disk = createCountingDisk()
  await using trail = await place.open({ disk })
  const { promise: diskIsBusy, resolve: release } = Promise.withResolvers<void>()
  const { promise: started, resolve: start } = Promise.withResolvers<void>()
  disk.before = (operation) => {
    if (operation !== 'sync' || disk.counts.syncs > 1) return
    start()
    return diskIsBusy
  }
  const done: string[] = []
  const first = trail.record([accessEvent()]).then(() => done.push('first'))
  await started
  const others = Array.from({ length: 100 }, () => trail.record([accessEvent()]).then(() => done.push('other')))
  expect(done).toEqual([])
  release()
  await Promise.all([first, ...others])
  expect(done[0]).toBe('first')
  expect(disk.counts).toEqual({ writes: 2, syncs: 2 })
})

describe('group commit after a batch of several', () => {
  const recordAtOnce = (trail: AuditTrail, times: number) =>
    Promise.all(Array.from({ length: times }, () => trail.record([accessEvent()])))
  /** Four wait for as long as no fifth comes, and then all go in one write. */
  const expectFive = async (trail: AuditTrail, disk: CountingDisk) => {
    disk.reset()
    const four = recordAtOnce(trail, 4)
    // Far more rounds of the loop than it takes where nobody is waited for.
    for (let round = 0; round < 100; round++) await nextTurn()
    expect(disk.counts).toEqual({ writes: 0, syncs: 0 })
    await Promise.all([four, trail.record([accessEvent()])])
    expect(disk.counts).toEqual({ writes: 1, syncs: 1 })
  }

  test('the next sync waits until every request in flight has recorded its events', async () => {
    using place = createTrailFolder()
    const disk = createCountingDisk()
    await using trail = await place.open({ disk, maxBatchDelayMs: longest })
    let answering = 4
    trail.setInFlight(() => answering)
    await recordAtOnce(trail, 4)
    answering = 5
    await expectFive(trail, disk)
  })

  test('the next sync waits for as many events as the last batch had', async () => {
    using place = createTrailFolder()
    const disk = createCountingDisk()
    await using trail = await place.open({ disk, maxBatchDelayMs: longest, batchFillMs: longest })
    await recordAtOnce(trail, 5)
    await expectFive(trail, disk)
  })

  test('the next sync waits only briefly when fewer events come', async () => {
    using place = createTrailFolder()
    await using trail = await place.open({ maxBatchDelayMs: longest, batchFillMs: 1 })
    await recordAtOnce(trail, 5)
    await trail.record([accessEvent()])
    expect(trail.head.sequence).toBe(6)
  })

  test('the next sync waits no longer than its limit for a request that never records', async () => {
    using place = createTrailFolder()
    await using trail = await place.open({ maxBatchDelayMs: 1 })
    trail.setInFlight(() => 5)
    await recordAtOnce(trail, 4)
    await trail.record([accessEvent()])
    expect(trail.head.sequence).toBe(5)
  })

  test('the next sync does not wait after a batch of one, nor on a closed trail', async () => {
    using place = createTrailFolder()
    await using trail = await place.open({ maxBatchDelayMs: longest })
    trail.setInFlight(() => 5)
    await trail.record([accessEvent()])
    await trail.record([accessEvent()])
    await recordAtOnce(trail, 4)
    const last = trail.record([accessEvent()])
    await nextTurn()
    await trail.close()
    await last
    expect(trail.head.sequence).toBe(7)
  })
})

/** Longer than any test may take. */
const longest = 60_000

test('an answer waits until its events are on disk and in the head', async () => {
  using place = createTrailFolder()
  await using trail = await place.open()
  await trail.record([accessEvent({ requestId: 'one' })])
  expect((await place.lines()).map((line) => JSON.parse(line).event.requestId)).toEqual(['one'])
  expect(trail.head).toEqual({ sequence: 1, hash: JSON.parse((await place.lines())[0] ?? '').hash })
})

test('the events of one request stay adjacent and in order', async () => {
  using place = createTrailFolder()
  await using trail = await place.open()
  const requests = Array.from({ length: 20 }, (_, index) => `request ${index}`)
  await Promise.all(
    requests.map((requestId) => trail.record(['a', 'b', 'c'].map((region) => accessEvent({ requestId, region })))),
  )
  const written = (await place.lines()).map((line) => JSON.parse(line).event)
  expect(written.map(({ requestId, region }) => `${requestId} ${region}`)).toEqual(
    requests.flatMap((request) => ['a', 'b', 'c'].map((region) => `${request} ${region}`)),
  )
})
