import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, asyncProperty, constantFrom, nat, oneof, record, tuple } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { printLine } from '../../gateway/audit/chain-line.ts'
import { listTrailFiles } from '../../gateway/audit/trail-files.ts'
import { toHeadSlot } from '../../gateway/audit/trail-head.ts'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder, secrets, type TrailFolder } from '../support/audit/trail-folder.ts'

const eventCount = 24
let original: TrailFolder
let lines: readonly string[]
let linesPerFile: readonly number[]

beforeAll(async () => {
  original = createTrailFolder()
  await using trail = await original.open({ rotateBytes: 5000 })
  for (let index = 0; index < eventCount; index++) await trail.record([accessEvent({ items: index })])
  lines = (await original.lines()).map((line) => `${line}\n`)
  linesPerFile = (await original.files()).map((file) => readFileSync(file, 'utf8').split('\n').length - 1)
})
afterAll(() => original[Symbol.dispose]())

/** What verifying finds in a copy of the trail that was tampered with; the line counts over all files, from 0. */
async function findBreak(tamper: (files: readonly string[]) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'share2care-tampered-'))
  try {
    await cp(original.folder, folder, { recursive: true })
    const files = (await listTrailFiles(folder, 'gateway-1')).map(({ path }) => path)
    await tamper(files)
    const [report] = await verifyTrail({ folder, secrets })
    const found = report?.break
    if (!found)
      return { reason: null, line: Number.POSITIVE_INFINITY, sequence: null, unconfirmed: report?.unconfirmed }
    const remaining = (await listTrailFiles(folder, 'gateway-1')).map(({ path }) => path)
    const before = await Promise.all(
      remaining
        .slice(0, remaining.indexOf(found.file))
        .map(async (file) => (await readFile(file, 'utf8')).split('\n').length - 1),
    )
    return {
      reason: found.reason,
      line: before.reduce((sum, count) => sum + count, 0) + (found.line ?? 1) - 1,
      sequence: found.sequence,
      unconfirmed: report?.unconfirmed,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes other lines in place of all, as many to each file as before, the last file taking what is over. */
function replaceLines(replaced: readonly string[]) {
  return async (files: readonly string[]) => {
    let from = 0
    for (const [index, file] of files.entries()) {
      const to = index === files.length - 1 ? replaced.length : from + (linesPerFile[index] ?? 0)
      await writeFile(file, replaced.slice(from, to).join(''))
      from = to
    }
  }
}

/** The same event, changed and hashed anew by somebody who knows how. */
function forge(line: string | undefined, changes: object): string {
  const { hash: _, ...link } = JSON.parse(line ?? '')
  return printLine({ ...link, ...changes }).line
}

const at = (index: number) => nat(index - 1)

/** Each tampering: what is done, and the first line that it touches. */
const tamperings = oneof(
  record({ line: at(eventCount), byte: nat(), value: nat(255) }).map(({ line, byte, value }) => {
    const bytes = Buffer.from(lines[line] ?? '')
    const position = byte % bytes.length
    bytes[position] = bytes[position] === value ? value ^ 1 : value
    return {
      what: 'a byte changed',
      line,
      isBytes: true,
      tamper: (files: readonly string[]) => overwriteLine(files, line, bytes),
    }
  }),
  at(eventCount).map((line) => ({ what: 'an event removed', line, tamper: replaceLines(lines.toSpliced(line, 1)) })),
  tuple(at(eventCount), at(eventCount)).map(([from, to]) => ({
    what: 'an event copied',
    line: to,
    tamper: replaceLines(lines.toSpliced(to, 0, lines[from] ?? '')),
  })),
  tuple(at(eventCount), at(eventCount - 1)).map(([one, step]) => {
    const other = (one + 1 + step) % eventCount
    return {
      what: 'two events exchanged',
      line: Math.min(one, other),
      tamper: replaceLines(lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '')),
    }
  }),
  tuple(at(eventCount), at(eventCount - 1)).map(([from, step]) => {
    const to = (from + 1 + step) % eventCount
    return {
      what: 'an event moved',
      line: Math.min(from, to),
      tamper: replaceLines(lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? '')),
    }
  }),
  at(eventCount).map((line) => ({
    what: 'an event changed and hashed anew',
    line,
    tamper: replaceLines(lines.with(line, forge(lines[line], { event: accessEvent() }))),
  })),
  at(eventCount).map((line) => ({
    what: 'a forged event put before one',
    line,
    tamper: replaceLines(lines.toSpliced(line, 0, forge(lines[line], { event: accessEvent() }))),
  })),
  at(eventCount).map((line) => ({ what: 'a tail cut off', line, tamper: replaceLines(lines.slice(0, line)) })),
  constantFrom(0, 1, 2, 3).map((file) => ({
    what: 'a file removed',
    line: firstLineOf(file),
    tamper: async (files: readonly string[]) => rm(files[file] ?? ''),
  })),
  constantFrom(0, 1, 2, 3).map((file) => ({
    what: 'a file emptied',
    line: firstLineOf(file),
    tamper: async (files: readonly string[]) => writeFile(files[file] ?? '', ''),
  })),
)

function firstLineOf(file: number): number {
  return linesPerFile.slice(0, file).reduce((sum, count) => sum + count, 0)
}

