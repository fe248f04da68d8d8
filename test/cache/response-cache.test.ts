import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createFlaggedPatients } from '../../gateway/consent/flagged-patients.ts'
import { createResponseStore } from '../../gateway/operation/response-cache.ts'
import { createCoherentReplyCache } from '../../gateway/regions/coherent-reply-cache.ts'
import { createRequestCoalescer } from '../../gateway/regions/request-coalescer.ts'
import { createCountingDisk } from '../support/audit/counting-disk.ts'
import { createFailingDisk } from '../support/audit/failing-disk.ts'
import { readEvents } from '../support/audit/read-events.ts'
import {
  countRequests,
  isFromCache,
  patient,
  readView,
  startCachingSystem,
  untilFeedsAre,
  viewQuery,
} from '../support/cache/caching-system.ts'
import { createModelRegion } from '../support/cache/model-region.ts'
import { toIdentity, viewerOf } from '../support/cache/model-viewer.ts'
import { createVirtualClock } from '../support/cache/virtual-clock.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'
import { item, numberOf, publication, patient as published } from '../support/store/publications.ts'
import type { System } from '../support/system.ts'

/** Asks until the answer is kept whole: of the regions, of what is kept of them, and once more. */
const lookThrice = async (...asked: Parameters<typeof readView>) => {
  await readView(...asked)
  await readView(...asked)
  return readView(...asked)
}

