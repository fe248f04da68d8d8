import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

interface DocumentNode {
  readonly id: string
  readonly contentAnswer: string
  readonly sources: readonly { readonly region: string }[]
  readonly content: {
    readonly url: string
    readonly contentType: string
    readonly size: number
    readonly sha256: string
  } | null
}

const node = 'id title contentAnswer sources { region } content { url contentType size sha256 language }'

describe('documents', () => {
  let system: System
  let token: string
  beforeAll(async () => {
    system = await startSystem({ people: true })
    token = await system.token()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  /** Mr Colin Blundell: PDF, HTML and text from both regions. */
  const documentsOf = async (nhsNumber = '9990000328'): Promise<readonly DocumentNode[]> => {
    const { data, errors } = await system.query(
      `{ patient(nhsNumber: "${nhsNumber}") { documents(filter: { status: [CURRENT, SUPERSEDED] }) { nodes { ${node} } } } }`,
      {},
      token,
    )
    expect(errors).toEqual([])
    return data.patient.documents.nodes
  }
  const open = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers } })

  test("a document's content streams whole with its media type, and never as a page of the gateway", async () => {
    const withContent = (await documentsOf()).filter(({ content }) => content !== null)
    expect(new Set(withContent.map(({ content }) => content?.contentType))).toEqual(
      new Set(['application/pdf', 'text/html', 'text/plain']),
    )
    expect(new Set(withContent.flatMap(({ sources }) => sources.map(({ region }) => region))).size).toBe(2)
    for (const { content } of withContent) {
      const response = await open(content?.url ?? '')
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe(content?.contentType)
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([content?.size, content?.sha256])
      expect(
        Object.fromEntries(
          ['content-security-policy', 'x-content-type-options', 'content-disposition', 'cache-control'].map((name) => [
            name,
            response.headers.get(name),
          ]),
        ),
      ).toEqual({
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'content-disposition': 'attachment',
        'cache-control': 'no-store',
      })
    }
  })

  test('a request for a byte range gets that range', async () => {
    const [document] = (await documentsOf()).filter(({ content }) => (content?.size ?? 0) > 30)
    const url = document?.content?.url ?? ''
    const whole = Buffer.from(await (await open(url)).arrayBuffer())
    const range = async (value: string) => {
      const response = await open(url, { range: value })
      return [
        response.status,
        response.headers.get('content-range'),
        Buffer.from(await response.arrayBuffer()).toString('hex'),
      ]
    }
    const slice = (start: number, end: number) => [
      206,
      `bytes ${start}-${end}/${whole.length}`,
      whole.subarray(start, end + 1).toString('hex'),
    ]
    expect(await range('bytes=10-19')).toEqual(slice(10, 19))
    expect(await range('bytes=20-')).toEqual(slice(20, whole.length - 1))
    expect(await range('bytes=-5')).toEqual(slice(whole.length - 5, whole.length - 1))
    expect((await range(`bytes=${whole.length}-`))[0]).toBe(416)
    expect((await range('bytes=5-1'))[0]).toBe(200)
  })

  test('a content URL works for its viewer alone, with a token, and not when altered', async () => {
    const url = (await documentsOf()).find(({ content }) => content !== null)?.content?.url ?? ''
    expect(url).not.toMatch(/999\d{7}/)
    const colleague = await system.token({ person: '111111111111' })
    const elsewhere = await system.token({ organisation: 'RXN' })
    expect((await fetch(url)).status).toBe(401)
    expect((await open(url, { authorization: `Bearer ${colleague}` })).status).toBe(404)
    expect((await open(url, { authorization: `Bearer ${elsewhere}` })).status).toBe(404)
    expect((await open(`${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404)
    expect((await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } })).status).toBe(405)
  })

  test('a viewer finds a document by its id with all its sources, and several documents in one request', async () => {
    const documents = await documentsOf()
    const shared = documents.find(({ sources }) => sources.length === 2)
    const single = documents.find(({ sources }) => sources.length === 1)
    const { data, errors } = await system.query(
      `{ shared: document(id: "${shared?.id}") { status message document { ${node} } } single: document(id: "${single?.id}") { status document { id sources { region } } } none: document(id: "nothing") { status message document { id } } }`,
      {},
      token,
    )
    expect(errors).toEqual([])
    expect(data.shared.status).toBe('ANSWERED')
    expect({ ...data.shared.document, content: null }).toEqual({ ...shared, content: null })
    expect(data.single).toEqual({ status: 'ANSWERED', document: { id: single?.id, sources: single?.sources } })
    expect(data.none).toEqual({
      status: 'NOT_KNOWN',
      message: 'No region has a document it can show for this id; this does not mean that none exists.',
      document: null,
    })
  })

  test('a viewer who hangs up in the middle of a long document disturbs nobody', async () => {
    await using quiet = await startSystem()
    const response = await quiet.publish('cheshire-merseyside', {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          resource: {
            resourceType: 'DocumentReference',
            status: 'current',
            identifier: [{ system: 'urn:example', value: 'long' }],
            type: { text: 'Scan' },
            date: '2026-01-01T00:00:00Z',
            subject: { identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' } },
            content: [
              {
                attachment: {
                  contentType: 'application/octet-stream',
                  data: Buffer.alloc(8_000_000, 7).toString('base64'),
                },
              },
            ],
          },
        },
      ],
    })
    expect(response.status).toBe(200)
    const viewer = await quiet.token()
    const { data } = await quiet.query(
      '{ patient(nhsNumber: "9990000018") { documents { nodes { content { url size } } } } }',
      {},
      viewer,
    )
    const { url, size } = data.patient.documents.nodes[0].content
    const headers = { authorization: `Bearer ${viewer}` }
    for (let i = 0; i < 3; i++) {
      const hangUp = new AbortController()
      const begun = await fetch(url, { headers, signal: hangUp.signal })
      await begun.body?.getReader().read()
      hangUp.abort()
    }
    expect((await (await fetch(url, { headers })).arrayBuffer()).byteLength).toBe(size)
  })

  test('a document that is not released, and its content, cannot be found by its id either', async () => {
    await using quiet = await startSystem()
    const document = (labels: readonly string[]) => ({
      resourceType: 'DocumentReference',
      status: 'current',
      identifier: [{ system: 'urn:example', value: 'letter-1' }],
      type: { text: 'Clinical letter' },
      date: '2026-01-01T00:00:00Z',
      subject: { identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' } },
      securityLabel: labels.map((code) => ({
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code }],
      })),
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('Dear colleague').toString('base64') } }],
    })
    const publish = async (labels: readonly string[]) => {
      const response = await quiet.publish('cheshire-merseyside', {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: document(labels) }],
      })
      expect(response.status).toBe(200)
    }
    await publish(['N'])
    const ward = await quiet.token()
    const ask = `{ patient(nhsNumber: "9990000018", access: { relationship: ATTENDING }) { documents { withheld: answers { withheld } nodes { ${node} } } } }`
    const { data } = await quiet.query(ask, {}, ward)
    const [letter] = data.patient.documents.nodes
    const headers = { authorization: `Bearer ${ward}` }
    expect(await (await fetch(letter.content.url, { headers })).text()).toBe('Dear colleague')

    await publish(['V'])
    const after = await quiet.query(ask, {}, ward)
    expect(after.data.patient.documents).toEqual({ withheld: [{ withheld: true }, { withheld: false }], nodes: [] })
    expect(
      (
        await quiet.query(
          `{ document(id: "${letter.id}", access: { relationship: ATTENDING }) { status document { id } } }`,
          {},
          ward,
        )
      ).data.document,
    ).toEqual({
      status: 'NOT_KNOWN',
      document: null,
    })
    expect((await fetch(letter.content.url, { headers })).status).toBe(404)
  })
})

test('an id under which the regions hold documents of different patients shows neither', async () => {
  await using system = await startSystem()
  const publish = (slug: 'cheshire-merseyside' | 'lancashire-south-cumbria', nhsNumber: string) =>
    system.publish(slug, {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          resource: {
            resourceType: 'DocumentReference',
            status: 'current',
            identifier: [{ system: 'urn:example', value: 'reused' }],
            type: { text: 'Clinical letter' },
            date: '2026-01-01T00:00:00Z',
            subject: { identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhsNumber } },
            content: [{ attachment: { contentType: 'text/plain' } }],
          },
        },
      ],
    })
  await publish('cheshire-merseyside', '9990000018')
  await publish('lancashire-south-cumbria', '9990000026')
  const { data } = await system.query('{ patient(nhsNumber: "9990000018") { documents { nodes { id } } } }')
  const answer = await system.query(
    `{ document(id: "${data.patient.documents.nodes[0].id}") { status document { id } } }`,
  )
  expect(answer.data.document).toEqual({ status: 'IDENTITY_MISMATCH', document: null })
})

test('a report published again as entered in error, without content, withdraws its document and its conclusion', async () => {
  await using system = await startSystem()
  const report = (value: string, more: object) => ({
    resource: {
      resourceType: 'DiagnosticReport',
      identifier: [{ system: 'urn:example', value }],
      code: { text: 'X-ray of hand' },
      issued: '2026-11-01T09:00:00Z',
      subject: { identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' } },
      ...more,
    },
  })
  const publish = (...entry: readonly object[]) =>
    system.publish('cheshire-merseyside', { resourceType: 'Bundle', type: 'collection', entry })
  const see = async () => {
    const { data } = await system.query(
      '{ patient(nhsNumber: "9990000018") { documents { nodes { title } } results { nodes { value } } } }',
    )
    return [data.patient.documents.nodes.length, data.patient.results.nodes.length]
  }
  const form = { presentedForm: [{ contentType: 'text/plain', data: Buffer.from('No fracture').toString('base64') }] }
  expect(
    (
      await publish(
        report('a', { status: 'final', ...form }),
        report('b', { status: 'final', conclusion: 'No fracture' }),
      )
    ).status,
  ).toBe(200)
  expect(await see()).toEqual([1, 1])
  expect(
    (await publish(report('a', { status: 'entered-in-error' }), report('b', { status: 'entered-in-error' }))).status,
  ).toBe(200)
  expect(await see()).toEqual([0, 0])
})
