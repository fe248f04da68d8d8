import { describe, expect, test } from 'vitest'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { readEvents } from '../support/audit/read-events.ts'
import { loadPoliciesThatShowFlagged } from '../support/consent/policies-showing-flagged.ts'
import { findSecrets, secretRecord, slugs } from '../support/consent-bypass/secrets.ts'
import { numberOf, optOut, patient, publication } from '../support/store/publications.ts'
import { type Slug, type System, type SystemOptions, startSystem } from '../support/system.ts'

const n = 10
const minuteMs = 60_000

interface Opened {
  readonly status: number
  /** The error's code; null where there is none. */
  readonly code: string | null
  readonly secrets: readonly string[]
}

interface Reader extends AsyncDisposable {
  readonly system: System
  /** Moves the clock of gateway and stores. */
  pass(ms: number): void
  /** The content url that a viewer is given for the document that this region has. */
  urlOf(slug: Slug, token: string, access?: string, asked?: number): Promise<string>
  open(url: string, token: string, init?: RequestInit): Promise<Opened>
  /** Publishes the patient's record in a region anew. */
  publish(slug: Slug, hiding?: Parameters<typeof secretRecord>[2]): Promise<unknown>
  /** What the trail says of the last content that a region was asked for. */
  lastEvent(): Promise<unknown>
}

const shown = (slug: Slug): Opened => ({
  status: 200,
  code: null,
  secrets: [slug === 'cheshire-merseyside' ? 'cm-content' : 'lsc-content'],
})
const notAvailable: Opened = { status: 404, code: 'CONTENT_NOT_AVAILABLE', secrets: [] }
const expired: Opened = { status: 410, code: 'CONTENT_URL_EXPIRED', secrets: [] }

/** Both regions with a record of one patient, of whom all is released to the tests' viewer. */
async function start(options: Pick<SystemOptions, 'storePolicies'> = {}): Promise<Reader> {
  const clock = { nowMs: Date.now() }
  const system = await startSystem({ ...options, now: () => clock.nowMs })
  const publish: Reader['publish'] = (slug, hiding) => system.store(slug).publish([secretRecord(slug, n, hiding)])
  for (const slug of slugs) await publish(slug)
  return {
    system,
    publish,
    pass: (ms) => {
      clock.nowMs += ms
    },
    async urlOf(slug, token, access = 'null', asked = n) {
      const { data } = await system.query(
        `{ patient(nhsNumber: "${numberOf(asked)}", access: ${access}) { documents { nodes { title content { url } } } } }`,
        {},
        token,
      )
      const [secret] = shown(slug).secrets
      const node = data.patient.documents.nodes.find(
        ({ title, content }: { title: string; content: unknown }) =>
          content && title.startsWith(secret?.split('-')[0] ?? ''),
      )
      return node?.content.url ?? expect.fail(`${slug} gave no url`)
    },
    async open(url, token, init = {}) {
      const response = await fetch(url, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })
      const body = await response.text()
      const code = body.startsWith('{') ? JSON.parse(body).errors[0].extensions.code : null
      return { status: response.status, code, secrets: findSecrets(body, n) }
    },
    async lastEvent() {
      const [event] = (await readEvents(system, 'DOCUMENT')).slice(-1)
      return event
    },
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}

