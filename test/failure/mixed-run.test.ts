import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPeople } from '../../subgraphs/demo/create-people.ts'
import { readEvents } from '../support/audit/read-events.ts'
import { createExpectations, type ExpectedPatient, type MixedViewer } from '../support/faults/expected-views.ts'
import { startFaultStorm } from '../support/faults/fault-storm.ts'
import {
  canary,
  listFaults,
  type RedirectTarget,
  startRedirectTarget,
  wrongBirthDate,
} from '../support/faults/faults.ts'
import { type FaultySystem, slugs, startFaultySystem } from '../support/faults/faulty-system.ts'
import { findDocumentViolations } from '../support/faults/find-document-violations.ts'
import { findViolations } from '../support/faults/find-violations.ts'
import { startHostileViewer } from '../support/faults/hostile-viewer.ts'
import { type MixedView, mixedFragment } from '../support/faults/mixed-view.ts'
import { measureRetainedMemory } from '../support/faults/retained-memory.ts'

/** `MINUTES=10 npx vitest run test/failure/mixed-run.test.ts` runs for as long. */
const minutes = Number(process.env.MINUTES ?? 0)
const runMs = minutes > 0 ? minutes * 60_000 : 20_000
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)

const timeMs = 400
const deadlineMs = 600
/** What a busy machine may add to the deadline. */
const slackMs = 2000
const viewersAtOnce = 6
/**
 * Heavy requests of one viewer beside these, few in a short run; judged by what they do to the others
 * (`hostile-viewers.test.ts` has them without faults).
 */
const hostileAtOnce = minutes > 0 ? 6 : 1
/** Of these, answers are looked for on the trail as they arrive. */
const lookedUpAtOnce = 8
/**
 * What may be held at the end and not at a quarter, in MiB: what the test itself expects of patients it comes to later,
 * and the cache. A short run has hardly warmed up at a quarter.
 */
const mostGrowth = minutes > 0 ? 64 : 128
const osman = '9990000425'
/** All but the one whose birth date the regions do not agree on: it decides whether anything is shown. */
const patients = createPeople(new Date())
  .map(({ nhsNumber }) => nhsNumber)
  .filter((nhsNumber) => nhsNumber !== '9990000247')

/** Those of whom most viewers are shown much. */
const wellKnown = [
  '9990000018',
  '9990000026',
  '9990000077',
  '9990000093',
  '9990000123',
  '9990000131',
  '9990000182',
  '9990000190',
  '9990000212',
  '9990000255',
  osman,
]

const one = `query Mixed($n: NHSNumber!, $birthDate: PartialDateTime, $noCache: Boolean!) { patient(nhsNumber: $n, birthDate: $birthDate, noCache: $noCache) { ...View } } ${mixedFragment}`
const many = `query Mixed($numbers: [NHSNumber!]!) { patients(nhsNumbers: $numbers) { ...View } } ${mixedFragment}`
const page = `query Mixed($after: String) { patient(nhsNumber: "${osman}", birthDate: "1957-01-09") { completeness { complete regions { region { code } status } }
  page: encounters(first: 10, after: $after, filter: { all: true }) { complete nodes { id } pageInfo { hasNextPage endCursor } } } }`

let faulty: FaultySystem
let elsewhere: RedirectTarget
beforeAll(async () => {
  elsewhere = await startRedirectTarget()
  const resilience = { retries: 1, pauseMs: 10, failuresInRow: 4, suspendMs: 80, longestRetryAfterMs: 150 } as const
  faulty = await startFaultySystem({
    deadlineMs,
    cacheBytes: 8 * 1024 ** 2,
    settings: Object.fromEntries(slugs.map((slug) => [slug, { timeMs, resilience }])),
  })
})
afterAll(async () => {
  await faulty[Symbol.asyncDispose]()
  await elsewhere[Symbol.asyncDispose]()
})

