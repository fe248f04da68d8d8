import { cpSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { printBreak } from '../../gateway/audit/chain-break.ts'
import { pruneTrail } from '../../gateway/audit/prune-trail.ts'
import { retireWriter } from '../../gateway/audit/retire-writer.ts'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder, secrets, type TrailFolder } from '../support/audit/trail-folder.ts'

/** Lets a writer record some events, and end in order. */
async function write(place: TrailFolder, writer: string, events = 2): Promise<void> {
  await using trail = await place.openRegistered({ writer })
  for (let index = 0; index < events; index++) await trail.record([accessEvent()])
}

/** A trail on which two gateways have recorded. */
async function createPair(): Promise<TrailFolder> {
  const place = createTrailFolder()
  await write(place, 'gateway-1')
  await write(place, 'gateway-2')
  return place
}

/** Every break that verifying finds, by writer. */
async function breaksOf({ folder }: TrailFolder, options: Partial<Parameters<typeof verifyTrail>[0]> = {}) {
  const reports = await verifyTrail({ folder, secrets, ...options })
  return Object.fromEntries(reports.flatMap(({ writer, break: found }) => (found ? [[writer, found.reason]] : [])))
}

async function refusalOf(place: TrailFolder, writer = 'gateway-1'): Promise<string> {
  const refusal: unknown = await place.openRegistered({ writer }).then(
    (trail) => trail.close(),
    (cause: unknown) => cause,
  )
  if (refusal === undefined) return ''
  expect(refusal).toBeInstanceOf(StartupError)
  return refusal instanceof Error ? refusal.message : ''
}

test('a trail of registered writers verifies, and the command says where each writer ends', async () => {
  using place = await createPair()
  expect(
    (await verifyTrail({ folder: place.folder, secrets })).map(({ writer, events, break: found }) => [
      writer,
      events,
      found,
    ]),
  ).toEqual([
    ['register', 2, null],
    ['gateway-1', 2, null],
    ['gateway-2', 2, null],
  ])
  expect(await refusalOf(place)).toBe('')
})

describe('damage to a writer’s folder', () => {
  const at = (place: TrailFolder, ...names: readonly string[]) => join(place.folder, ...names)
  const cases: readonly (readonly [string, (place: TrailFolder) => void, Readonly<Record<string, string>>])[] = [
    ['deleted', (place) => rmSync(at(place, 'gateway-2'), { recursive: true }), { 'gateway-2': 'WRITER_MISSING' }],
    [
      'renamed',
      (place) => renameSync(at(place, 'gateway-2'), at(place, 'gateway-3')),
      { 'gateway-2': 'WRITER_MISSING', 'gateway-3': 'NOT_REGISTERED' },
    ],
    [
      'moved elsewhere, a link in its place',
      (place) => {
        const elsewhere = `${place.folder}-elsewhere`
        renameSync(at(place, 'gateway-2'), elsewhere)
        symlinkSync(elsewhere, at(place, 'gateway-2'))
      },
      { 'gateway-2': 'LINKED' },
    ],
    ['emptied', (place) => emptyFolder(at(place, 'gateway-2')), { 'gateway-2': 'CUT_TAIL' }],
    [
      'emptied, with what the register keeps of it',
      (place) => {
        emptyFolder(at(place, 'gateway-2'))
        rmSync(at(place, 'register', 'gateway-2.head'))
      },
      { 'gateway-2': 'HEAD_MISSING' },
    ],
    [
      'copied under another name',
      (place) => cpSync(at(place, 'gateway-2'), at(place, 'gateway-3'), { recursive: true }),
      { 'gateway-3': 'NOT_REGISTERED' },
    ],
    ['a stray file beside it', (place) => writeFileSync(at(place, 'notes.txt'), ''), { 'notes.txt': 'FOREIGN' }],
    [
      'a stray file in it',
      (place) => writeFileSync(at(place, 'gateway-2', 'head.bak'), ''),
      { 'gateway-2': 'FOREIGN' },
    ],
    ['a folder in it', (place) => mkdirSync(at(place, 'gateway-2', 'old')), { 'gateway-2': 'FOREIGN' }],
    [
      'a linked file in it',
      (place) => symlinkSync('/etc/hostname', at(place, 'gateway-2', '000000000009-2026-01-01.jsonl')),
      { 'gateway-2': 'LINKED' },
    ],
    [
      'its head linked from elsewhere',
      (place) => linkSync(at(place, 'gateway-2', 'head'), `${place.folder}-head`),
      { 'gateway-2': 'LINKED' },
    ],
    ['a stray file in the register', (place) => writeFileSync(at(place, 'register', 'x'), ''), { register: 'FOREIGN' }],
    [
      'the register deleted',
      (place) => rmSync(at(place, 'register'), { recursive: true }),
      { 'gateway-1': 'REGISTER_MISSING', 'gateway-2': 'REGISTER_MISSING' },
    ],
    [
      'the register and a writer deleted',
      (place) => {
        rmSync(at(place, 'register'), { recursive: true })
        rmSync(at(place, 'gateway-2'), { recursive: true })
      },
      { 'gateway-1': 'REGISTER_MISSING' },
    ],
  ]

  test.each(cases)('verification names the damage, and no gateway starts: %s', async (_, harm, expected) => {
    using place = await createPair()
    harm(place)
    try {
      expect(await breaksOf(place)).toEqual(expected)
      for (const writer of ['gateway-1', 'gateway-9'])
        expect(await refusalOf(place, writer)).toContain(`Audit trail of ${Object.keys(expected)[0]}: `)
    } finally {
      for (const rest of ['elsewhere', 'head']) rmSync(`${place.folder}-${rest}`, { recursive: true, force: true })
    }
  })
})