describe.each(slugs)('a content URL of %s', (slug) => {
  test('a content URL does not open for another person, nor for the same person in another role or organisation', async () => {
    await using reader = await start()
    const url = await reader.urlOf(slug, await reader.system.token())
    const before = reader.system.requests()
    for (const other of [{ person: '555000000077' }, { role: 'R0260' }, { organisation: 'RBN' }]) {
      const token = await reader.system.token(other)
      expect(await reader.open(url, token), JSON.stringify(other)).toEqual(notAvailable)
      expect(await reader.open(url, token, { headers: { range: 'bytes=0-3' } }), JSON.stringify(other)).toEqual(
        notAvailable,
      )
    }
    expect(reader.system.requests()).toEqual(before)
    expect(await reader.open(url, await reader.system.token())).toEqual(shown(slug))
  })

  test('a content URL opens for five minutes, and no longer', async () => {
    await using reader = await start()
    const token = await reader.system.token()
    const url = await reader.urlOf(slug, token)
    reader.pass(5 * minuteMs - 1)
    expect(await reader.open(url, token)).toEqual(shown(slug))
    reader.pass(1)
    const before = reader.system.requests()
    expect(await reader.open(url, token)).toEqual(expired)
    expect(await reader.open(url, token, { headers: { range: 'bytes=0-3' } })).toEqual(expired)
    expect(reader.system.requests()).toEqual(before)
  })

  test.each([
    ['an opt-out', { optsOut: true }, { status: 'REFUSED', decision: { code: 'REFUSED_OPT_OUT' } }],
    ['a seal', { item: { labels: ['SEALED'] } }, { status: 'NOT_KNOWN', decision: { code: 'PERMITTED' } }],
    ['a retraction', { item: { lifecycle: 'retracted' } }, { status: 'NOT_KNOWN' }],
    ["doubt about the patient's number", { patient: { verification: '02' } }, { status: 'NOT_KNOWN' }],
    [
      'the news of a death long ago',
      { patient: { fields: { deceased: true, deceasedAt: '2020' } } },
      { status: 'NOT_KNOWN' },
    ],
    ['a flag', { patient: { sensitive: true } }, { status: 'NOT_KNOWN' }],
  ] as const)(
    'a content URL opens nothing after %s, whatever range is requested, and the trail records the refusal',
    async (_, hiding, event) => {
      await using reader = await start()
      const token = await reader.system.token()
      const url = await reader.urlOf(slug, token, '{ relationship: ATTENDING }')
      expect(await reader.open(url, token)).toEqual(shown(slug))
      expect(await reader.lastEvent()).toMatchObject({ status: 'ANSWERED', nhsNumber: numberOf(n), items: 1 })
      await reader.publish(slug, hiding)
      for (const range of [undefined, 'bytes=0-3', 'bytes=-1', 'bytes=100000-']) {
        expect(await reader.open(url, token, range === undefined ? {} : { headers: { range } }), range).toEqual(
          notAvailable,
        )
        expect(await reader.lastEvent(), range).toMatchObject({
          ...event,
          items: 0,
          region: slug === 'cheshire-merseyside' ? 'CHESHIRE_MERSEYSIDE' : 'LANCASHIRE_SOUTH_CUMBRIA',
        })
      }
      const events = await readEvents(reader.system, 'DOCUMENT')
      expect(events.map(({ status }) => status)).toEqual(['ANSWERED', ...Array(4).fill(event.status)])
    },
  )

  test('a content URL opens nothing when its ticket was altered or rewritten', async () => {
    await using reader = await start()
    const token = await reader.system.token()
    const url = await reader.urlOf(slug, token)
    const before = reader.system.requests()
    for (const ticket of alteredTickets(url.slice(url.lastIndexOf('/') + 1)))
      expect(await reader.open(`${reader.system.url}/documents/${ticket}`, token), ticket).toEqual(notAvailable)
    expect(reader.system.requests()).toEqual(before)
    expect(await readEvents(reader.system, 'DOCUMENT')).toEqual([])
  })

  test('a content URL answers GET alone, and another method reaches no region', async () => {
    await using reader = await start()
    const token = await reader.system.token()
    const url = await reader.urlOf(slug, token)
    const before = reader.system.requests()
    for (const method of ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, secrets } = await reader.open(url, token, { method })
      expect([status, secrets], method).toEqual([405, []])
    }
    expect(reader.system.requests()).toEqual(before)
  })
})

/** With a character changed, here and there; and with its MAC before a payload that says more. */
function alteredTickets(ticket: string): readonly string[] {
  const bytes = Buffer.from(ticket, 'base64url')
  const [mac, payload] = [bytes.subarray(0, 16), JSON.parse(bytes.subarray(16).toString())]
  const changes = [
    { documentId: 'bmV2ZXIgc2VlbiBoZXJlLg' },
    { region: payload.region === 'CHESHIRE_MERSEYSIDE' ? 'LANCASHIRE_SOUTH_CUMBRIA' : 'CHESHIRE_MERSEYSIDE' },
    { expiresAtMs: 9_999_999_999_999 },
    { context: { ...payload.context, relationship: 'CLAIMED' } },
  ]
  const places = Array.from({ length: Math.ceil(ticket.length / 7) }, (_, index) => index * 7)
  return [
    ...places.map((at) => `${ticket.slice(0, at)}${ticket[at] === 'A' ? 'B' : 'A'}${ticket.slice(at + 1)}`),
    ...changes.map((change) =>
      Buffer.concat([mac, Buffer.from(JSON.stringify({ ...payload, ...change }))]).toString('base64url'),
    ),
  ]
}

