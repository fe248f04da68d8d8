import { describe, expect, test } from 'vitest'
import { type ChangingReplyCache, createReplyCache, type ReplyCacheOptions } from '../../gateway/cache/reply-cache.ts'
import type { ReadReply } from '../../gateway/regions/reply-cache.ts'
import { releaseDecision } from '../view/support/release-decision.ts'

const region = 'LPRES'
const nhsNumber = '9990000018'
const key = { region, nhsNumber, variant: 'a' }

/** A cache on a clock and a feed of the test's own. */
function setUp(options: Partial<ReplyCacheOptions> = {}) {
  const world = { nowMs: 1_000_000, isCurrent: true }
  const cache = createReplyCache({ regions: [region, 'other'], isCurrent: () => world.isCurrent, maxBytes: 100_000, now: () => world.nowMs, ...options })
  return { world, cache }
}

function replyTo(cache: ChangingReplyCache, asked: string, changes: Partial<ReadReply> = {}): ReadReply {
  const reply = {
    askedNhsNumber: asked,
    nhsNumber: asked,
    birthDate: null,
    sensitive: false,
    decision: releaseDecision(),
    demographicsWithheld: false,
    retractions: [],
    record: { nhsNumber: asked, localIdentifiers: [] },
  }
  return { reply, readAt: '', sequence: 7, bytes: 1000, askedAtMs: 1_000_000, generation: cache.generation(region, asked), ...changes }
}

describe('the cache', () => {
  test('keeps within its bytes whatever is kept, and forgets the least recently used', () => {
    const { cache } = setUp()
    for (let n = 0; n < 5000; n++) cache.keep({ ...key, nhsNumber: `patient ${n}` }, replyTo(cache, `patient ${n}`))
    const { bytes = 0, patients = 0 } = cache.sizes().get(region) ?? {}
    expect(bytes).toBeGreaterThan(40_000)
    expect(bytes).toBeLessThanOrEqual(50_000)
    expect(patients).toBeLessThan(13)
    expect(cache.find({ ...key, nhsNumber: 'patient 0' })).toBeNull()
    expect(cache.find({ ...key, nhsNumber: 'patient 4999' })).not.toBeNull()
  })

  test('keeps of one patient a few answers, the latest', () => {
    const { cache } = setUp({ maxBytes: 10_000_000 })
    for (let n = 0; n < 100; n++) cache.keep({ ...key, variant: `variant ${n}` }, replyTo(cache, nhsNumber))
    const found = Array.from({ length: 100 }, (_, n) => cache.find({ ...key, variant: `variant ${n}` }) !== null)
    expect(found.slice(0, 68)).toEqual(Array(68).fill(false))
    expect(found.slice(68)).toEqual(Array(32).fill(true))
  })

  test('keeps nothing where it may take no bytes, nor what is too large for it', () => {
    const none = setUp({ maxBytes: 0 })
    none.cache.keep(key, replyTo(none.cache, nhsNumber))
    expect(none.cache.find(key)).toBeNull()
    const { cache } = setUp()
    cache.keep(key, replyTo(cache, nhsNumber, { bytes: 50_000 }))
    expect([cache.find(key), cache.sizes().get(region)]).toEqual([null, { bytes: 0, patients: 0 }])
  })

  test('holds nothing longer because the clock was set back', () => {
    const { cache, world } = setUp()
    cache.keep(key, replyTo(cache, nhsNumber))
    world.nowMs -= 1
    expect(cache.find(key)).toBeNull()
  })

  test('does not keep what was asked before a change whose patient it has forgotten since', () => {
    const { cache } = setUp({ maxChanges: 2 })
    const read = replyTo(cache, nhsNumber)
    cache.changed(region, nhsNumber, 8)
    const since = replyTo(cache, nhsNumber)
    for (const [n, other] of ['one', 'two', 'three'].entries()) cache.changed(region, other, 9 + n)
    for (const one of [read, since, { ...replyTo(cache, nhsNumber), sequence: 7 }]) {
      cache.keep(key, one)
      expect(cache.find(key)).toBeNull()
    }
    cache.keep(key, { ...replyTo(cache, nhsNumber), sequence: 11 })
    expect(cache.find(key)).not.toBeNull()
  })

  test('does not keep what was read before a change that was heard, whoever asked when', () => {
    const { cache } = setUp()
    cache.changed(region, nhsNumber, 8)
    cache.keep(key, replyTo(cache, nhsNumber, { sequence: 7 }))
    expect(cache.find(key)).toBeNull()
  })

  test('finds nothing while the region is not heard, and keeps nothing that was asked then', () => {
    const { cache, world } = setUp()
    cache.keep(key, replyTo(cache, nhsNumber))
    world.isCurrent = false
    expect(cache.find(key)).toBeNull()
    const read = replyTo(cache, nhsNumber)
    // What changed before the first connection is never told.
    world.isCurrent = true
    cache.keep({ ...key, variant: 'b' }, read)
    expect(cache.find({ ...key, variant: 'b' })).toBeNull()
  })

  test.each(['drop', 'reset'] as const)('lets go of everything at a %s, what is still on its way too', (end) => {
    const { cache } = setUp()
    cache.keep(key, replyTo(cache, nhsNumber))
    const read = replyTo(cache, nhsNumber)
    cache[end](region)
    expect(cache.sizes().get(region)).toEqual({ bytes: 0, patients: 0 })
    cache.keep(key, read)
    expect(cache.find(key)).toBeNull()
  })

  test('begins anew where the store has another history: its sequence numbers are smaller', () => {
    const { cache } = setUp()
    cache.changed(region, nhsNumber, 800)
    cache.reset(region)
    cache.keep(key, replyTo(cache, nhsNumber, { sequence: 7 }))
    expect(cache.find(key)).not.toBeNull()
    const read = replyTo(cache, nhsNumber, { sequence: 7 })
    cache.changed(region, nhsNumber, 8)
    cache.keep(key, read)
    expect(cache.find(key)).toBeNull()
  })

  test('leaves other regions and other patients alone', () => {
    const { cache } = setUp()
    const others = [
      { ...key, region: 'other' },
      { ...key, nhsNumber: '9990000034' },
    ]
    for (const one of [key, ...others]) cache.keep(one, { ...replyTo(cache, one.nhsNumber), generation: cache.generation(one.region, one.nhsNumber) })
    cache.changed(region, nhsNumber, 8)
    expect([key, ...others].map((one) => cache.find(one) !== null)).toEqual([false, true, true])
  })
})
