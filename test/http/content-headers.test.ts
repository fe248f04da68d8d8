import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RequestObservation } from '../../gateway/observability/metrics/request-observation.ts'
import { isMediaType, toContentType } from '../../schema/service/media-type.ts'
import { readEvents } from '../support/audit/read-events.ts'
import { content, item, numberOf, patient, publication } from '../support/store/publications.ts'
import { type System, startSystem } from '../support/system.ts'

let system: System
let url: string
const observed: RequestObservation[] = []
beforeAll(async () => {
  system = await startSystem()
  url = await system.another({ observe: [(one) => void observed.push(one)] })
})
afterAll(() => system[Symbol.asyncDispose]())

const bytes = Buffer.from('The words of a document.')
const mediaTypeLike = /^[ -~]{0,5}\/[ -~]{0,5}(; ?[a-z]{1,3}="?[ -~]{0,5}"?)?$/
let documents = 0

/** Publishes a document whose publisher calls its media type so, and gives its url. */
async function publishAs(contentType: string): Promise<string> {
  const n = ++documents
  const published = content(bytes)
  const document = item('documents', `document-${n}`, {
    nhsNumber: numberOf(n),
    fields: {
      contentAnswer: 'AVAILABLE',
      content: { contentType, size: bytes.length, sha256: published.sha256, language: null },
    },
  })
  await system
    .store('cheshire-merseyside')
    .publish([publication({ patients: [patient(n)], items: [document], contents: [published] })])
  return (await ask(`{ patient(nhsNumber: "${numberOf(n)}") { documents { nodes { content { contentType url } } } } }`))
    .data.patient.documents.nodes[0].content.url
}

// biome-ignore lint/suspicious/noExplicitAny: read by the schema
async function ask(query: string): Promise<any> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).json()
}

async function open(contentUrl: string, headers: Readonly<Record<string, string>> = {}) {
  const before = observed.length
  const response = await fetch(contentUrl, { headers: { authorization: `Bearer ${await system.token()}`, ...headers } })
  const body = await response.text()
  const { outcome, code, requestId } = observed[before] ?? expect.fail('no line in the log')
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    contentRange: response.headers.get('content-range'),
    body,
    outcome,
    code,
    requestId,
  }
}

describe('a document whose media type cannot be a header', () => {
  test.each([
    'text/plain; charset=“utf-8”',
    'text/плain',
    'PDF',
    'text/plain\r\nset-cookie: a=b',
    'text/plain;',
    'image/\u0000png',
    `text/${'x'.repeat(70_000)}`,
    '',
  ])('a document with an unusable media type opens as bytes of unknown type: %j', async (contentType) => {
    const opened = await open(await publishAs(contentType))
    expect(opened).toMatchObject({
      status: 200,
      contentType: 'application/octet-stream',
      body: bytes.toString(),
      outcome: 'DONE',
    })
    expect((await readEvents(system, 'DOCUMENT')).at(-1)).toMatchObject({
      requestId: opened.requestId,
      status: 'ANSWERED',
    })
  })

  test.each([
    'application/pdf',
    'text/html; charset=utf-8',
    'text/plain;format="a \\" b"',
    'application/vnd.x+xml ; a=1',
  ])('a document of type %s opens with that type', async (contentType) => {
    expect((await open(await publishAs(contentType))).contentType).toBe(contentType)
  })

  test('the gateway turns any text into a media type that a header accepts', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((more) => `text/plain; ${more}`),
          fc.stringMatching(mediaTypeLike),
        ),
        (text) => {
          const headers = new Headers({ 'content-type': toContentType(text) })
          expect(isMediaType(headers.get('content-type') ?? '')).toBe(true)
        },
      ),
    )
  })
})

describe('opening a document', () => {
  test('a range of a version that the store no longer holds gets the whole current version', async () => {
    const contentUrl = await publishAs('text/plain')
    const etag = `"${content(bytes).sha256}"`
    expect(await open(contentUrl, { range: 'BYTES=4-8', 'if-range': etag })).toMatchObject({
      status: 206,
      body: 'words',
      contentRange: `bytes 4-8/${bytes.length}`,
    })
    for (const ifRange of ['"another"', `W/${etag}`, 'Mon, 30 Nov 2026 12:00:00 GMT', '"Ø"']) {
      expect(await open(contentUrl, { range: 'bytes=4-8', 'if-range': ifRange }), ifRange).toMatchObject({
        status: 200,
        body: bytes.toString(),
      })
    }
    for (const range of ['bytes=0-1,3-4', `bytes=0-${'9'.repeat(8000)}`, 'bytes=a-b', 'lines=1-2', 'bytes=-']) {
      expect(await open(contentUrl, { range }), range.slice(0, 40)).toMatchObject({
        status: 200,
        body: bytes.toString(),
      })
    }
    expect(await open(contentUrl, { range: 'bytes=99999-' })).toMatchObject({
      status: 416,
      outcome: 'REFUSED',
      code: 'RANGE_NOT_SATISFIABLE',
      contentRange: `bytes */${bytes.length}`,
    })
  })

  test('opening a document is one line in the log and one event on the trail, whatever the outcome', async () => {
    const contentUrl = await publishAs('text/plain')
    const before = (await readEvents(system, 'DOCUMENT')).length
    const lines = observed.length
    await open(contentUrl)
    await open(contentUrl, { range: 'bytes=99999-' })
    await system.stop('cheshire-merseyside')
    expect(await open(contentUrl)).toMatchObject({ status: 503, outcome: 'FAILED', code: 'REGION_UNAVAILABLE' })
    await system.restart('cheshire-merseyside')
    const events = (await readEvents(system, 'DOCUMENT')).slice(before)
    expect(events.map(({ status }) => status)).toEqual(
      ['ANSWERED', 'ANSWERED', 'UNREACHABLE'].with(1, events[1]?.status ?? ''),
    )
    expect(observed.slice(lines).map(({ operation, requestId }) => [operation, requestId])).toEqual(
      events.map(({ requestId }) => ['content', requestId]),
    )
    // Without a url that is the viewer's, no document is asked for: a line, and nothing on the trail.
    expect(await open(`${contentUrl.slice(0, -2)}`)).toMatchObject({
      status: 404,
      outcome: 'REFUSED',
      code: 'CONTENT_NOT_AVAILABLE',
    })
    expect((await readEvents(system, 'DOCUMENT')).length).toBe(before + 3)
  })

  test("a region's reply with unusable headers passes on the usable ones", async () => {
    const contentUrl = await publishAs('text/plain')
    const odd = createServer((_, response) => {
      response.writeHead(200, {
        'content-type': 'text',
        etag: 'unquoted ö',
        'content-range': 'pages 1-2/3',
        'accept-ranges': 'none',
      })
      response.end(bytes)
    })
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve))
    try {
      const oddUrl = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`
      const other = await system.another({
        regions: system.regions.map((region) =>
          region.slug === 'cheshire-merseyside' ? { ...region, url: oddUrl } : region,
        ),
      })
      const response = await fetch(contentUrl.replace(url, other), {
        headers: { authorization: `Bearer ${await system.token()}` },
      })
      expect([
        response.status,
        response.headers.get('content-type'),
        response.headers.get('etag'),
        await response.text(),
      ]).toEqual([200, 'application/octet-stream', null, bytes.toString()])
    } finally {
      odd.close()
    }
  })
})
