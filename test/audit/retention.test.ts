import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAccessIndex } from '../../gateway/audit/access-index.ts'
import type { AuditTrail } from '../../gateway/audit/audit-trail.ts'
import { pruneTrail } from '../../gateway/audit/prune-trail.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder, secrets } from '../support/audit/trail-folder.ts'

const yearMs = 366 * 86_400_000
const now = Date.parse('2026-11-22T12:00:00Z')

/** A trail of one event a year, the oldest ten years ago, still open. */
async function createTenYears(open: (options: { now: () => number }) => Promise<AuditTrail>): Promise<AuditTrail> {
  let time = now - 10 * yearMs
  const trail = await open({ now: () => time })
  for (; time <= now; time += yearMs)
    await trail.record([accessEvent({ requestId: new Date(time).toISOString().slice(0, 4) })])
  time = now
  return trail
}

test('prune drops the files beyond retention of a running writer, and the rest verifies', async () => {
  using place = createTrailFolder()
  await using trail = await createTenYears(place.open)
  expect((await place.files()).length).toBe(11)
  const [event] = await pruneTrail({ folder: place.folder, secrets, keptYears: 8, now: () => now })
  expect(event).toMatchObject({
    writer: 'gateway-1',
    keptYears: 8,
    dropped: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }],
  })
  expect((await place.files()).length).toBe(8)
  await trail.record([accessEvent()])
  expect(await place.verify()).toMatchObject({ events: 9, break: null })
  expect(await place.verify('retention')).toMatchObject({ events: 1, break: null })
  expect(await pruneTrail({ folder: place.folder, secrets, keptYears: 8, now: () => now })).toEqual([])
})

test('prune never drops the newest file, however old', async () => {
  using place = createTrailFolder()
  await using _ = await createTenYears(place.open)
  await pruneTrail({ folder: place.folder, secrets, keptYears: 8, now: () => now + 100 * yearMs })
  expect((await place.files()).length).toBe(1)
  expect(await place.verify()).toMatchObject({ events: 1, break: null })
})

test('a trail verifies when dropping its files was interrupted', async () => {
  using place = createTrailFolder()
  await using _ = await createTenYears(place.open)
  const before = await place.files()
  await pruneTrail({ folder: place.folder, secrets, keptYears: 8, now: () => now })
  expect(await place.verify()).toMatchObject({ break: null })
  // As if a second run were interrupted after its first file: the note names every file.
  await pruneTrail({ folder: place.folder, secrets, keptYears: 4, now: () => now })
  expect(before.length - (await place.files()).length).toBe(7)
  expect(await place.verify()).toMatchObject({ events: 4, break: null })
})

test('files dropped without a note are a break', async () => {
  using place = createTrailFolder()
  await using _ = await createTenYears(place.open)
  await pruneTrail({ folder: place.folder, secrets, keptYears: 8, now: () => now })
  await rm((await place.files())[0] ?? '')
  expect(await place.verify()).toMatchObject({ break: { reason: 'REMOVED' } })
  await rm(join(place.folder, 'retention'), { recursive: true })
  expect(await place.verify()).toMatchObject({ break: { reason: 'REMOVED', sequence: 1 } })
})

test('privacy queries end where retention dropped the rest, also with an index from before', async () => {
  using place = createTrailFolder()
  await using _ = await createTenYears(place.open)
  const index = createAccessIndex({ folder: place.folder })
  await pruneTrail({ folder: place.folder, secrets, keptYears: 8, now: () => now })
  for (const one of [index, createAccessIndex({ folder: place.folder })]) {
    const { accesses } = await one.findByPatient('9990000018', { scope: 'EVERYTHING', first: 100 })
    expect(accesses.map(({ event }) => event.requestId)).toEqual([
      '2026',
      '2025',
      '2024',
      '2023',
      '2022',
      '2021',
      '2020',
      '2019',
    ])
  }
})
