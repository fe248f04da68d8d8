import { describe, expect, test } from 'vitest'
import {
  type CoherentReplyCache,
  type CoherentReplyCacheOptions,
  createCoherentReplyCache,
} from '../../gateway/regions/coherent-reply-cache.ts'
import type { NewReply } from '../../gateway/regions/reply-cache.ts'
import { releaseDecision } from '../support/patient-view/release-decision.ts'

const region = 'LPRES'
const nhsNumber = '9990000018'
const key = { region, nhsNumber, scopeKey: 'a' }

/** A cache on a clock and a feed of the test's own. */
function setUp(options: Partial<CoherentReplyCacheOptions> = {}) {
  const world = { nowMs: 1_000_000, isCurrent: true }
  const cache = createCoherentReplyCache({
    regions: [region, 'other'],
    isCurrent: () => world.isCurrent,
    maxBytes: 100_000,
    now: () => world.nowMs,
    ...options,
  })
  return { world, cache }
}

function replyTo(cache: CoherentReplyCache, asked: string, changes: Partial<NewReply> = {}): NewReply {
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
  return {
    reply,
    readAt: '',
    sequence: 7,
    bytes: 1000,
    askedAtMs: 1_000_000,
    generation: cache.getGeneration(region, asked),
    ...changes,
  }
}

describe('the cache', () => {
  test('the cache stays within its byte limit and evicts the least recently used reply', () => {
    const { cache } = setUp()
    for (let n = 0; n < 5000; n++) cache.set({ ...key, nhsNumber: `patient ${n}` }, replyTo(cache, `patient ${n}`))
    const { bytes = 0, patients = 0 } = cache.sizes().get(region) ?? {}
    expect(bytes).toBeGreaterThan(40_000)
    expect(bytes).toBeLessThanOrEqual(50_000)
    expect(patients).toBeLessThan(13)
    expect(cache.get({ ...key, nhsNumber: 'patient 0' })).toBeNull()
    expect(cache.get({ ...key, nhsNumber: 'patient 4999' })).not.toBeNull()
  })

  test('the cache holds the latest few replies of one patient', () => {
    const { cache } = setUp({ maxBytes: 10_000_000 })
    for (let n = 0; n < 100; n++) cache.set({ ...key, scopeKey: `variant ${n}` }, replyTo(cache, nhsNumber))
    const found = Array.from({ length: 100 }, (_, n) => cache.get({ ...key, scopeKey: `variant ${n}` }) !== null)
    expect(found.slice(0, 68)).toEqual(Array(68).fill(false))
    expect(found.slice(68)).toEqual(Array(32).fill(true))
  })

  test('the cache holds nothing under a limit of zero bytes, nor a reply that exceeds the limit', () => {
    const none = setUp({ maxBytes: 0 })
    none.cache.set(key, replyTo(none.cache, nhsNumber))
    expect(none.cache.get(key)).toBeNull()
    const { cache } = setUp()
    cache.set(key, replyTo(cache, nhsNumber, { bytes: 50_000 }))
    expect([cache.get(key), cache.sizes().get(region)]).toEqual([null, { bytes: 0, patients: 0 }])
  })

  test('the cache holds nothing longer because the clock was set back', () => {
    const { cache, world } = setUp()
    cache.set(key, replyTo(cache, nhsNumber))
    world.nowMs -= 1
    expect(cache.get(key)).toBeNull()
  })

  test('the cache rejects a reply requested before a change whose patient it no longer remembers', () => {
    const { cache } = setUp({ maxRememberedChanges: 2 })
    const read = replyTo(cache, nhsNumber)
    cache.invalidatePatient(region, nhsNumber, 8)
    const since = replyTo(cache, nhsNumber)
    for (const [n, other] of ['one', 'two', 'three'].entries()) cache.invalidatePatient(region, other, 9 + n)
    for (const one of [read, since, { ...replyTo(cache, nhsNumber), sequence: 7 }]) {
      cache.set(key, one)
      expect(cache.get(key)).toBeNull()
    }
    cache.set(key, { ...replyTo(cache, nhsNumber), sequence: 11 })
    expect(cache.get(key)).not.toBeNull()
  })

  test('the cache rejects a reply read before a change that was received, whenever it was requested', () => {
    const { cache } = setUp()
    cache.invalidatePatient(region, nhsNumber, 8)
    cache.set(key, replyTo(cache, nhsNumber, { sequence: 7 }))
    expect(cache.get(key)).toBeNull()
  })

  test("the cache returns nothing while a region's feed is disconnected, and rejects replies requested then", () => {
    const { cache, world } = setUp()
    cache.set(key, replyTo(cache, nhsNumber))
    world.isCurrent = false
    expect(cache.get(key)).toBeNull()
    const read = replyTo(cache, nhsNumber)
    // What changed before the first connection is never told.
    world.isCurrent = true
    cache.set({ ...key, scopeKey: 'b' }, read)
    expect(cache.get({ ...key, scopeKey: 'b' })).toBeNull()
  })

  test.each(['clearRegion', 'resetRegion'] as const)(
    'the cache drops everything at a %s, and rejects replies still on their way',
    (end) => {
      const { cache } = setUp()
      cache.set(key, replyTo(cache, nhsNumber))
      const read = replyTo(cache, nhsNumber)
      cache[end](region)
      expect(cache.sizes().get(region)).toEqual({ bytes: 0, patients: 0 })
      cache.set(key, read)
      expect(cache.get(key)).toBeNull()
    },
  )

  test('the cache starts anew when a store has another history with smaller sequence numbers', () => {
    const { cache } = setUp()
    cache.invalidatePatient(region, nhsNumber, 800)
    cache.resetRegion(region)
    cache.set(key, replyTo(cache, nhsNumber, { sequence: 7 }))
    expect(cache.get(key)).not.toBeNull()
    const read = replyTo(cache, nhsNumber, { sequence: 7 })
    cache.invalidatePatient(region, nhsNumber, 8)
    cache.set(key, read)
    expect(cache.get(key)).toBeNull()
  })

  test('a change leaves cached replies of other regions and other patients in place', () => {
    const { cache } = setUp()
    const others = [
      { ...key, region: 'other' },
      { ...key, nhsNumber: '9990000034' },
    ]
    for (const one of [key, ...others])
      cache.set(one, { ...replyTo(cache, one.nhsNumber), generation: cache.getGeneration(one.region, one.nhsNumber) })
    cache.invalidatePatient(region, nhsNumber, 8)
    expect([key, ...others].map((one) => cache.get(one) !== null)).toEqual([false, true, true])
  })
})
