import { generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import type { AccessEvent } from '../../gateway/audit/audit-event.ts'
import { readEntries } from '../../gateway/audit/read-entries.ts'
import { createContentTickets } from '../../gateway/documents/content-tickets.ts'
import { createGateway } from '../../gateway/gateway.ts'
import type { TokenHolder } from '../../schema/access-token.ts'
import { type ContentRelease, contentReleaseHeader, printContentRelease } from '../../schema/content-release.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { createTrailFolder, secrets } from '../support/audit/trail-folder.ts'
import { inRole, nhsNumber, viewer } from '../support/consent/view-as.ts'
import { type StubRegion, type StubReply, startStubRegion } from '../support/http/stub-region.ts'
import { releaseDecision } from '../support/patient-view/release-decision.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const noon = Date.parse('2026-11-22T12:00:00Z')
const context = { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null } as const
const { privateKey } = await generateKeyPair('Ed25519')

interface System extends AsyncDisposable {
  readonly exchange: StubRegion
  readonly lpres: StubRegion
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by the schema
  query(text: string): Promise<any>
  /** Opens a document's content by a url that was given to this viewer. */
  open(region: string): Promise<Response>
  events(): Promise<readonly AccessEvent[]>
}

/** The gateway for one viewer, over two regions that answer as they are told to. */
async function start(
  holder: TokenHolder,
  exchangeAnswer: StubReply,
  lpresAnswer: StubReply = exchangeAnswer,
): Promise<System> {
  const [exchange, lpres] = [await startStubRegion(exchangeAnswer), await startStubRegion(lpresAnswer)]
  const place = createTrailFolder()
  const trail = await place.open()
  const gateway = createGateway({
    regions: loadTestRegions().map((region, index) => ({ ...region, url: index === 0 ? exchange.url : lpres.url })),
    verifyToken: async () => holder,
    assertionKey: { key: privateKey, keyId: 'gateway' },
    secrets,
    trail,
    now: () => noon,
    log: () => {},
  })
  const authorization = 'Bearer token'
  return {
    exchange,
    lpres,
    async query(query) {
      const headers = { 'content-type': 'application/json', authorization }
      const response = await gateway.fetch(
        new Request('http://gateway.test/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) }),
      )
      const { data, errors } = await response.json()
      expect(errors).toBeUndefined()
      return data
    },
    open(region) {
      const ticket = createContentTickets(...secrets).print(
        { region, documentId: 'letter', askedNhsNumber: '9990000018', context, expiresAtMs: noon + 1000 },
        holder,
      )
      return gateway.fetch(new Request(`http://gateway.test/documents/${ticket}`, { headers: { authorization } }))
    },
    async events() {
      const found: AccessEvent[] = []
      for await (const entries of readEntries(place.folder))
        found.push(...entries.map(({ event }) => event as AccessEvent))
      return found
    },
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await exchange[Symbol.asyncDispose]()
      await lpres[Symbol.asyncDispose]()
      place[Symbol.dispose]()
    },
  }
}

const noRecord = {
  askedNhsNumber: nhsNumber,
  nhsNumber: null,
  birthDate: null,
  sensitive: false,
  demographicsWithheld: false,
  retractions: [],
  record: null,
}
/** Knows no document; of the patient, what is decided. */
const graphql =
  (decision = releaseDecision()): StubReply =>
  (_, body) => {
    const view = { sequence: 1, readAt: '2026-11-22T12:00:00.000Z', patients: [{ ...noRecord, decision }] }
    return {
      body: JSON.stringify({
        data: body.includes('query Documents') ? { documents: [{ id: 'letter', nhsNumber: null }] } : { gw_0: view },
      }),
    }
  }

const release: ContentRelease = {
  nhsNumber,
  decision: {
    code: 'OVERRIDDEN',
    rules: ['cm-break-glass'],
    policyVersion: '7',
    grants: ['grant-1'],
    permission: 'permission-1',
    itemRules: ['cm-sealed', 'cm-Ångström'],
    alert: true,
  },
}
const content =
  (status: number, given: ContentRelease | null): StubReply =>
  () => ({
    status,
    headers: { 'content-type': 'text/plain', ...(given ? { [contentReleaseHeader]: printContentRelease(given) } : {}) },
    body: 'Dear colleague',
  })

/** A pharmacist of Lancashire & South Cumbria, whom e-Xchange does not share with. */
const pharmacist = viewer(inRole('R1290', 'RXN'))

test('a document by id is fetched only from regions that admit the viewer, and the others say why they refuse', async () => {
  await using system = await start(pharmacist, graphql())
  const { document } = await system.query('{ document(id: "letter") { status message document { id } } }')
  expect(document).toEqual({
    status: 'REFUSED',
    message: 'No agreement lets e-Xchange share this with you.',
    document: null,
  })
  expect([system.exchange.paths, system.lpres.paths]).toEqual([[], ['/graphql']])
})

test('content is fetched only from a region that admits the viewer, and the trail records a refusal', async () => {
  await using system = await start(pharmacist, content(200, release))
  const refused = await system.open('CHESHIRE_MERSEYSIDE')
  expect([refused.status, (await refused.json()).errors[0].extensions.code]).toEqual([403, 'REFUSED_AGREEMENT'])
  expect([system.exchange.paths, system.lpres.paths]).toEqual([[], []])
  expect((await system.open('LANCASHIRE_SOUTH_CUMBRIA')).status).toBe(200)
  expect(system.lpres.paths).toEqual(['/content/letter'])
  expect(await system.events()).toMatchObject([
    {
      kind: 'DOCUMENT',
      nhsNumber: null,
      status: 'REFUSED',
      decision: { code: 'REFUSED_AGREEMENT', rules: ['cm-agreement'] },
      authority: null,
      alert: false,
    },
    { kind: 'DOCUMENT', nhsNumber, status: 'ANSWERED' },
  ])
})

test("the trail records a region's whole decision on content, and the viewer does not see it", async () => {
  await using system = await start(viewer(), content(200, release))
  const opened = await system.open('CHESHIRE_MERSEYSIDE')
  expect([opened.status, await opened.text(), opened.headers.get(contentReleaseHeader)]).toEqual([
    200,
    'Dear colleague',
    null,
  ])
  expect(await system.events()).toMatchObject([
    {
      nhsNumber,
      documentId: 'letter',
      status: 'ANSWERED',
      items: 1,
      decision: { code: 'OVERRIDDEN', rules: ['cm-break-glass', 'cm-sealed', 'cm-Ångström'], policyVersion: '7' },
      authority: { kind: 'GRANT', id: 'grant-1' },
      alert: true,
    },
  ])
})

test.each<[string, ContentRelease | null, Partial<AccessEvent>]>([
  [
    'of a patient who has opted out since',
    { ...release, decision: { ...release.decision, code: 'REFUSED_OPT_OUT', grants: [], alert: false } },
    { nhsNumber, status: 'REFUSED', authority: null, alert: false },
  ],
  [
    'that an item rule withholds',
    { ...release, decision: { ...release.decision, code: 'PERMITTED', grants: [] } },
    { nhsNumber, status: 'NOT_KNOWN', authority: { kind: 'PERMISSION', id: 'permission-1' } },
  ],
  ['of an unknown document', null, { nhsNumber: null, status: 'NOT_KNOWN', authority: null, alert: false }],
])('content %s gets the same not-found answer, and the trail records the reason', async (_, given, event) => {
  await using system = await start(viewer(), content(404, given))
  const answer = await system.open('CHESHIRE_MERSEYSIDE')
  expect([
    answer.status,
    (await answer.json()).errors[0].extensions.code,
    answer.headers.get(contentReleaseHeader),
  ]).toEqual([404, 'CONTENT_NOT_AVAILABLE', null])
  expect(await system.events()).toMatchObject([
    { ...event, items: 0, decision: { code: given?.decision.code ?? 'PERMITTED' } },
  ])
})

test("the trail records a view's decisions whole, with item rules, authority and alert, disclosed or not", async () => {
  const concealed = releaseDecision({ rules: ['lsc-relationship-known'], itemRules: ['lsc-dead'], alert: true })
  const refused = releaseDecision({
    code: 'PERMISSION_REQUIRED',
    rules: ['cm-permission'],
    breakGlass: [{ barrier: 'PERMISSION', reasons: ['EMERGENCY'] }],
  })
  await using system = await start(viewer(), graphql(refused), graphql(concealed))
  const { patient } = await system.query(
    `{ patient(nhsNumber: "${nhsNumber}") { completeness { regions { status decision { code rules policyVersion grant breakGlass { barrier reasons } } } } } }`,
  )
  expect(patient.completeness.regions).toEqual([
    {
      status: 'PERMISSION_REQUIRED',
      decision: {
        code: 'PERMISSION_REQUIRED',
        rules: ['cm-permission'],
        policyVersion: '1',
        grant: null,
        breakGlass: [{ barrier: 'PERMISSION', reasons: ['EMERGENCY'] }],
      },
    },
    { status: 'NOT_KNOWN', decision: null },
  ])
  expect(await system.events()).toMatchObject([
    {
      kind: 'VIEW',
      status: 'PERMISSION_REQUIRED',
      decision: { code: 'PERMISSION_REQUIRED', rules: ['cm-permission'] },
      authority: null,
      alert: false,
    },
    {
      kind: 'VIEW',
      status: 'NOT_KNOWN',
      decision: { code: 'PERMITTED', rules: ['lsc-relationship-known', 'lsc-dead'] },
      authority: null,
      alert: true,
    },
  ])
})

test('a token limited to emergencies applies when the request states no purpose', async () => {
  await using system = await start(viewer({ purpose: 'EMERGENCY' }), graphql())
  const {
    viewer: who,
    none,
    care,
  } = await system.query(
    `{ viewer { purpose }
       none: patient(nhsNumber: "${nhsNumber}", access: { relationship: CLAIMED, supervisor: "" }) { presence }
       care: patient(nhsNumber: "${nhsNumber}", access: { purpose: DIRECT_CARE }) { completeness { regions { decision { code } } } } }`,
  )
  expect(who.purpose).toBe('EMERGENCY')
  expect(none.presence).toBe('NOT_FOUND')
  expect(care.completeness.regions).toEqual([
    { decision: { code: 'REFUSED_PURPOSE' } },
    { decision: { code: 'REFUSED_PURPOSE' } },
  ])
  const events = await system.events()
  expect(events.map(({ purpose }) => purpose).sort()).toEqual(['DIRECT_CARE', 'DIRECT_CARE', 'EMERGENCY', 'EMERGENCY'])
  // An empty id is none: the trail reads no such event.
  expect(events.every(({ supervisor }) => supervisor === null)).toBe(true)
})

test("every answer has each region's notice and the version of its rules, whoever the patient", async () => {
  await using system = await start(viewer(), graphql())
  const { regions } = await system.query('{ regions { notice health { policyVersion } } }')
  expect(regions).toEqual(
    loadTestRegions().map(({ slug }) => {
      const { settings, version } = loadPolicies({ slug })
      return { notice: settings.notice, health: { policyVersion: version } }
    }),
  )
  expect([system.exchange.paths, system.lpres.paths]).toEqual([['/readyz'], ['/readyz']])
})

test("an operation requests each region's status once, under however many aliases", async () => {
  await using system = await start(viewer(), graphql())
  const { regions, again } = await system.query(
    `{ regions { ${Array.from({ length: 10 }, (_, n) => `h${n}: health { available }`).join(' ')} } again: regions { health { available } } }`,
  )
  expect([regions[0].h0, regions[0].h9, again[1].health]).toEqual(Array(3).fill(again[0].health))
  expect([system.exchange.paths, system.lpres.paths]).toEqual([['/readyz'], ['/readyz']])
})