async function overwriteLine(files: readonly string[], line: number, bytes: Buffer): Promise<void> {
  const file = linesPerFile.findIndex((count, index) => line < firstLineOf(index) + count)
  const before = Buffer.byteLength(lines.slice(firstLineOf(file), line).join(''))
  const whole = await readFile(files[file] ?? '')
  await writeFile(
    files[file] ?? '',
    Buffer.concat([whole.subarray(0, before), bytes, whole.subarray(before + bytes.length)]),
  )
}

test('verification names a break at or before whatever is changed, removed, copied, moved, forged or cut off', async () => {
  expect(linesPerFile.length).toBeGreaterThan(3)
  await assert(
    asyncProperty(tamperings, async ({ what, line, tamper }) => {
      const found = await findBreak(tamper)
      expect(found.reason, what).not.toBeNull()
      expect(found.line, what).toBeLessThanOrEqual(line)
    }),
    { numRuns: 200 },
  )
})

test.each([
  [
    'a changed event',
    'CHANGED',
    10,
    () => replaceLines(lines.with(9, (lines[9] ?? '').replace('"items":9', '"items":0'))),
  ],
  [
    'a changed space',
    'CHANGED',
    10,
    () => replaceLines(lines.with(9, (lines[9] ?? '').replace('"items":9', '"items": 9'))),
  ],
  ['a removed event', 'REMOVED', 10, () => replaceLines(lines.toSpliced(9, 1))],
  ['an event inserted again later', 'INSERTED', 4, () => replaceLines(lines.toSpliced(9, 0, lines[3] ?? ''))],
  [
    'a forged event',
    'INSERTED',
    10,
    () => replaceLines(lines.toSpliced(9, 0, forge(lines[9], { event: accessEvent() }))),
  ],
  [
    'two events exchanged',
    'REORDERED',
    10,
    () => replaceLines(lines.with(9, lines[10] ?? '').with(10, lines[9] ?? '')),
  ],
  ['an event hashed anew', 'CHANGED', 10, () => replaceLines(lines.with(9, forge(lines[9], { event: accessEvent() })))],
  ['a cut tail', 'CUT_TAIL', 21, () => replaceLines(lines.slice(0, 20))],
  [
    'the chain of another writer',
    'INSERTED',
    10,
    () => replaceLines(lines.with(9, forge(lines[9], { writer: 'gateway-2' }))),
  ],
])('verification calls %s by its name', async (_, reason, sequence, tamper) => {
  expect(await findBreak(tamper())).toMatchObject({ reason, sequence })
})

test('verification finds by its head a chain rehashed from some event to its end', async () => {
  const rewritten = [...lines]
  let previous = JSON.parse(lines[8] ?? '').hash
  for (let index = 9; index < eventCount; index++) {
    rewritten[index] = forge(lines[index], { previous, ...(index === 9 ? { event: accessEvent({ items: 0 }) } : {}) })
    previous = JSON.parse(rewritten[index] ?? '').hash
  }
  expect(await findBreak(replaceLines(rewritten))).toMatchObject({ reason: 'CHANGED', sequence: eventCount })
})

test('verification finds a head made without the secret, and a missing head', async () => {
  const shorter = { sequence: 20, hash: JSON.parse(lines[19] ?? '').hash }
  const forged = toHeadSlot(shorter, 'gateway-1', new Uint8Array(32))
  const headOf = (files: readonly string[]) => join(files[0] ?? '', '..', 'head')
  const cutAndForge = async (files: readonly string[]) => {
    await replaceLines(lines.slice(0, 20))(files)
    await writeFile(headOf(files), Buffer.concat([forged, forged]))
  }
  expect(await findBreak(cutAndForge)).toMatchObject({ reason: 'HEAD_CHANGED' })
  expect(await findBreak((files) => rm(headOf(files)))).toMatchObject({ reason: 'HEAD_MISSING' })
})

test('verification reports an event added after the head, and does not count it as a break', async () => {
  const last = JSON.parse(lines[eventCount - 1] ?? '')
  const added = forge(lines[eventCount - 1], { sequence: eventCount + 1, previous: last.hash })
  expect(await findBreak(replaceLines([...lines, added]))).toMatchObject({ reason: null, unconfirmed: 1 })
})

test('verification finds a trail put back to an earlier state, with its head, by a head noted elsewhere', async () => {
  using place = createTrailFolder()
  const recordOne = async () => {
    await using trail = await place.open()
    await trail.record([accessEvent()])
    return trail.head
  }
  await recordOne()
  const earlier = mkdtempSync(join(tmpdir(), 'share2care-earlier-'))
  await cp(place.folder, earlier, { recursive: true })
  const noted = { writer: 'gateway-1', ...(await recordOne()) }
  expect(await verifyTrail({ folder: place.folder, secrets, expected: [noted] })).toMatchObject([{ break: null }])
  expect(await verifyTrail({ folder: earlier, secrets })).toMatchObject([{ break: null }])
  expect(await verifyTrail({ folder: earlier, secrets, expected: [noted] })).toMatchObject([
    { break: { reason: 'CUT_TAIL', sequence: 2 } },
  ])
  await rm(join(earlier, 'gateway-1'), { recursive: true })
  expect(await verifyTrail({ folder: earlier, secrets, expected: [noted] })).toMatchObject([
    { writer: 'gateway-1', break: { reason: 'CUT_TAIL', sequence: 1 } },
  ])
  rmSync(earlier, { recursive: true })
})