test('verification finds a writer put back to an earlier state by the head in the register, and the start fails', async () => {
  using place = await createPair()
  const earlier = `${place.folder}-earlier`
  await cp(join(place.folder, 'gateway-2'), earlier, { recursive: true })
  await write(place, 'gateway-2', 3)
  await rm(join(place.folder, 'gateway-2'), { recursive: true })
  renameSync(earlier, join(place.folder, 'gateway-2'))
  expect(await breaksOf(place)).toEqual({ 'gateway-2': 'CUT_TAIL' })
  for (const writer of ['gateway-1', 'gateway-2'])
    expect(await refusalOf(place, writer)).toMatch(
      /^Audit trail of gateway-2: CUT_TAIL .*sequence 3: the chain ends at 2, and went on to 5\./,
    )
})

test('a trail older than the register opens, registers its writers once with a log line, and verifies before and after', async () => {
  using place = createTrailFolder()
  for (const writer of ['gateway-1', 'gateway-2']) {
    await using trail = await place.open({ writer })
    await trail.record([accessEvent()])
  }
  expect(await breaksOf(place)).toEqual({})
  const found: string[][] = []
  const onFound = (writers: readonly string[]) => found.push([...writers])
  for (const writer of ['gateway-2', 'gateway-3', 'gateway-2'])
    await (await place.openRegistered({ writer, onFound })).close()
  expect(found).toEqual([['gateway-1', 'gateway-2']])
  expect(await breaksOf(place)).toEqual({})
  rmSync(join(place.folder, 'gateway-1'), { recursive: true })
  expect(await breaksOf(place)).toEqual({ 'gateway-1': 'WRITER_MISSING' })
})

test('gateways that start at the same time are all registered', async () => {
  using place = createTrailFolder()
  const writers = Array.from({ length: 6 }, (_, n) => `gateway-${n}`)
  const trails = await Promise.all(writers.map((writer) => place.openRegistered({ writer })))
  await Promise.all(trails.map((trail) => trail.record([accessEvent()])))
  await Promise.all(trails.map((trail) => trail.close()))
  expect(await breaksOf(place)).toEqual({})
  rmSync(join(place.folder, 'gateway-4'), { recursive: true })
  expect(await breaksOf(place)).toEqual({ 'gateway-4': 'WRITER_MISSING' })
})

describe('a retired writer', () => {
  test('a retired writer may be missing, lets other gateways start, and does not start again', async () => {
    using place = await createPair()
    rmSync(join(place.folder, 'gateway-2'), { recursive: true })
    expect(await retireWriter({ folder: place.folder, secrets }, 'gateway-2')).toEqual({
      kind: 'RETIREMENT',
      writer: 'gateway-2',
      head: null,
    })
    expect(await breaksOf(place)).toEqual({})
    expect(await refusalOf(place, 'gateway-1')).toBe('')
    expect(await refusalOf(place, 'gateway-2')).toMatch(
      /^Audit trail of gateway-2: this writer was retired on 20.*AUDIT_WRITER/,
    )
    await expect(retireWriter({ folder: place.folder, secrets }, 'gateway-2')).rejects.toThrow(
      'expected a writer that is not retired',
    )
    await expect(retireWriter({ folder: place.folder, secrets }, 'gateway-7')).rejects.toThrow(
      'expected a registered writer (gateway-1, gateway-2), found gateway-7',
    )
  })

  test('a retired writer ends where it was retired, and more events there or at a witness are a break', async () => {
    using place = await createPair()
    const { head } = await retireWriter({ folder: place.folder, secrets }, 'gateway-2')
    expect(head?.sequence).toBe(2)
    expect(await breaksOf(place)).toEqual({})
    await using trail = await place.open({ writer: 'gateway-2', isRegistered: true })
    await trail.record([accessEvent()])
    expect(await breaksOf(place)).toEqual({ 'gateway-2': 'RETIRED' })
    const witnessed = { writer: 'gateway-2', ...trail.head }
    await trail.close()
    rmSync(join(place.folder, 'gateway-2'), { recursive: true })
    expect(await breaksOf(place)).toEqual({})
    expect(await breaksOf(place, { expected: [witnessed] })).toEqual({ 'gateway-2': 'RETIRED' })
  })
})

test('retention drops old files of a registered trail, which verifies and is written afterwards', async () => {
  using place = createTrailFolder()
  let now = Date.parse('2018-01-01T12:00:00Z')
  for (const year of [2018, 2019, 2026]) {
    now = Date.parse(`${year}-01-01T12:00:00Z`)
    await using trail = await place.openRegistered({ now: () => now })
    await trail.record([accessEvent()])
  }
  now = Date.parse('2027-06-01T12:00:00Z')
  expect(
    (await pruneTrail({ folder: place.folder, secrets, keptYears: 8, now: () => now })).map(
      ({ dropped }) => dropped.length,
    ),
  ).toEqual([2])
  expect(await breaksOf(place)).toEqual({})
  expect(await refusalOf(place)).toBe('')
  rmSync(join(place.folder, 'retention'), { recursive: true })
  expect(await breaksOf(place)).toEqual({ 'gateway-1': 'REMOVED', retention: 'WRITER_MISSING' })
})

test('a break has a message in plain words that says what to do', async () => {
  using place = await createPair()
  rmSync(join(place.folder, 'gateway-2'), { recursive: true })
  const [, , report] = await verifyTrail({ folder: place.folder, secrets })
  expect(report?.break && printBreak(report.break)).toBe(
    `WRITER_MISSING at ${join(place.folder, 'gateway-2')}: the writer is registered, and its folder is not there.`,
  )
  expect(await refusalOf(place)).toMatch(
    /Bring its folder back; or say on the trail that it is gone for good: npm run audit -- retire --writer gateway-2\.$/,
  )
})

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
}
