import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { AuditTrail } from '../../gateway/audit/audit-trail.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { type CountingDisk, createCountingDisk } from '../support/audit/counting-disk.ts'
import { createTrailFolder } from '../support/audit/trail-folder.ts'

test('a hundred requests at once wait for one sync', async () => {
  using place = createTrailFolder()
  const disk = createCountingDisk()
  await using trail = await place.open({ disk })
  await Promise.all(Array.from({ length: 100 }, () => trail.record([accessEvent(), accessEvent()])))
  expect(disk.counts).toEqual({ writes: 1, syncs: 1 })
  expect(await place.verify()).toMatchObject({ events: 200, break: null, unconfirmed: 0 })
})

test('what is recorded while a sync is under way goes together in the next', async () => {
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

describe('where several waited for one sync', () => {
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

  test('the next waits until all requests that are being answered wait for it', async () => {
    using place = createTrailFolder()
    const disk = createCountingDisk()
    await using trail = await place.open({ disk, maxBatchDelayMs: longest })
    let answering = 4
    trail.setInFlight(() => answering)
    await recordAtOnce(trail, 4)
    answering = 5
    await expectFive(trail, disk)
  })

  test('and as many as the last time', async () => {
    using place = createTrailFolder()
    const disk = createCountingDisk()
    await using trail = await place.open({ disk, maxBatchDelayMs: longest, batchFillMs: longest })
    await recordAtOnce(trail, 5)
    await expectFive(trail, disk)
  })

  test('where fewer come, not for long', async () => {
    using place = createTrailFolder()
    await using trail = await place.open({ maxBatchDelayMs: longest, batchFillMs: 1 })
    await recordAtOnce(trail, 5)
    await trail.record([accessEvent()])
    expect(trail.head.sequence).toBe(6)
  })

  test('no longer than it may wait for one that does not come', async () => {
    using place = createTrailFolder()
    await using trail = await place.open({ maxBatchDelayMs: 1 })
    trail.setInFlight(() => 5)
    await recordAtOnce(trail, 4)
    await trail.record([accessEvent()])
    expect(trail.head.sequence).toBe(5)
  })

  test('nor after a write of one alone, nor where the trail is closed', async () => {
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

test("one request's events stay next to each other and in order", async () => {
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