test('a content URL stops opening once the permission that its region requires is withdrawn', async () => {
  await using reader = await start()
  const token = await reader.system.token()
  const [exchange, lpres] = [
    await reader.urlOf('cheshire-merseyside', token),
    await reader.urlOf('lancashire-south-cumbria', token),
  ]
  expect(await reader.open(exchange, token)).toEqual(shown('cheshire-merseyside'))
  expect(await reader.lastEvent()).toMatchObject({ authority: { kind: 'PERMISSION', id: expect.any(String) } })
  const { data } = await reader.system.query(
    `mutation { withdrawPermission(input: { nhsNumber: "${numberOf(n)}", region: CHESHIRE_MERSEYSIDE }) { status } }`,
    {},
    token,
  )
  expect(data.withdrawPermission).toEqual({ status: 'DONE' })
  expect(await reader.open(exchange, token)).toEqual(notAvailable)
  expect(await reader.lastEvent()).toMatchObject({
    status: 'PERMISSION_REQUIRED',
    decision: { code: 'PERMISSION_REQUIRED' },
    authority: null,
    items: 0,
  })
  expect(await reader.open(lpres, token)).toEqual(shown('lancashire-south-cumbria'))
})

test('a content URL given under broken glass stops opening when the grant ends, even before five minutes', async () => {
  await using reader = await start()
  const token = await reader.system.token({ organisation: 'RBN' })
  const glass = `mutation { breakGlass(input: { nhsNumber: "${numberOf(n)}", region: CHESHIRE_MERSEYSIDE, barrier: PERMISSION, reason: EMERGENCY, justification: "Unconscious in resus" }) { status grant } }`
  const { data } = await reader.system.query(glass, {}, token)
  expect(data.breakGlass.status).toBe('DONE')
  reader.pass(58 * minuteMs)
  const url = await reader.urlOf('cheshire-merseyside', token, '{ relationship: ATTENDING }')
  expect(await reader.open(url, token)).toEqual(shown('cheshire-merseyside'))
  expect(await reader.lastEvent()).toMatchObject({
    decision: { code: 'OVERRIDDEN' },
    authority: { kind: 'GRANT', id: data.breakGlass.grant },
  })
  reader.pass(3 * minuteMs)
  expect(await reader.open(url, token)).toEqual(notAvailable)
  expect(await reader.lastEvent()).toMatchObject({ status: 'PERMISSION_REQUIRED', authority: null, items: 0 })
})

/** Opened until it is not given any more: a flag is heard within milliseconds. */
async function openUntilRefused(reader: Reader, url: string, token: string): Promise<Opened> {
  for (;;) {
    const opened = await reader.open(url, token)
    if (opened.status !== 200) return opened
  }
}

const locationProtected: Opened = { status: 403, code: 'LOCATION_PROTECTED', secrets: [] }

test.each([
  ['the other region, by the number requested', 'cheshire-merseyside', {}],
  ['the other region, by an earlier number that was requested', 'cheshire-merseyside', { askedEarlier: true }],
  ['the region that holds the document, although its rules show it', 'lancashire-south-cumbria', {}],
] as const)(
  'a content URL stops opening once the patient is flagged by %s, and the trail records the refusal',
  async (_, holding, { askedEarlier = false }: { askedEarlier?: boolean }) => {
    await using reader = await start({
      storePolicies: (slug) =>
        slug === 'lancashire-south-cumbria' ? loadPoliciesThatShowFlagged() : loadPolicies({ slug }),
    })
    const token = await reader.system.token()
    const asked = askedEarlier ? n + 1 : n
    if (askedEarlier)
      await reader.publish(holding, {
        patient: { supersedes: [numberOf(asked)], fields: { version: 2, lastUpdated: new Date().toISOString() } },
      })
    const url = await reader.urlOf(holding, token, '{ relationship: ATTENDING }', asked)
    expect(await reader.open(url, token)).toEqual(shown(holding))
    const { store } = reader.system
    await store('lancashire-south-cumbria').publish([
      publication({
        patients: [
          patient(asked, {
            sensitive: true,
            fields: { version: 3, lastUpdated: new Date(Date.now() + 1000).toISOString() },
          }),
        ],
      }),
    ])
    expect(await openUntilRefused(reader, url, token)).toEqual(locationProtected)
    expect(await reader.open(url, token, { headers: { range: 'bytes=0-3' } })).toEqual(locationProtected)
    expect(await reader.lastEvent()).toMatchObject({
      status: 'REFUSED',
      nhsNumber: numberOf(n),
      items: 0,
      answeredFrom: 'NOWHERE',
    })
  },
)

test("an opt-out from one organisation closes the content of its documents, and the other region's stays open", async () => {
  await using reader = await start()
  const token = await reader.system.token()
  const urls = await Promise.all(slugs.map((slug) => reader.urlOf(slug, token)))
  const source = { odsCode: 'cm-place-secret10', name: null }
  await reader.system
    .store('cheshire-merseyside')
    .publish([publication({ optOuts: [optOut('of-one', { nhsNumber: numberOf(n), organisation: source })] })])
  expect(await Promise.all(urls.map((url) => reader.open(url, token)))).toEqual([
    notAvailable,
    shown('lancashire-south-cumbria'),
  ])
})