test(
  `\`with faults of every kind in both regions at once, no answer breaks a rule (${runMs / 1000} s, seed ${seed})\``,
  async () => {
    const { system, ask, regions } = faulty
    const random = createRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const pickPatient = () => pick(random() < 0.6 ? wellKnown : patients)
    const expectations = createExpectations(system)
    const viewers = await Promise.all(
      [
        { person: '901' },
        { person: '902', role: 'R0260', organisation: 'P81015' },
        { person: '903', organisation: 'RXN' },
        { person: '904', role: 'R0001' },
      ].map(async (options): Promise<MixedViewer> => ({ person: options.person, token: await system.token(options) })),
    )
    const violations: string[] = []
    const statuses = new Map<string, number>()
    const documentStatuses = new Map<string, number>()
    const answered = new Map<string, number>()
    const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
    let requests = 0
    let walks = 0
    let wholeWalks = 0
    let lookedUp = 0
    let longestMs = 0

    const request = async (viewer: MixedViewer, text: string, variables: Readonly<Record<string, unknown>>) => {
      requests++
      const begunAtMs = performance.now()
      const answer = await ask(text, variables, viewer.token)
      const tookMs = performance.now() - begunAtMs
      longestMs = Math.max(longestMs, tookMs)
      if (tookMs > deadlineMs + slackMs) violations.push(`an answer after ${Math.round(tookMs)} ms`)
      if (answer.errors.length > 0)
        violations.push(`errors: ${answer.errors.map(({ extensions }) => extensions.code).join()}`)
      if (answer.text.includes(canary)) violations.push('8: something that a fault said')
      return answer
    }
    const note = (
      viewer: MixedViewer,
      nhsNumber: string,
      parts: MixedView['completeness']['regions'] | readonly { region: { code: string }; status: string }[],
    ) => {
      for (const { region, status } of parts) {
        count(statuses, status)
        count(answered, `${viewer.person} ${nhsNumber} ${region.code} ${status}`)
      }
    }
    const check = (
      viewer: MixedViewer,
      view: MixedView,
      expected: ExpectedPatient,
      askedNhsNumber: string,
      isBirthDateGiven: boolean,
    ) => {
      note(viewer, askedNhsNumber, view.completeness.regions)
      violations.push(...findViolations(view, expected, { askedNhsNumber, isBirthDateGiven }))
      if (isBirthDateGiven && JSON.stringify(view).includes(wrongBirthDate)) violations.push('3: a wrong birth date')
      // Whose numbers may be in it: those that are when nothing fails.
      const numbers = new Set([askedNhsNumber, ...(JSON.stringify(expected.both).match(/999\d{7}/g) ?? [])])
      for (const number of JSON.stringify(view).match(/(?<!\d)999\d{7}(?!\d)/g) ?? [])
        if (!numbers.has(number)) violations.push("8: another patient's number")
    }

    const lookAtOne = async (viewer: MixedViewer) => {
      const nhsNumber = pickPatient()
      const expected = await expectations(viewer, nhsNumber)
      const isLookedUp = requests % 40 === 7 && lookedUp < lookedUpAtOnce
      const name = isLookedUp ? `Mixed${lookedUp++}` : 'Mixed'
      const { data } = await request(viewer, one.replace('Mixed', name), {
        n: nhsNumber,
        birthDate: expected.birthDate,
        noCache: random() < 0.5,
      })
      if (isLookedUp) {
        const events = (await readEvents(system, 'VIEW')).filter(({ operation }) => operation.name === name)
        if (events.length !== slugs.length)
          violations.push(`9: ${events.length} events on the trail when the answer was there`)
      }
      check(viewer, data.patient, expected, nhsNumber, expected.birthDate !== null)
    }
    const lookAtMany = async (viewer: MixedViewer) => {
      const numbers = [...new Set([pickPatient(), pickPatient(), pickPatient()])]
      const expected = await Promise.all(numbers.map((nhsNumber) => expectations(viewer, nhsNumber)))
      const { data } = await request(viewer, many, { numbers })
      if (data.patients.length !== numbers.length) violations.push('1: a patient of several is missing')
      numbers.forEach((nhsNumber, index) => {
        const one = expected[index]
        if (one) check(viewer, data.patients[index], one, nhsNumber, false)
      })
    }
    const lookForDocuments = async (viewer: MixedViewer) => {
      const expected = await Promise.all(
        [pickPatient(), pickPatient()].map((nhsNumber) => expectations(viewer, nhsNumber)),
      )
      const known = expected
        .flatMap((views) => views.both.documents.nodes.map(({ id }) => [id, views] as const))
        .filter(() => random() < 0.8)
      const asked = [...new Map([...known.slice(0, 8), ['nobodys', null] as const])]
      const text = `query Documents { ${asked.map(([id], index) => `d${index}: document(id: ${JSON.stringify(id)}) { status message document { id sources { region recordedAt } } }`).join(' ')} }`
      const { data } = await request(viewer, text, {})
      asked.forEach(([id, views], index) => {
        const answer = data[`d${index}`]
        count(documentStatuses, answer.status)
        violations.push(...findDocumentViolations(answer, id, views))
      })
    }
    const walk = async (viewer: MixedViewer, everything: ReadonlySet<string>) => {
      walks++
      const seen: string[] = []
      for (let pages = 0, after: string | null = null; pages < 40; pages++) {
        const { data } = await request(viewer, page, { after })
        const { completeness, page: read } = data.patient
        note(viewer, osman, completeness.regions)
        seen.push(...read.nodes.map(({ id }: { id: string }) => id))
        // A region that answered and was not there when it was asked again has not answered for the page.
        const isAnswered = completeness.regions.every(({ status }: { status: string }) => status === 'ANSWERED')
        if ((completeness.complete && !isAnswered) || completeness.complete !== read.complete)
          violations.push('1: completeness of a page')
        after = read.pageInfo.endCursor ?? after
        if (read.pageInfo.hasNextPage) continue
        if (!completeness.complete) break
        wholeWalks++
        if (seen.length !== everything.size)
          violations.push(`4: ${seen.length} encounters in all pages, of ${everything.size}`)
        break
      }
      if (new Set(seen).size !== seen.length) violations.push('4: an encounter twice')
      if (seen.some((id) => !everything.has(id))) violations.push('4: an encounter that is nowhere')
    }

    const [first] = viewers
    if (!first) throw new Error('Expected a viewer')
    const everything = await readEncounters(first)
    const storm = startFaultStorm({ regions: Object.values(regions), faults: listFaults(elsewhere), random, timeMs })
    const endsAtMs = performance.now() + runMs
    let heldAtAQuarter: number | null = null
    const view = async () => {
      while (performance.now() < endsAtMs) {
        if (performance.now() > endsAtMs - runMs * 0.75) heldAtAQuarter ??= measureRetainedMemory()
        const dice = random()
        const viewer = pick(viewers)
        if (dice < 0.6) await lookAtOne(viewer)
        else if (dice < 0.8) await lookAtMany(viewer)
        else if (dice < 0.9) await lookForDocuments(viewer)
        else await walk(first, everything)
      }
    }
    const hostile = startHostileViewer({
      url: faulty.url,
      token: await system.token({ person: '666' }),
      nhsNumbers: wellKnown,
      random: createRandom(seed + 1),
      atOnce: hostileAtOnce,
    })
    await Promise.all(Array.from({ length: viewersAtOnce }, view))
    await hostile.end()
    await storm.end()
    const grown = measureRetainedMemory() - (heldAtAQuarter ?? Number.NaN)

    const onTrail = new Map<string, number>()
    let readAgain = 0
    for (const { operation, person, nhsNumber, region, status } of await readEvents(system, 'VIEW')) {
      if (operation.name?.startsWith('Mixed')) count(onTrail, `${person.id} ${nhsNumber} ${region} ${status}`)
    }
    for (const key of new Set([...answered.keys(), ...onTrail.keys()])) {
      const [answers, events] = [answered.get(key) ?? 0, onTrail.get(key) ?? 0]
      // What was recorded, and was no longer true by then, is read again and recorded again before it is shown
      // (view-resolvers.ts).
      if (events > answers) readAgain += events - answers
      if (events < answers) violations.push(`9: ${events} events on the trail for ${answers} answers`)
    }
    const faults = [...storm.begun.values()].reduce((a, b) => a + b, 0)
    const toText = (counts: ReadonlyMap<string, number>) =>
      [...counts].map(([key, times]) => `${times} ${key}`).join(', ')
    console.log(
      [
        `${requests} requests, longest ${Math.round(longestMs)} ms; regions: ${toText(statuses)}`,
        `${faults} faults: ${toText(storm.begun)}`,
        `${walks} timelines paged, ${wholeWalks} to the end; ${lookedUp} answers looked up on the trail as they came; documents: ${toText(documentStatuses)}`,
        `a hostile viewer was answered ${toText(hostile.outcomes)}`,
        `${Math.round(heldAtAQuarter ?? 0)} MiB held after a quarter, ${Math.round(grown)} more at the end; ${violations.length} violations`,
      ].join('\n'),
    )
    expect([...new Set(violations)].slice(0, 20)).toEqual([])
    // The feed of a machine that is busy with heavy requests falls silent now and then; without them nothing is read
    // again.
    expect(readAgain).toBeLessThanOrEqual(requests / 100)
    expect(elsewhere.visitors).toBe(0)
    for (const line of faulty.logged) expect(line).not.toContain(canary)
    expect(grown).toBeLessThan(mostGrowth)
    // That it was a storm, and that there were answers in it.
    expect(faults).toBeGreaterThan(20)
    for (const status of ['ANSWERED', 'FAILED', 'SUSPENDED', 'TIMED_OUT'])
      expect([...statuses.keys()]).toContain(status)
    for (const status of ['ANSWERED', 'NOT_KNOWN']) expect([...documentStatuses.keys()]).toContain(status)
  },
  // The trail of a long run takes a while to read.
  runMs * 2 + 60_000,
)

