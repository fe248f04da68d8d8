import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder, type TrailFolder } from '../support/audit/trail-folder.ts'

const day = 86_400_000
const noon = Date.parse('2026-11-22T12:00:00Z')

async function record(place: TrailFolder, events: number): Promise<void> {
  await using trail = await place.open()
  for (let index = 0; index < events; index++) await trail.record([accessEvent()])
}

async function lastFile(place: TrailFolder): Promise<string> {
  return (await place.files()).at(-1) ?? ''
}

test('a restarted writer continues its chain', async () => {
  using place = createTrailFolder()
  await record(place, 3)
  await record(place, 2)
  expect((await place.lines()).map((line) => JSON.parse(line).sequence)).toEqual([1, 2, 3, 4, 5])
  expect(await place.verify()).toMatchObject({ events: 5, break: null, unconfirmed: 0, tornBytes: 0 })
})

test('a restarted writer cuts a torn last line, and records that as an event', async () => {
  using place = createTrailFolder()
  await record(place, 2)
  await appendFile(await lastFile(place), '{"sequence":3,"writer":"gatew')
  expect(await place.verify()).toMatchObject({ events: 2, break: null, tornBytes: 29 })
  await record(place, 1)
  const events = (await place.lines()).map((line) => JSON.parse(line).event)
  expect(events.map(({ kind }) => kind)).toEqual(['VIEW', 'VIEW', 'RECOVERY', 'VIEW'])
  expect(events[2]).toMatchObject({ cutBytes: 29, cutHash: expect.stringMatching(/^[0-9a-f]{64}$/), unconfirmed: 0 })
  expect(await place.verify()).toMatchObject({ events: 4, break: null, tornBytes: 0 })
})

test('a restarted writer cuts blocks that a power cut left as zeros after the last confirmed event', async () => {
  using place = createTrailFolder()
  await record(place, 2)
  await appendFile(await lastFile(place), `${'\0'.repeat(50)}\n{"sequence":4}\n`)
  await record(place, 1)
  expect(await place.verify()).toMatchObject({ events: 4, break: null })
})

test('a restarted writer keeps events that were written but not confirmed when the process died, and records that as an event', async () => {
  using place = createTrailFolder()
  await record(place, 2)
  const head = await readFile(join(place.folder, 'gateway-1', 'head'))
  await record(place, 3)
  await writeFile(join(place.folder, 'gateway-1', 'head'), head)
  expect(await place.verify()).toMatchObject({ events: 5, unconfirmed: 3, break: null })
  await record(place, 1)
  expect(JSON.parse((await place.lines())[5] ?? '').event).toEqual({
    kind: 'RECOVERY',
    cutBytes: 0,
    cutHash: null,
    unconfirmed: 3,
  })
})

test('a tail that does not verify stops the start, which says where', async () => {
  using place = createTrailFolder()
  await record(place, 3)
  await place.rewrite(await lastFile(place), (text) => text.replace('"items":7', '"items":8'))
  await expect(place.open()).rejects.toMatchObject({
    code: 'AUDIT_CHAIN_BROKEN',
    message: expect.stringMatching(/CHANGED at .*\.jsonl, line 1/),
  })
})

test.each([
  ['within an event', 5],
  ['between two events', 0],
])('a tail cut off %s stops the start', async (_, more) => {
  using place = createTrailFolder()
  await record(place, 3)
  const text = await readFile(await lastFile(place), 'utf8')
  await truncate(
    await lastFile(place),
    Buffer.byteLength(text.slice(0, text.indexOf('\n', text.indexOf('\n') + 1) + 1)) + more,
  )
  await expect(place.open()).rejects.toMatchObject({ break: { reason: 'CUT_TAIL', sequence: 3 } })
})

test.each(['head', 'events'])('a trail without its %s stops the start', async (missing) => {
  using place = createTrailFolder()
  await record(place, 3)
  await rm(missing === 'head' ? join(place.folder, 'gateway-1', 'head') : await lastFile(place))
  await expect(place.open()).rejects.toMatchObject({
    break: { reason: missing === 'head' ? 'HEAD_MISSING' : 'CUT_TAIL' },
  })
})

test('a new day begins a new file, and the chain continues over files', async () => {
  using place = createTrailFolder()
  let now = noon
  await using trail = await place.open({ now: () => now })
  for (let index = 0; index < 3; index++) {
    await trail.record([accessEvent()])
    now += day / 2
  }
  expect((await place.files()).map((file) => file.slice(-29))).toEqual([
    '000000000001-2026-11-22.jsonl',
    '000000000002-2026-11-23.jsonl',
  ])
  expect(await place.verify()).toMatchObject({ events: 3, break: null })
})

test('a file that reaches its size limit is followed by another, over restarts too', async () => {
  using place = createTrailFolder()
  for (let start = 0; start < 3; start++) {
    await using trail = await place.open({ rotateBytes: 2000 })
    for (let index = 0; index < 5; index++) await trail.record([accessEvent()])
  }
  expect((await place.files()).length).toBeGreaterThan(4)
  expect(await place.verify()).toMatchObject({ events: 15, break: null })
})

test('a crash between creating a file and its first event does no harm', async () => {
  using place = createTrailFolder()
  await record(place, 3)
  await writeFile(join(place.folder, 'gateway-1', '000000000004-2026-11-23.jsonl'), '')
  expect(await place.verify()).toMatchObject({ events: 3, break: null })
  await record(place, 1)
  expect((await place.files()).length).toBe(2)
  expect(await place.verify()).toMatchObject({ events: 4, break: null })
})

test.each([
  ['secret', { secrets: [new Uint8Array(16)] as const }, '32 bytes'],
  ['writer', { writer: '../elsewhere' }, 'Audit writer'],
  ['rotateBytes', { rotateBytes: 0 }, 'rotateBytes'],
])('a wrong %s stops the start', async (_, options, message) => {
  using place = createTrailFolder()
  await expect(place.open(options)).rejects.toThrow(message)
})

test('a trail verifies while it is written', async () => {
  using place = createTrailFolder()
  await using trail = await place.open({ rotateBytes: 3000 })
  await trail.record([accessEvent()])
  let isWriting = true
  const writing = (async () => {
    for (let index = 0; index < 300; index++) await trail.record([accessEvent()])
    isWriting = false
  })()
  while (isWriting) expect(await place.verify()).toMatchObject({ break: null })
  await writing
  expect(await place.verify()).toMatchObject({ events: 301, break: null })
})