describe('a repeated response', () => {
  let system: System
  beforeAll(async () => {
    system = await startCachingSystem()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  test('a repeated response is the same, calls no region, and is on the trail each time under its own request', async () => {
    const token = await system.token({ person: '901' })
    await readView(system, { token })
    const since = countRequests(system)
    const [second, third, fourth] = [
      await readView(system, { token }),
      await readView(system, { token }),
      await readView(system, { token }),
    ]
    expect([third.text, fourth.text]).toEqual([second.text, second.text])
    expect(isFromCache(fourth)).toEqual([true, true])
    expect(since()).toEqual([0, 0])
    const events = (await readEvents(system, 'VIEW')).filter(({ person }) => person.id === '901')
    expect(events.map(({ region, answeredFrom }) => [region, answeredFrom])).toEqual(
      [false, true, true, true].flatMap((isKept) =>
        ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'].map((region) => [region, isKept ? 'CACHE' : 'REGION']),
      ),
    )
    expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(4)
    const { requestId: _, ...assembled } = events[2] ?? {}
    const { requestId: __, ...again } = events[6] ?? {}
    expect(again).toEqual({ ...assembled })
  })

  test('a repeated response counts in the metrics as complete views and cached replies', async () => {
    const token = await system.token({ person: '902' })
    const countOf = async (name: string) => {
      const text = await (await fetch(new URL('/metrics', system.url))).text()
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(name))
          ?.split(' ')[1] ?? 0,
      )
    }
    const names = [
      'gateway_views_total{complete="true"}',
      'gateway_cache_lookups_total{region="CHESHIRE_MERSEYSIDE",outcome="hit"}',
      'gateway_cache_hit_age_seconds_count',
    ]
    await lookThrice(system, { token })
    const before = await Promise.all(names.map(countOf))
    await readView(system, { token })
    expect(await Promise.all(names.map(countOf))).toEqual(before.map((count, index) => count + (index === 2 ? 2 : 1)))
  })

  test.each<[string, Parameters<System['token']>[0]]>([
    ['another token of the same person', { person: '903' }],
    ['another person', { person: '904' }],
    ['another role', { person: '903', role: 'R0001' }],
  ])('a cached response is not given to %s', async (_, viewer) => {
    await lookThrice(system, { token: await system.token({ person: '903' }) })
    const token = await system.token(viewer)
    const events = async () => (await readEvents(system, 'VIEW')).at(-1)?.person.id
    await readView(system, { token })
    expect(await events()).toBe(viewer?.person)
    const { data } = await system.query('{ viewer { id role { code } } }', {}, token)
    expect(data.viewer).toMatchObject({ id: viewer?.person, role: { code: viewer?.role ?? 'R0050' } })
  })

  test("the response cache holds nothing that belongs to one request: content URLs, the viewer, the regions' health", async () => {
    const token = await system.token({ person: '905' })
    const asking = `{ patient(nhsNumber: "${patient}") { documents { nodes { content { url } } } } viewer { id } regions { health { feedConnected } } }`
    const texts: string[] = []
    for (let times = 0; times < 4; times++) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1000 })
      texts.push((await system.query(asking, {}, token)).text)
      vi.useRealTimers()
    }
    expect(texts.every((text) => text.includes('/documents/'))).toBe(true)
    expect(new Set(texts).size).toBe(4)
  })

  test('a viewer whose token has expired gets no cached response', async () => {
    let nowMs = Date.now()
    await using other = await startCachingSystem({ now: () => nowMs })
    const token = await other.token({ person: '906' })
    await lookThrice(other, { token })
    nowMs += 13 * 3_600_000
    expect((await other.query('{ viewer { id } }', {}, token)).status).toBe(401)
  })

  test('a cached response lasts no longer than the replies that it is made of', async () => {
    let nowMs = Date.now()
    await using other = await startCachingSystem({ now: () => nowMs })
    const token = await other.token({ person: '907' })
    await lookThrice(other, { token })
    nowMs += 61_000
    await untilFeedsAre(other, [true, true])
    const since = countRequests(other)
    expect(isFromCache(await readView(other, { token }))).toEqual([false, true])
    expect(since()).toEqual([1, 0])
  })

  test("no cached response is given while a region's feed is disconnected", async () => {
    await using other = await startCachingSystem()
    const token = await other.token({ person: '908' })
    await lookThrice(other, { token })
    await other.stop('lancashire-south-cumbria')
    await untilFeedsAre(other, [true, false])
    expect((await readView(other, { token })).regions.map(({ status }) => status)).toEqual(['ANSWERED', 'UNREACHABLE'])
  })

  test('a cached response shows no location once a region flags the patient under a number in force that another region states', async () => {
    await using other = await startCachingSystem({ people: false })
    const [inForce, earlier] = [50, 51]
    await other
      .store('cheshire-merseyside')
      .publish([publication({ patients: [published(inForce, { supersedes: [numberOf(earlier)] })] })])
    await other
      .store('lancashire-south-cumbria')
      .publish([publication({ patients: [published(earlier), published(inForce)] })])
    const token = await other.token()
    const asking = `{ patient(nhsNumber: "${numberOf(earlier)}") { completeness { regions { fromCache } } demographics { locationProtected address { lines } } } }`
    const ask = async () => (await other.query(asking, {}, token)).data.patient
    await vi.waitFor(async () =>
      expect((await ask()).completeness.regions).toEqual([{ fromCache: true }, { fromCache: true }]),
    )
    expect([(await ask()).demographics.locationProtected, (await ask()).demographics.locationProtected]).toEqual([
      false,
      false,
    ])
    const fields = { version: 2, lastUpdated: '2030-01-01T00:00:00Z' }
    await other
      .store('lancashire-south-cumbria')
      .publish([publication({ patients: [published(inForce, { sensitive: true, fields })] })])
    await vi.waitFor(async () => expect((await ask()).demographics).toEqual({ locationProtected: true, address: null }))
    expect((await ask()).demographics).toEqual({ locationProtected: true, address: null })
  })

  test('a cached response is not sent when its audit event cannot be written', async () => {
    const disk = createFailingDisk()
    await using other = await startCachingSystem({ auditDisk: disk })
    const token = await other.token({ person: '909' })
    await lookThrice(other, { token })
    disk.state = 'full'
    const { data, errors } = await other.query(viewQuery, { n: patient, noCache: false }, token)
    expect([data ?? null, errors[0]?.extensions.code]).toEqual([null, 'AUDIT_UNAVAILABLE'])
    disk.state = 'sound'
    expect(isFromCache(await readView(other, { token }))).toEqual([true, true])
  })
})

describe('a response that the disk delays', () => {
  test('a response is made anew when a change of its patient arrives before the audit event is written', async () => {
    const disk = createCountingDisk()
    await using other = await startCachingSystem({ people: false, auditDisk: disk })
    const nhsNumber = numberOf(60)
    await other.store('cheshire-merseyside').publish([publication({ patients: [published(60)] })])
    const publish = (name: string) =>
      other
        .store('lancashire-south-cumbria')
        .publish([publication({ patients: [published(60)], items: [item('allergies', name, { nhsNumber })] })])
    await publish('first')
    const token = await other.token({ person: '910' })
    await vi.waitFor(async () => expect(isFromCache(await readView(other, { nhsNumber, token }))).toEqual([true, true]))
    await readView(other, { nhsNumber, token })
    const { promise: free, resolve: letGo } = Promise.withResolvers<void>()
    const { promise: held, resolve: isHeld } = Promise.withResolvers<void>()
    disk.before = (operation) => {
      if (operation !== 'sync') return
      isHeld()
      return free
    }
    const asked = readView(other, { nhsNumber, token })
    await held
    await publish('second')
    await vi.waitFor(async () =>
      expect(await (await fetch(new URL('/metrics', other.url))).text()).toMatch(/^gateway_cache_entries 1$/m),
    )
    letGo()
    const { allergies, regions } = await asked
    expect([allergies.length, regions[1]?.fromCache]).toEqual([2, false])
  })
})