describe('the rules that judge views in the mixed run', () => {
  const asking = { askedNhsNumber: '9990000018', isBirthDateGiven: true }
  const judge = async (change: (view: MixedView) => MixedView) => {
    const expected = await createExpectations(faulty.system)(
      { person: '905', token: await faulty.system.token({ person: '905' }) },
      asking.askedNhsNumber,
    )
    return findViolations(change(structuredClone(expected.both)), expected, asking)
  }
  const withRegion = (view: MixedView, changes: Partial<MixedView['completeness']['regions'][number]>): MixedView => ({
    ...view,
    completeness: {
      ...view.completeness,
      regions: view.completeness.regions.map((region, index) => (index === 0 ? { ...region, ...changes } : region)),
    },
  })

  test("the mixed run's rules find no violation in a view without failures", async () => {
    expect(await judge((view) => view)).toEqual([])
  })

  test.each<[string, RegExp, (view: MixedView) => MixedView]>([
    [
      'a region left out',
      /^1: every region/,
      (view) => ({ ...view, completeness: { ...view.completeness, regions: view.completeness.regions.slice(1) } }),
    ],
    [
      'a region that failed in a view that is complete',
      /^1: complete with a region missing/,
      (view) => withRegion(view, { status: 'FAILED' }),
    ],
    [
      'a region that failed, with its items',
      /^3: an item of allergies/,
      (view) => withRegion(view, { status: 'FAILED', asOf: null }),
    ],
    [
      'a status without an explanation',
      /^1: NOT_KNOWN of a region/,
      (view) => withRegion(view, { status: 'NOT_KNOWN', asOf: null }),
    ],
    [
      'a claim of no known allergies beside allergies',
      /^2:/,
      (view) => ({ ...view, allergies: { ...view.allergies, message: 'No known allergies.' } }),
    ],
    ["another patient's number", /^3:/, (view) => ({ ...view, askedNhsNumber: '9990000026' })],
    [
      'a missing item',
      /^4, 5, 6, 8: problems/,
      (view) => ({ ...view, problems: { ...view.problems, nodes: view.problems.nodes.slice(1) } }),
    ],
    [
      'an item twice',
      /^4: an item of results/,
      (view) => ({ ...view, results: { ...view.results, nodes: [...view.results.nodes, ...view.results.nodes] } }),
    ],
    [
      'items oldest first',
      /^6: the order of results/,
      (view) => ({ ...view, results: { ...view.results, nodes: view.results.nodes.toReversed() } }),
    ],
    [
      'an item without a source',
      /^7:/,
      (view) => ({
        ...view,
        documents: { ...view.documents, nodes: view.documents.nodes.map((node) => ({ ...node, sources: [] })) },
      }),
    ],
  ])("the mixed run's rules find %s in a view", async (_, rule, change) => {
    expect(await judge(change)).toContainEqual(expect.stringMatching(rule))
  })
})

