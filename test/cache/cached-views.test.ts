import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import {
  type CachedViewQuery,
  countRequests,
  isFromCache,
  patient,
  readView,
  startCachingSystem,
  untilFeedsAre,
} from '../support/cache/caching-system.ts'
import { breakGlass, consultant } from '../support/consent/broken-glass.ts'
import { item, numberOf, optOut, publication, patient as published } from '../support/store/publications.ts'
import { noon } from '../support/store/test-service.ts'
import type { System } from '../support/system.ts'

const lpres = 'lancashire-south-cumbria'

describe('a view that was answered before', () => {
  let system: System
  beforeAll(async () => {
    system = await startCachingSystem()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  test('a repeated view comes from the cache, says so and from when it is, and the trail records it like any other', async () => {
    const token = await system.token({ person: '801' })
    const since = countRequests(system)
    const first = await readView(system, { token })
    const second = await readView(system, { token })
    expect(since()).toEqual([1, 1])
    expect([isFromCache(first), isFromCache(second)]).toEqual([
      [false, false],
      [true, true],
    ])
    expect(second.regions.map(({ asOf }) => asOf)).toEqual(first.regions.map(({ asOf }) => asOf))
    expect(second.regions.map(({ latencyMs }) => latencyMs)).toEqual([null, null])
    expect(second.allergies).toEqual(first.allergies)
    const events = (await readEvents(system, 'VIEW')).filter(({ person }) => person.id === '801')
    expect(
      events.map(({ region, answeredFrom, latencyMs, status }) => [region, answeredFrom, latencyMs === null, status]),
    ).toEqual([
      ['CHESHIRE_MERSEYSIDE', 'REGION', false, 'ANSWERED'],
      ['LANCASHIRE_SOUTH_CUMBRIA', 'REGION', false, 'ANSWERED'],
      ['CHESHIRE_MERSEYSIDE', 'CACHE', true, 'ANSWERED'],
      ['LANCASHIRE_SOUTH_CUMBRIA', 'CACHE', true, 'ANSWERED'],
    ])
    expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(2)
    expect(events[2]?.decision).toEqual(events[0]?.decision)
  })

  test('a client that requests noCache gets a view read from the regions', async () => {
    const token = await system.token({ person: '802' })
    await readView(system, { token })
    const since = countRequests(system)
    expect(isFromCache(await readView(system, { token, noCache: true }))).toEqual([false, false])
    expect(since()).toEqual([1, 1])
    expect(isFromCache(await readView(system, { token }))).toEqual([true, true])
  })

  test('a cached view is printed anew for another operation, other variables or other names', async () => {
    const token = await system.token({ person: '803' })
    const ask = async (text: string, variables = {}) =>
      (await system.query(text, { n: patient, ...variables }, token)).text
    const texts = [
      'query ($n: NHSNumber!) { patient(nhsNumber: $n) { allergies { nodes { substance { text } } } } }',
      'query ($n: NHSNumber!) { one: patient(nhsNumber: $n) { allergies { nodes { of: substance { text } } } } two: patient(nhsNumber: $n) { allergies { nodes { substance { text } } } } }',
      'query ($n: NHSNumber!, $more: Boolean = false) { patient(nhsNumber: $n) { nhsNumber presence @include(if: $more) allergies { nodes { substance { text } } } } }',
    ]
    const asked = texts.flatMap((text) => [
      [text, {}] as const,
      ...(text.includes('$more') ? [[text, { more: true }] as const] : []),
    ])
    const fresh: string[] = []
    for (const [text, variables] of asked)
      fresh.push(await ask(text.replaceAll('nhsNumber: $n', 'nhsNumber: $n, noCache: true'), variables))
    const since = countRequests(system)
    const twice = async () => {
      const kept: string[] = []
      for (const [text, variables] of asked) kept.push(await ask(text, variables))
      return kept
    }
    expect(await twice()).toEqual(fresh)
    const before = since()
    expect(await twice()).toEqual(fresh)
    expect(await twice()).toEqual(fresh)
    expect(since()).toEqual(before)
    expect(new Set(fresh).size).toBe(asked.length)
  })

  test.each<[string, Parameters<System['token']>[0], CachedViewQuery['access']]>([
    ['another person', { person: '805' }, {}],
    ['another role', { role: 'R0260' }, {}],
    ['another organisation', { organisation: 'RXR' }, {}],
    ['another area of work', { areaOfWork: 'Genito-urinary Medicine' }, {}],
    ['another purpose', {}, { purpose: 'EMERGENCY' }],
    ['another reason', {}, { reason: 'MENTAL_HEALTH_CARE' }],
    ['another relationship', {}, { relationship: 'CLAIMED' }],
    ['a supervisor', {}, { supervisor: '999' }],
  ])('a cached view is not shown to %s, who gets a cached answer only the second time', async (_, viewer, access) => {
    const person = '804'
    await readView(system, { token: await system.token({ person }) })
    const token = await system.token({ person, ...viewer })
    const since = countRequests(system)
    const first = await readView(system, { token, ...(access ? { access } : {}) })
    expect(isFromCache(first)).toEqual([false, false])
    const asked = first.regions.map(({ latencyMs }) => (latencyMs === null ? 0 : 1))
    expect(since()).toEqual(asked)
    const permitted = first.regions.map(({ decision }) => decision?.code === 'PERMITTED')
    expect(isFromCache(await readView(system, { token, ...(access ? { access } : {}) }))).toEqual(permitted)
  })

  test('a list of patients takes cached views from the cache, and requests only the others from the regions', async () => {
    const token = await system.token({ person: '806' })
    const ward = async (...nhsNumbers: readonly string[]) => {
      const text =
        '($n: [NHSNumber!]!) { patients(nhsNumbers: $n) { askedNhsNumber allergies { nodes { substance { text } } } completeness { regions { fromCache } } } }'
      const { data } = await system.query(`query ${text}`, { n: nhsNumbers }, token)
      return data.patients.map(({ askedNhsNumber, completeness }: Ward) => [
        askedNhsNumber,
        ...completeness.regions.map((region) => region.fromCache),
      ])
    }
    const others = ['9990000425', '9990000328'] as const
    expect(await ward(patient)).toEqual([[patient, false, false]])
    expect(await ward(others[0], patient, others[1])).toEqual([
      [others[0], false, false],
      [patient, true, true],
      [others[1], false, false],
    ])
    const since = countRequests(system)
    expect(await ward(others[1], others[0])).toEqual([
      [others[1], true, true],
      [others[0], true, true],
    ])
    expect(since()).toEqual([0, 0])
  })
})

interface Ward {
  readonly askedNhsNumber: string
  readonly completeness: { readonly regions: readonly { readonly fromCache: boolean }[] }
}

describe('views that are never cached', () => {
  let system: System
  beforeAll(async () => {
    system = await startCachingSystem()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  test('the cache holds no answer under broken glass, and the trail records each under its grant', async () => {
    const token = await system.token(consultant)
    const claimed = { token, access: { relationship: 'CLAIMED' } }
    const grant = await breakGlass(system)
    await vi.waitFor(async () =>
      expect((await readView(system, claimed)).regions[0]?.decision).toEqual({ code: 'OVERRIDDEN', grant }),
    )
    const since = countRequests(system)
    for (let times = 0; times < 3; times++) expect(isFromCache(await readView(system, claimed))[0]).toBe(false)
    expect(since()[0]).toBe(3)
    const events = (await readEvents(system, 'VIEW')).filter(
      ({ region, person }) => region === 'CHESHIRE_MERSEYSIDE' && person.id === consultant.person,
    )
    expect(events.slice(-3).map(({ answeredFrom, authority }) => [answeredFrom, authority])).toEqual(
      Array(3).fill(['REGION', { kind: 'GRANT', id: grant }]),
    )
  })

  test('the cache holds no refusal, so a recorded permission takes effect at once', async () => {
    const token = await system.token({ ...consultant, person: '811', organisation: 'RXR' })
    const claimed = { token, access: { relationship: 'CLAIMED' } }
    expect((await readView(system, claimed)).regions[0]).toMatchObject({
      status: 'PERMISSION_REQUIRED',
      fromCache: false,
    })
    const since = countRequests(system)
    expect((await readView(system, claimed)).regions[0]).toMatchObject({
      status: 'PERMISSION_REQUIRED',
      fromCache: false,
    })
    expect(since()[0]).toBe(1)
  })

  test('the cache holds neither unknown numbers nor flagged patients, concealed or shown', async () => {
    for (const nhsNumber of ['9990009996', '9990000514']) {
      const asking = { nhsNumber, access: { relationship: 'REFERRED' } }
      await readView(system, asking)
      const since = countRequests(system)
      expect(isFromCache(await readView(system, asking))).toEqual([false, false])
      expect(since()).toEqual([1, 1])
    }
  })

  test('the cache holds no very restricted content seen under broken glass, and holds what others see without it', async () => {
    const nhsNumber = '9990000336'
    const [breaker, other] = [await system.token({ person: '812' }), await system.token({ person: '813' })]
    const ask = async (token: string) => {
      const text = `{ patient(nhsNumber: "${nhsNumber}") { completeness { regions { fromCache } } documents(first: 100) { nodes { sources { region } } } } }`
      const { completeness, documents } = (await system.query(text, {}, token)).data.patient
      return { kept: completeness.regions[0].fromCache, documents: documents.nodes.length }
    }
    expect((await ask(breaker)).kept).toBe(false)
    const input = `{ nhsNumber: "${nhsNumber}", region: CHESHIRE_MERSEYSIDE, barrier: CONFIDENTIALITY, reason: EMERGENCY, justification: "Unconscious in resus" }`
    expect(
      (await system.query(`mutation { breakGlass(input: ${input}) { status } }`, {}, breaker)).data.breakGlass.status,
    ).toBe('DONE')
    await vi.waitFor(async () => expect((await ask(other)).kept).toBe(true))
    const without = await ask(other)
    for (let times = 0; times < 3; times++)
      expect(await ask(breaker)).toEqual({ kept: false, documents: without.documents + 1 })
    expect(await ask(other)).toEqual({ kept: true, documents: without.documents })
  })
})

describe('a change', () => {
  let system: System
  beforeAll(async () => {
    system = await startCachingSystem()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  /**
   * What is kept, looked at again and again until it shows the change: never later than three seconds after it was
   * committed.
   */
  const seen = async (
    asking: CachedViewQuery,
    commit: () => Promise<unknown>,
    shows: (found: Awaited<ReturnType<typeof readView>>) => boolean,
  ) => {
    // What was published before may still be told.
    const kept = await vi.waitFor(async () => {
      const found = await readView(system, asking)
      expect(found.regions.some((region) => region.fromCache)).toBe(true)
      return found
    })
    expect(shows(kept)).toBe(false)
    // Whole answers are kept, too, from the second on that came out of the cache.
    expect(shows(await readView(system, asking))).toBe(false)
    await commit()
    const committedAtMs = performance.now()
    for (let begunAtMs = committedAtMs; ; begunAtMs = performance.now()) {
      if (shows(await readView(system, asking))) return
      expect(begunAtMs - committedAtMs).toBeLessThan(3000)
    }
  }

  test('a viewer sees a newly published item at once, although the view was cached', async () => {
    const nhsNumber = numberOf(501)
    const publish = (name: string) =>
      system
        .store(lpres)
        .publish([publication({ patients: [published(501)], items: [item('allergies', name, { nhsNumber })] })])
    await publish('first')
    const asking = { nhsNumber, access: { relationship: 'CLAIMED' } }
    await seen(
      asking,
      () => publish('second'),
      ({ allergies }) => allergies.length === 2,
    )
  })

  test('an opt-out, and its end, take effect on a cached view at once', async () => {
    const nhsNumber = numberOf(502)
    const publish = (active: boolean, lastUpdated: string) =>
      system
        .store(lpres)
        .publish([
          publication({ patients: [published(502)], optOuts: [optOut('out', { nhsNumber, active, lastUpdated })] }),
        ])
    await publish(false, '2026-01-01T00:00:00Z')
    await seen(
      { nhsNumber, access: { relationship: 'CLAIMED' } },
      () => publish(true, '2026-01-02T00:00:00Z'),
      ({ regions }) => regions[1]?.decision?.code === 'REFUSED_OPT_OUT',
    )
    await publish(false, '2026-01-03T00:00:00Z')
    expect(
      (await readView(system, { nhsNumber, access: { relationship: 'CLAIMED' } })).regions[1]?.decision?.code,
    ).toBe('PERMITTED')
  })

  test('a withdrawn permission closes a cached view at once', async () => {
    await seen(
      {},
      () =>
        system.query(
          `mutation { withdrawPermission(input: { nhsNumber: "${patient}", region: CHESHIRE_MERSEYSIDE }) { status } }`,
        ),
      ({ regions }) => regions[0]?.decision?.code === 'PERMISSION_REQUIRED',
    )
  })

  test('the viewer who is given a grant sees its effect at once', async () => {
    const nhsNumber = '9990000336'
    const token = await system.token({ person: '821' })
    await seen(
      { nhsNumber, token },
      async () => {
        const input = `{ nhsNumber: "${nhsNumber}", region: CHESHIRE_MERSEYSIDE, barrier: CONFIDENTIALITY, reason: EMERGENCY, justification: "Unconscious in resus" }`
        const { data } = await system.query(`mutation { breakGlass(input: ${input}) { status } }`, {}, token)
        expect(data.breakGlass.status).toBe('DONE')
      },
      ({ regions }) => regions[0]?.decision?.code === 'OVERRIDDEN',
    )
  })

  test('a change under the number in force shows at once under the number that it supersedes', async () => {
    const [earlier, inForce] = [numberOf(503), numberOf(504)]
    const publish = (name: string) =>
      system.store(lpres).publish([
        publication({
          patients: [published(504, { supersedes: [earlier] })],
          items: [item('allergies', name, { nhsNumber: inForce })],
        }),
      ])
    await publish('third')
    await seen(
      { nhsNumber: earlier, access: { relationship: 'CLAIMED' } },
      () => publish('fourth'),
      ({ allergies }) => allergies.length === 2,
    )
  })
})

test("a cached reply of a region that is gone is shown for three seconds at most, and the other region's stays", async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  await using system = await startCachingSystem()
  await readView(system)
  await system.stop(lpres)
  const stoppedAtMs = performance.now()
  let shownAtMs = 0
  await vi.waitFor(
    async () => {
      const begunAtMs = performance.now()
      const [here, gone] = (await readView(system)).regions
      expect(here?.fromCache).toBe(true)
      if (gone?.fromCache) shownAtMs = begunAtMs
      expect(gone).toMatchObject({ status: 'UNREACHABLE', fromCache: false, asOf: null })
    },
    { timeout: 10_000, interval: 20 },
  )
  expect(shownAtMs).toBeGreaterThan(stoppedAtMs)
  expect(shownAtMs - stoppedAtMs).toBeLessThan(3000)
  // What was kept before is not shown when it is back.
  await system.restart(lpres)
  await untilFeedsAre(system, [true, true])
  expect(isFromCache(await readView(system))).toEqual([true, false])
  expect(isFromCache(await readView(system))).toEqual([true, true])
}, 30_000)

test("a cached reply lasts as long as its region says, and each answer's content URL five minutes", async () => {
  let nowMs = noon
  await using system = await startCachingSystem({ now: () => nowMs })
  const nhsNumber = '9990000328'
  const token = await system.token()
  const ask = async () => {
    const text = `{ patient(nhsNumber: "${nhsNumber}") { completeness { regions { fromCache } } documents(filter: { status: [CURRENT, SUPERSEDED] }) { nodes { content { url } } } } }`
    const { data, errors } = await system.query(text, {}, token)
    expect(errors).toEqual([])
    const urls: readonly string[] = data.patient.documents.nodes.flatMap(
      ({ content }: { content: { url: string } | null }) => (content ? [content.url] : []),
    )
    return { kept: data.patient.completeness.regions.map((region: { fromCache: boolean }) => region.fromCache), urls }
  }
  const open = async (url: string | undefined) =>
    (await fetch(url ?? '', { headers: { authorization: `Bearer ${token}` } })).status
  const first = await ask()
  nowMs += 20_000
  const second = await ask()
  nowMs += 30_000
  const third = await ask()
  expect([first.kept, second.kept, third.kept]).toEqual([
    [false, false],
    [true, true],
    [true, true],
  ])
  expect(first.urls.length).toBeGreaterThan(1)
  // e-Xchange lets a list stand for a minute, LPRES for two.
  nowMs += 15_000
  expect((await ask()).kept).toEqual([false, true])
  nowMs += 60_000
  expect((await ask()).kept).toEqual([false, false])
  nowMs += 210_000
  const opened = async (urls: readonly string[]) => Promise.all(urls.map(open))
  expect(await opened(first.urls)).toEqual(first.urls.map(() => 410))
  expect(await opened(second.urls)).toEqual(first.urls.map(() => 410))
  expect(await opened(third.urls)).toEqual(first.urls.map(() => 200))
})