describe('the store of responses', () => {
  test('the response store stays within its bytes and holds the most recently requested responses', () => {
    const memory = createResponseStore<{ readonly name: string }>(100_000)
    const holder = {}
    for (let n = 0; n < 100; n++) {
      memory.set(holder, `body ${n}`, { name: `answer ${n}` }, 10_000)
      memory.get(holder, 'body 0')
    }
    const kept = Array.from({ length: 100 }, (_, n) => memory.get(holder, `body ${n}`)).filter(
      (answer) => answer !== undefined,
    )
    expect(kept.length).toBe(8)
    expect(kept[0]).toEqual({ name: 'answer 0' })
  })

  test('the response store separates token holders who have the same attributes', () => {
    const memory = createResponseStore<object>(100_000)
    const [one, other] = [{ id: '1' }, { id: '1' }]
    memory.set(one, 'body', { name: 'answer' }, 1)
    expect([memory.get(one, 'body'), memory.get(other, 'body')]).toEqual([{ name: 'answer' }, undefined])
  })

  test('the response store holds nothing under a limit of zero bytes', () => {
    const memory = createResponseStore<object>(0)
    const holder = {}
    memory.set(holder, 'body', {}, 1)
    expect(memory.get(holder, 'body')).toBeUndefined()
  })
})

test('the fingerprint of cached replies does not keep the replies in memory', async () => {
  const [region] = threeRegions
  if (!region) throw new Error('Expected a region')
  const viewer = viewerOf('0')
  const nhsNumber = '9990000018'
  const timetable = createVirtualClock(0)
  const cache = createCoherentReplyCache({
    regions: [region.code],
    isCurrent: () => true,
    maxBytes: 100_000,
    now: () => timetable.nowMs,
  })
  const shared = createRequestCoalescer({ cache, now: () => timetable.nowMs })
  const model = createModelRegion(region, timetable)
  model.commit(nhsNumber, (state) => ({ ...state, known: true }))
  const ask = { nhsNumbers: [nhsNumber], context: viewer.context, sections: [], records: null, noCache: false }
  const asking = () =>
    shared.fetch(model.client, [ask], {
      holder: viewer.holder,
      credentials: async () => ({ viewer: viewer.holder.id, token: toIdentity(viewer), assertion: '' }),
    })
  await timetable.runNow(() => void asking())
  await timetable.advance(1000)
  const { stillHolds, reply } = await (async () => {
    const [outcome] = await asking()
    if (outcome?.status !== 'REPLIED' || !outcome.isStillValid) throw new Error('Expected a kept reply')
    return { stillHolds: outcome.isStillValid, reply: new WeakRef(outcome.view.patients[0] as object) }
  })()
  expect(stillHolds()).toBe(true)
  cache.clearRegion(region.code)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await vi.waitFor(() => {
    collect()
    // An error that bears it would hold it.
    expect(reply.deref() === undefined).toBe(true)
  })
  expect(stillHolds()).toBe(false)
})

test("a region's flags stay in force for a day of silence, and a patient whom it flagged stays flagged for longer", () => {
  let silentForMs = 0
  const {
    isFlagged,
    flagsReplaced: flagged,
    patientChanged: changed,
  } = createFlaggedPatients({ silentForMs: () => silentForMs })
  expect(isFlagged('A', '1')).toBeNull()
  flagged('A', new Set(['1']))
  changed('A', '2', 1, true)
  changed('A', '1', 2)
  silentForMs = 23 * 3_600_000
  expect(['1', '2', '3'].map((one) => isFlagged('A', one))).toEqual([true, true, false])
  silentForMs = 25 * 3_600_000
  expect(['1', '2', '3'].map((one) => isFlagged('A', one))).toEqual([true, true, null])
  expect(isFlagged('B', '1')).toBeNull()
})
