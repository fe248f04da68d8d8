import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileSystem, type TrailDisk } from '../../gateway/audit/trail-disk.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createCountingDisk, createDiskFullError } from '../support/audit/counting-disk.ts'
import { createTrailFolder } from '../support/audit/trail-folder.ts'

describe('a full disk', () => {
  test('the trail refuses what it cannot write to a full disk, and continues once there is room, its chain whole', async () => {
    using place = createTrailFolder()
    const disk = createCountingDisk()
    await using trail = await place.open({ disk })
    await trail.record([accessEvent({ requestId: 'before' })])
    disk.before = (operation) => {
      if (operation === 'write') throw createDiskFullError()
    }
    const refused = await Promise.allSettled([
      trail.record([accessEvent()]),
      trail.record([accessEvent(), accessEvent()]),
    ])
    expect(refused).toEqual(
      [1, 2].map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({ code: 'AUDIT_UNAVAILABLE', lasts: 'NOW' }),
      })),
    )
    expect(trail.status).toBe('OPEN')

    disk.before = () => {}
    await trail.record([accessEvent({ requestId: 'after' })])
    expect((await place.lines()).map((line) => JSON.parse(line).event.requestId)).toEqual(['before', 'after'])
    expect(await place.verify()).toMatchObject({ events: 2, break: null })
  })

  test.runIf(process.platform === 'linux')('the trail refuses to write to the real /dev/full', async () => {
    using place = createTrailFolder()
    const full: TrailDisk = {
      ...fileSystem,
      open: (file, mode) =>
        fileSystem.open(mode === 'OVERWRITE' ? file : '/dev/full', mode === 'CREATE' ? 'APPEND' : mode),
    }
    await using trail = await place.open({ disk: full })
    const refusal = await trail.record([accessEvent()]).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'AUDIT_UNAVAILABLE', cause: { code: 'ENOSPC' } })
  })

  test('the trail stops for good when it cannot take back a half-written event, and a restart takes it back', async () => {
    using place = createTrailFolder()
    const disk = createCountingDisk()
    const trail = await place.open({ disk })
    await trail.record([accessEvent()])
    disk.before = (operation) => {
      if (operation !== 'sync') throw createDiskFullError()
    }
    await expect(trail.record([accessEvent()])).rejects.toMatchObject({ lasts: 'UNTIL_RESTART' })
    expect(trail.status).toBe('FAILED')
    disk.before = () => {}
    await expect(trail.record([accessEvent()])).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      lasts: 'UNTIL_RESTART',
    })
    await trail.close()
    await using restarted = await place.open()
    expect(restarted.head.sequence).toBe(2)
    expect(await place.verify()).toMatchObject({ events: 2, break: null, tornBytes: 0 })
  })
})

test('a failed sync stops the trail for good, because nothing may build on what may not be on disk', async () => {
  using place = createTrailFolder()
  const disk = createCountingDisk()
  await using trail = await place.open({ disk })
  await trail.record([accessEvent()])
  disk.before = (operation) => {
    if (operation === 'sync') throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
  }
  const refused = await Promise.allSettled([
    trail.record([accessEvent()]),
    Promise.resolve().then(() => trail.record([accessEvent()])),
  ])
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  disk.before = () => {}
  await expect(trail.record([accessEvent()])).rejects.toMatchObject({ lasts: 'UNTIL_RESTART' })
  expect(await place.verify()).toMatchObject({ events: 1, break: null })
})

test('the trail refuses to write to a file that is open for reading only', async () => {
  using place = createTrailFolder()
  const readOnly: TrailDisk = {
    ...fileSystem,
    async open(file, mode) {
      const handle = await fileSystem.open(file, mode)
      if (mode === 'OVERWRITE') return handle
      const reading = await open(file, 'r')
      return {
        ...handle,
        write: async (bytes, position) => void (await reading.write(bytes, 0, bytes.length, position)),
        close: () => Promise.all([handle.close(), reading.close()]).then(),
      }
    },
  }
  await using trail = await place.open({ disk: readOnly })
  await expect(trail.record([accessEvent()])).rejects.toMatchObject({
    code: 'AUDIT_UNAVAILABLE',
    cause: { code: 'EBADF' },
  })
  expect(await place.lines()).toEqual([])
})

test('a closed trail has written what was recorded before, and refuses later events', async () => {
  using place = createTrailFolder()
  const trail = await place.open()
  const recorded = trail.record([accessEvent()])
  await trail.close()
  await recorded
  await expect(trail.record([accessEvent()])).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' })
  expect(await place.verify()).toMatchObject({ events: 1, break: null })
})

test('a second process with the same writer id does not fork the chain, because the first to notice stops', async () => {
  using place = createTrailFolder()
  await using one = await place.open()
  await one.record([accessEvent()])
  await using other = await place.open()
  await other.record([accessEvent()])
  await expect(one.record([accessEvent()])).rejects.toMatchObject({
    lasts: 'UNTIL_RESTART',
    message: expect.stringContaining('another process'),
  })
  await other.record([accessEvent()])
  expect(await place.verify()).toMatchObject({ events: 3, break: null })
})

test('a folder that cannot be created stops the start', async () => {
  using place = createTrailFolder()
  writeFileSync(join(place.folder, 'file'), '')
  await expect(place.open({ folder: join(place.folder, 'file') })).rejects.toThrow(
    'expected a folder that can be written, found a file in the place of the folder',
  )
})

test('an error of the trail names no patient', async () => {
  using place = createTrailFolder()
  const disk = createCountingDisk()
  await using trail = await place.open({ disk })
  disk.before = () => {
    throw createDiskFullError()
  }
  const error = await trail.record([accessEvent({ nhsNumber: '9990000018' })]).catch((reason: unknown) => reason)
  expect(String(error)).toContain('cannot be written')
  expect(String(error)).not.toContain('9990000018')
})
