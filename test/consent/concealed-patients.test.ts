import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Publication } from '../../subgraphs/store/record-store.ts'
import { readEvents } from '../support/audit/read-events.ts'
import { learnKnownFacts } from '../support/consent-bypass/access-paths.ts'
import { concealedRecord, concealments } from '../support/consent-bypass/concealments.ts'
import { selectAll } from '../support/consent-bypass/query-shapes.ts'
import { findSecrets, secretRecord, slugs } from '../support/consent-bypass/secrets.ts'
import { describeTimings, measureInterleaved, probabilityOfLonger } from '../support/consent-bypass/timings.ts'
import { numberOf } from '../support/store/publications.ts'
import { createTestService } from '../support/store/test-service.ts'
import { type System, startSystem } from '../support/system.ts'

/** Timings of each kind; TIMINGS=1000 for a report, which takes three minutes. */
const rounds = Number(process.env.TIMINGS ?? 30)
/** How far from evens a guess by time may come: five standard errors. */
const largestBias = (5 * 0.41) / Math.sqrt(rounds)
/** Before this nothing leaves a store that shows nothing, in milliseconds. */
const stepMs = 5

const occasions = [
  'null',
  '{ relationship: ATTENDING }',
  '{ relationship: CLAIMED, purpose: EMERGENCY, reason: SAFEGUARDING }',
]
const codeOf = {
  'cheshire-merseyside': 'CHESHIRE_MERSEYSIDE',
  'lancashire-south-cumbria': 'LANCASHIRE_SOUTH_CUMBRIA',
} as const
const open = 0

/** Whom each concealment conceals, and a number beside it that no region has seen. */
const cases = concealments.map((concealment, index) => ({ ...concealment, concealed: index + 1, unknown: index + 101 }))

const view = selectAll('Patient', 'named fragments', (field) => field !== 'records')
const document = selectAll('Document', 'named fragments')

/** Everything that can be asked of a number, by its name. */
function asksOf(n: number, region: string, access: string): Readonly<Record<string, string>> {
  const number = numberOf(n)
  const input = `nhsNumber: "${number}", region: ${region}`
  const glass = (barrier: string, reason: string) =>
    `mutation { breakGlass(input: { ${input}, barrier: ${barrier}, reason: ${reason}, justification: "Unconscious in resus" }) { status message grant until breakGlass { barrier reasons } } }`
  const permission = (basis: string) =>
    `mutation { recordPermission(input: { ${input}, basis: ${basis} }) { status message until region { code } } }`
  return {
    patient: `{ patient(nhsNumber: "${number}", access: ${access}) { ${view.fields} records { __typename nhsNumber } } } ${view.fragments}`,
    'patient, by birth date': `{ patient(nhsNumber: "${number}", access: ${access}, birthDate: "1980-02-03") { ${view.fields} } } ${view.fragments}`,
    patients: `{ patients(nhsNumbers: ["${numberOf(open)}", "${number}", "${numberOf(open)}"], access: ${access}) { ${view.fields} } } ${view.fragments}`,
    'breakGlass of a permission': glass('PERMISSION', 'EMERGENCY'),
    'breakGlass of an opt-out': glass('OPT_OUT', 'VITAL_INTERESTS'),
    'breakGlass of what is very restricted': glass('CONFIDENTIALITY', 'EMERGENCY'),
    'recordPermission for a day': permission('CARE_EPISODE_24_HOURS'),
    'recordPermission for an inpatient': permission('INPATIENT_STAY_7_DAYS'),
    'patient, after that': `{ patient(nhsNumber: "${number}", access: ${access}) { ${view.fields} } } ${view.fragments}`,
    withdrawPermission: `mutation { withdrawPermission(input: { ${input} }) { status message until } }`,
  }
}

