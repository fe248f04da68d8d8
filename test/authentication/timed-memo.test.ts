import { expect, test } from 'vitest'
import { createTimedMemo } from '../../schema/timed-memo.ts'

test('the memo evicts the least recently used entry beyond its limit', async () => {
  const remember = createTimedMemo<string>({ maxEntries: 2, now: () => 0 })
  const made: string[] = []
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) {
    await remember(key, async () => {
      made.push(key)
      return { value: key, untilMs: 1 }
    })
  }
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

test('a caller that waited for an entry that has expired meanwhile computes it anew', async () => {
  const clock = { nowMs: 0 }
  const remember = createTimedMemo<string>({ maxEntries: 2, now: () => clock.nowMs })
  const slow = Promise.withResolvers<{ value: string; untilMs: number }>()
  const first = remember('a', () => slow.promise)
  const second = remember('a', async () => ({ value: 'new', untilMs: 200 }))
  clock.nowMs = 100
  slow.resolve({ value: 'old', untilMs: 100 })
  expect([await first, await second]).toEqual(['old', 'new'])
})

test('the memo reports a rejection to all who waited, and does not cache it', async () => {
  const remember = createTimedMemo<string>({ maxEntries: 2, now: () => 0 })
  const failing = () => Promise.reject(new Error('no'))
  expect(await Promise.allSettled([remember('a', failing), remember('a', failing)])).toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ])
  expect(await remember('a', async () => ({ value: 'yes', untilMs: 1 }))).toBe('yes')
})