describe('the rules that judge documents in the mixed run', () => {
  const sources = (...regions: readonly string[]) => regions.map((region) => ({ region, recordedAt: '2026-01-01' }))
  const views = async () => {
    const { both, ...expected } = await createExpectations(faulty.system)(
      { person: '905', token: await faulty.system.token({ person: '905' }) },
      '9990000018',
    )
    return {
      ...expected,
      both: { ...both, documents: { ...both.documents, nodes: [{ id: 'a', sources: sources('X', 'Y') }] } },
    }
  }
  const shown = { status: 'ANSWERED', message: 'x', document: { id: 'a', sources: sources('X', 'Y') } }

  test("the mixed run's rules find no violation in a document shown whole, nor in one of a failed region", async () => {
    expect(findDocumentViolations(shown, 'a', await views())).toEqual([])
    expect(findDocumentViolations({ status: 'TIMED_OUT', message: 'x', document: null }, 'a', await views())).toEqual(
      [],
    )
  })

  test.each([
    ['a document that no region holds', 'b', shown],
    ['a failed region reported as having none', 'a', { status: 'NOT_KNOWN', message: 'x', document: null }],
    ['an answer without a document', 'a', { status: 'ANSWERED', message: 'x', document: null }],
    ['a source that no region gives', 'a', { ...shown, document: { id: 'a', sources: sources('X', 'Z') } }],
    ['a refusal that no region gives', 'a', { status: 'PERMISSION_REQUIRED', message: 'x', document: null }],
    ['a missing explanation', 'a', { status: 'FAILED', message: '', document: null }],
  ])("the mixed run's rules find %s in a document's answer", async (_, id, answer) => {
    expect(findDocumentViolations(answer, id, await views())).not.toEqual([])
  })
})

async function readEncounters({ token }: MixedViewer): Promise<ReadonlySet<string>> {
  const ids: string[] = []
  for (let after: string | null = null; ; ) {
    const { data } = await faulty.system.query(page.replace('Mixed', 'Expected'), { after }, token)
    const { nodes, pageInfo } = data.patient.page
    ids.push(...nodes.map(({ id }: { id: string }) => id))
    if (!pageInfo.hasNextPage) return new Set(ids)
    after = pageInfo.endCursor
  }
}

/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator, as Numerical Recipes has it). */
function createRandom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