describe('a concealed patient, compared with a number never seen', () => {
  let system: System
  const documentIds = new Map<number, readonly string[]>()
  // One instant for all, so that what ends when is the same in every answer.
  const startedAtMs = Date.now()

  beforeAll(async () => {
    system = await startSystem({ limited: false, now: () => startedAtMs })
    for (const slug of slugs) await system.store(slug).publish([secretRecord(slug, open)])
    for (const { region, concealed } of cases) await system.store(region).publish([secretRecord(region, concealed)])
    for (const { concealed } of cases)
      documentIds.set(concealed, (await learnKnownFacts(system, concealed, await system.token())).documentIds)
    for (const one of cases) await system.store(one.region).publish(concealedRecord(one, one.concealed))
  })
  afterAll(() => system[Symbol.asyncDispose]())

  /**
   * All that comes back, byte for byte, but what differs between any two answers; the number asked stands as NUMBER.
   */
  const ask = async (query: string, token: string, n: number) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const response = await fetch(`${system.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
    const body = await response.text()
    expect(response.headers.get('content-length') ?? String(Buffer.byteLength(body))).toBe(
      String(Buffer.byteLength(body)),
    )
    const told = [...response.headers]
      .filter(([name]) => !['date', 'content-length', 'x-request-id'].includes(name))
      .map(([name, value]) => [name, name === 'server-timing' ? value.replace(/dur=[\d.]+/g, 'dur=…') : value])
    return `${response.status} ${JSON.stringify(told)} ${body.replaceAll(numberOf(n), 'NUMBER').replace(/"(asOf|latencyMs|url)":("[^"]*"|[\d.]+)/g, '"$1":"…"')}`
  }

  describe.each(cases)('$name in $region', ({ region, role, concealed, unknown }) => {
    test.each(occasions)(
      "a concealed patient's answers equal those of a number never seen, with the access %s",
      async (access) => {
        const token = await system.token({ role })
        const known = asksOf(concealed, codeOf[region], access)
        const never = asksOf(unknown, codeOf[region], access)
        for (const [name, text] of Object.entries(known)) {
          const answer = await ask(text, token, concealed)
          expect(answer, name).toBe(await ask(never[name] ?? '', token, unknown))
          expect([answer.slice(0, 3), findSecrets(answer, concealed)], name).toEqual(['200', []])
        }
      },
    )

    test.each(occasions)(
      "a concealed patient's documents answer as ids never seen, with the access %s",
      async (access) => {
        const token = await system.token({ role })
        const look = (id: string) =>
          ask(
            `{ document(id: "${id}", access: ${access}) { status message document { ${document.fields} } } } ${document.fragments}`,
            token,
            concealed,
          )
        const ids = documentIds.get(concealed) ?? []
        expect(ids.length).toBeGreaterThan(0)
        for (const id of ids) expect(await look(id)).toBe(await look('bmV2ZXIgc2VlbiBoZXJlLg'))
      },
    )

    test('the audit trail records a concealed patient as it records a number never seen', async () => {
      const events = await readEvents(system, 'VIEW', 'BREAK_GLASS', 'PERMISSION')
      for (const n of [concealed, unknown])
        expect(new Set(events.filter(({ nhsNumber }) => nhsNumber === numberOf(n)).map(({ kind }) => kind)).size).toBe(
          3,
        )
    })
  })
})

describe('response times', () => {
  /** Several of each, lest one patient's own number of rows tell. */
  const some = 5
  const numbers = (kind: number) => Array.from({ length: some }, (_, index) => numberOf(10 + kind * some + index))
  const never = 'a number never seen'
  const kindsOf = (role: string) =>
    concealments.filter((one) => one.region === 'cheshire-merseyside' && one.role === role)

  const publish = async (role: string, publishAll: (publications: readonly Publication[]) => Promise<unknown>) => {
    const first = 10
    for (const [kind, one] of kindsOf(role).entries())
      for (let n = first + kind * some; n < first + (kind + 1) * some; n++) await publishAll(concealedRecord(one, n))
  }
  const measure = async (role: string, look: (nhsNumber: string) => Promise<unknown>) => {
    const names = [...kindsOf(role).map(({ name }) => name), never]
    const things = Object.fromEntries(
      names.map((name, kind) => [name, (round: number) => look(numbers(kind)[round % some] ?? '')] as const),
    )
    await measureInterleaved(things, some)
    return measureInterleaved(things, rounds)
  }
  const report = (door: string, taken: Readonly<Record<string, readonly number[]>>) => {
    for (const [name, timings] of Object.entries(taken)) {
      const chance = probabilityOfLonger(timings, taken[never] ?? [])
      if (process.env.TIMINGS)
        console.log(`${door}: ${name}, ${describeTimings(timings)}; longer in ${(chance * 100).toFixed(1)} % of pairs`)
      expect(Math.abs(chance - 0.5), `${door}: ${name}`).toBeLessThan(largestBias)
    }
  }
  const now = () => startedAtMs
  const startedAtMs = Date.now()

  /** e-Xchange's own door, with one viewer's headers. */
  const openStore = async (role: string, relationship: 'ATTENDING' | null) => {
    const service = await createTestService({ now })
    await publish(role, (publications) => service.publish(...publications))
    const headers = {
      'content-type': 'application/json',
      ...(await service.headers({ role, context: { relationship } })),
    }
    const ask = async (query: string) =>
      (
        await service.service.fetch(
          new Request('http://store/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) }),
        )
      ).text()
    return { ask, [Symbol.asyncDispose]: service[Symbol.asyncDispose] }
  }

  test.each([
    ['R0050', 'ATTENDING'],
    ['R0050', null],
    ['R8010', 'ATTENDING'],
  ] as const)(
    "a store's response time does not reveal a concealed patient: role %s, access %s",
    async (role, relationship) => {
      await using store = await openStore(role, relationship)
      const look = (nhsNumber: string) =>
        store.ask(
          `{ exchangeView(nhsNumbers: ["${nhsNumber}"]) { patients { askedNhsNumber nhsNumber sensitive decision { code rules } record { problems { nodes { id } } } } } }`,
        )
      const taken = await measure(role, look)
      report(`store, ${role}, ${relationship ?? 'nothing'}`, taken)
      expect(Math.min(...Object.values(taken).flat())).toBeGreaterThanOrEqual(stepMs)
    },
  )

  test("the gateway's response time does not reveal a concealed patient", async () => {
    await using system = await startSystem()
    await publish('R0050', (publications) => system.store('cheshire-merseyside').publish(publications))
    const token = await system.token()
    const taken = await measure('R0050', (nhsNumber) =>
      system.query(
        `{ patient(nhsNumber: "${nhsNumber}", access: { relationship: ATTENDING }) { presence problems { nodes { id } } } }`,
        {},
        token,
      ),
    )
    report('gateway', taken)
  })

  test('a store pads its response to a change or a document to at least one time step', async () => {
    await using store = await openStore('R0050', 'ATTENDING')
    const decision = 'decision { done code }'
    for (const nhsNumber of [numbers(0)[0], numberOf(300)]) {
      for (const text of [
        `mutation { recordPermission(nhsNumber: "${nhsNumber}", basis: CARE_EPISODE_24_HOURS) { ${decision} } }`,
        `mutation { withdrawPermission(nhsNumber: "${nhsNumber}") { ${decision} } }`,
        `mutation { breakGlass(nhsNumber: "${nhsNumber}", barrier: PERMISSION, reason: EMERGENCY, justification: "Unconscious in resus") { ${decision} } }`,
        `{ exchangeDocuments(ids: ["${nhsNumber}"]) { id nhsNumber } }`,
      ]) {
        const { it = [] } = await measureInterleaved(
          { it: async () => expect(await store.ask(text)).not.toContain('errors') },
          5,
        )
        expect(Math.min(...it), text).toBeGreaterThanOrEqual(stepMs)
      }
    }
  })
})
