import { describe, expect, test } from 'vitest'
import { createFeedProgress } from '../../gateway/change-feed/feed-progress.ts'
import type { ChangeEvent } from '../../schema/change-event.ts'

const nhsNumber = '9990000018'
const hello = (sequence: number, clockMs: number): ChangeEvent => ({
  type: 'hello',
  policyVersion: 'v',
  sequence,
  clockMs,
})
const heartbeat = (sequence: number, clockMs: number): ChangeEvent => ({ type: 'heartbeat', sequence, clockMs })
const change = (sequence: number): ChangeEvent => ({ type: 'change', kind: 'publish', nhsNumber, sequence })

function setUp() {
  const told: string[] = []
  const progress = createFeedProgress({
    onChange: ({ sequence }) => told.push(`change ${sequence}`),
    onReset: () => told.push('reset'),
  })
  return { told, progress }
}

describe('the time as of which a region is known', () => {
  test('a region is known as of when it read its store, however late its heartbeat comes', () => {
    const { progress } = setUp()
    const take = progress.startConnection(100_000)
    take(hello(0, 5000), 100_010)
    expect(progress.readAsOfMs).toBe(100_000)
    take(heartbeat(0, 6000), 101_010)
    expect(progress.readAsOfMs).toBe(101_000)
    // Nine seconds on its way.
    take(heartbeat(0, 7000), 111_000)
    expect(progress.readAsOfMs).toBe(102_000)
  })

  test('a region is never known as of later than now, even when its clock runs fast', () => {
    const { progress } = setUp()
    const take = progress.startConnection(100_000)
    take(hello(0, 5000), 100_010)
    take(heartbeat(0, 9000), 101_010)
    expect(progress.readAsOfMs).toBe(101_010)
  })

  test("a region's read time advances only after every change up to the mark has arrived", () => {
    const { progress, told } = setUp()
    progress.startConnection(0)(hello(2, 0), 0)
    const take = progress.startConnection(10_000)
    take(hello(5, 500), 10_001)
    take(change(3), 10_002)
    take(heartbeat(9, 1500), 11_000)
    expect(progress.readAsOfMs).toBe(0)
    take(change(5), 11_001)
    // As of the greeting, not of the heartbeat whose changes are still to come.
    expect(progress.readAsOfMs).toBe(10_000)
    take(heartbeat(9, 2500), 12_000)
    take(change(9), 12_001)
    expect(progress.readAsOfMs).toBe(12_000)
    expect(told).toEqual(['change 3', 'change 5', 'change 9'])
  })

  test('a region with another history is unknown until the reset has arrived', () => {
    const { progress, told } = setUp()
    progress.startConnection(0)(hello(7, 0), 0)
    const take = progress.startConnection(10_000)
    take(hello(3, 0), 10_001)
    expect([progress.readAsOfMs, progress.lastSequence]).toEqual([0, 7])
    take({ type: 'reset', sequence: 3 }, 10_002)
    expect([progress.readAsOfMs, progress.lastSequence, told]).toEqual([10_000, 3, ['reset']])
  })

  test("a region's read time does not go back with a late connection, and a change arrives once", () => {
    const { progress, told } = setUp()
    const take = progress.startConnection(0)
    take(hello(0, 0), 0)
    take(change(1), 1)
    take(heartbeat(1, 5000), 5000)
    const again = progress.startConnection(4000)
    again(hello(1, 0), 5001)
    again(change(1), 5002)
    expect([progress.readAsOfMs, told]).toEqual([5000, ['change 1']])
  })

  test('a feed that greets twice or not at all sets no read time', () => {
    const { progress } = setUp()
    expect(() => progress.startConnection(0)(heartbeat(0, 0), 0)).toThrow('hello')
    const take = progress.startConnection(0)
    take(hello(0, 0), 0)
    expect(() => take(hello(0, 0), 0)).toThrow('hello')
  })
})
