import { describe, expect, test } from 'vitest'
import { TokenRejected } from '../../schema/access-token.ts'
import { loadPublishers } from '../../schema/publishers.ts'
import { createFhirEndpoint } from '../../subgraphs/publishing/fhir-endpoint.ts'
import { loadRegion } from '../../subgraphs/service/store-settings.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import {
  type Json,
  nhsNumberSystem,
  patient,
  snomed,
  toPatient,
  transaction,
  urn,
} from '../support/publishing/bundle.ts'

const flag: Json = { resourceType: 'Flag', id: 'f1', status: 'active', code: snomed('1', 'Falls'), subject: toPatient }

function setUp(maxBytes?: number) {
  const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: ':memory:' })
  const endpoint = createFhirEndpoint({
    publishers: loadPublishers(loadRegion('cheshire-merseyside')),
    store,
    maxBytes,
    async verifyToken(token) {
      if (token === 'unreachable') throw new Error('connect ECONNREFUSED')
      if (token === 'forged') throw new TokenRejected('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
      const role = { system: '', code: 'R8008', display: null }
      return {
        id: '1',
        name: null,
        role,
        areaOfWork: null,
        nhsNumber: null,
        organisation: { odsCode: 'RET', name: 'The Walton Centre' },
        scopes: token === 'publisher' ? ['publish'] : ['read'],
        verifiedUntilMs: 0,
        purpose: null,
      }
    },
  })
  const post = (body: BodyInit | null, { token = 'publisher', ...headers }: Record<string, string> = {}) =>
    endpoint(
      new Request('http://store/fhir', {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...headers },
        duplex: 'half',
      } as RequestInit),
    )
  return { store, endpoint, post, publish: (bundle: unknown) => post(JSON.stringify(bundle)) }
}

const read = async (response: Response): Promise<Record<string, unknown>> => ({
  status: response.status,
  ...((await response.json()) as Json),
})
const becameOf = (answer: Awaited<ReturnType<typeof read>>) =>
  (answer.entry as { response: { outcome: { issue: { severity: string; details?: { text: string } }[] } } }[]).map(
    ({ response }) => response.outcome.issue[0]?.details?.text ?? response.outcome.issue[0]?.severity,
  )
const statuses = (answer: Awaited<ReturnType<typeof read>>) =>
  (answer.entry as { response: { status: string } }[]).map(({ response }) => response.status)

describe('a published Bundle', () => {
  test('a publisher gets an answer for each entry, and publishing again changes nothing', async () => {
    const { publish, store } = setUp()
    const bundle = transaction(patient, flag, { resourceType: 'Goal' }, { resourceType: 'Organization', name: 'X' })
    const first = await read(await publish(bundle))
    expect(first).toMatchObject({ status: 200, resourceType: 'Bundle', type: 'transaction-response' })
    expect(statuses(first)).toEqual(['201 Created', '201 Created', '200 OK', '200 OK'])
    expect((first.entry as Json[])[2]).toEqual({
      response: {
        status: '200 OK',
        outcome: {
          resourceType: 'OperationOutcome',
          issue: [
            {
              severity: 'warning',
              code: 'not-supported',
              diagnostics: 'Resources of type Goal are not published; it is ignored.',
            },
          ],
        },
      },
    })
    const sequence = await store.sequence()
    expect(statuses(await read(await publish(bundle)))).toEqual(['200 OK', '200 OK', '200 OK', '200 OK'])
    expect(await store.sequence()).toBe(sequence)
  })

  test('a publisher sees what became of each entry', async () => {
    const { publish } = setUp()
    const version = (versionId: string, status = 'active') =>
      transaction(
        patient,
        { ...flag, identifier: [{ system: 's', value: '1' }], meta: { versionId }, status },
        { resourceType: 'Organization', name: 'X' },
        { resourceType: 'Goal' },
      )
    const answers: unknown[] = []
    for (const bundle of [
      version('2'),
      version('2'),
      version('3', 'inactive'),
      version('1'),
      version('4', 'entered-in-error'),
    ])
      answers.push(becameOf(await read(await publish(bundle))))
    expect(answers).toEqual([
      ['created', 'created', 'within-others', 'warning'],
      ['unchanged', 'unchanged', 'within-others', 'warning'],
      ['unchanged', 'updated', 'within-others', 'warning'],
      ['unchanged', 'older', 'within-others', 'warning'],
      ['unchanged', 'retracted', 'within-others', 'warning'],
    ])
  })

  test('a Bundle belongs to the organisation of its token', async () => {
    const { publish, store } = setUp()
    await publish(transaction(patient, flag))
    const key = (await store.findPatients(['9990000018'])).get('9990000018')?.key ?? 0
    const alerts = (await store.readList('alerts', [key], 10)).get(key)
    expect(alerts?.map(({ item }) => item.organisation)).toEqual([{ odsCode: 'RET', name: 'The Walton Centre' }])
  })

  test('a store refuses only the faulty entries of a batch', async () => {
    const { publish } = setUp()
    const answer = await read(
      await publish({ ...transaction(patient, flag, { ...flag, id: 'f2', code: 5 }), type: 'batch' }),
    )
    expect(answer).toMatchObject({ status: 200, type: 'batch-response' })
    expect(statuses(answer)).toEqual(['201 Created', '201 Created', '422 Unprocessable Entity'])
  })

  test('a store accepts a Bundle older than what it holds', async () => {
    const { publish } = setUp()
    const version = (versionId: string, status: string) =>
      transaction(patient, { ...flag, identifier: [{ system: 's', value: '1' }], meta: { versionId }, status })
    await publish(version('2', 'inactive'))
    expect(await read(await publish(version('1', 'active')))).toMatchObject({
      entry: [{}, { response: { status: '200 OK', outcome: { issue: [{ severity: 'information' }] } } }],
    })
  })
})

describe('a refused Bundle', () => {
  test('a refused Bundle leaves no trace, and the outcome names entry and path', async () => {
    const { publish, store } = setUp()
    const entries = Array.from({ length: 20 }, (_, index) => ({
      ...flag,
      id: `f${index}`,
      ...(index === 16 ? { status: 4 } : {}),
    }))
    const answer = await read(await publish(transaction(patient, ...entries)))
    expect(answer).toEqual({
      status: 422,
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'structure',
          diagnostics: 'expected code, found number',
          expression: ['Bundle.entry[17].resource.status'],
        },
      ],
    })
    expect([await store.sequence(), (await store.findPatients(['9990000018'])).size]).toEqual([0, 0])
  })

  test('a Bundle of another version of FHIR is refused by that reason', async () => {
    const { publish } = setUp()
    const answer = await read(
      await publish({
        ...transaction(),
        meta: { profile: ['https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1'] },
      }),
    )
    expect(answer).toMatchObject({
      status: 422,
      issue: [
        { code: 'not-supported', diagnostics: 'expected FHIR R4, found STU3 (meta.profile)', expression: ['Bundle'] },
      ],
    })
  })

  test("a Bundle with another patient's identifier is a conflict", async () => {
    const { publish, store } = setUp()
    const own = { ...flag, identifier: [{ system: 's', value: '1' }] }
    const other = { ...patient, identifier: [{ system: nhsNumberSystem, value: '9990000026' }] }
    await publish(transaction(patient, own))
    const sequence = await store.sequence()
    expect(await read(await publish(transaction(other, own)))).toMatchObject({
      status: 409,
      issue: [{ code: 'conflict', expression: ['Bundle.entry[1].resource.identifier'] }],
    })
    expect(await store.sequence()).toBe(sequence)
  })
})

describe('a request that is refused before its Bundle is read', () => {
  const body = JSON.stringify(transaction(patient))

  test.each([
    [401, 'login', { token: 'forged' }],
    [403, 'forbidden', { token: 'reader' }],
    [503, 'transient', { token: 'unreachable' }],
    [401, 'login', { authorization: '' }],
    [415, 'not-supported', { 'content-type': 'application/xml' }],
    [415, 'not-supported', { 'content-type': 'application/fhir+json; fhirVersion=3.0' }],
    [415, 'not-supported', { 'content-type': 'application/json; charset=utf-16' }],
    [415, 'not-supported', { 'content-encoding': 'gzip' }],
  ])('a store refuses with status %i %s', async (status, code, headers) => {
    const { post, store } = setUp()
    const response = await post(body, headers)
    expect(response.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
    expect(await read(response)).toMatchObject({
      status,
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code }],
    })
    expect(await store.sequence()).toBe(0)
  })

  test.each(['application/json', 'application/fhir+json; fhirVersion=4.0', 'Application/FHIR+JSON;charset="UTF-8"'])(
    'a store accepts the media type %s',
    async (contentType) => {
      expect((await setUp().post(body, { 'content-type': contentType })).status).toBe(200)
    },
  )

  test.each([
    ['an empty body', ''],
    ['cut JSON', '{"resourceType": "Bundle",'],
    ['JSON too deep', '['.repeat(1_000_000)],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ] as const)('a store answers 400 for %s', async (_, malformed) => {
    expect(await read(await setUp().post(malformed))).toMatchObject({ status: 400, issue: [{ code: 'structure' }] })
  })

  test('a store answers 405 for another method', async () => {
    expect((await setUp().endpoint(new Request('http://store/fhir'))).headers.get('allow')).toBe('POST')
  })
})

describe('an oversized body', () => {
  test('a store refuses a body by its stated length, without reading it', async () => {
    const body = new ReadableStream({ pull: () => expect.fail('was read') }, { highWaterMark: 0 })
    expect(await read(await setUp().post(body, { 'content-length': String(100 * 1024 * 1024) }))).toMatchObject({
      status: 413,
      issue: [{ code: 'too-long' }],
    })
  })

  test('a store reads a body without a stated length only up to its limit', async () => {
    const chunk = new Uint8Array(1024).fill(0x20)
    let read = 0
    const body = new ReadableStream({
      pull(controller) {
        read += chunk.length
        controller.enqueue(chunk)
      },
    })
    const response = await setUp(10_000).post(body)
    expect([response.status, response.headers.get('connection')]).toEqual([413, 'close'])
    expect(read).toBeLessThan(20_000)
  })
})

test('a sender that hangs up in the middle of its body is not logged as a bug', async () => {
  const { post, store } = setUp()
  const body = new ReadableStream({
    pull(controller) {
      controller.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
    },
  })
  expect(await read(await post(body))).toMatchObject({ status: 400, issue: [{ code: 'incomplete' }] })
  expect(await store.sequence()).toBe(0)
})

test("a store's own failure is not reported as the caller's fault", async () => {
  const endpoint = createFhirEndpoint({
    publishers: loadPublishers(loadRegion('cheshire-merseyside')),
    store: { publish: () => Promise.reject(new Error('disk full')) },
    verifyToken: async () => ({
      id: '',
      name: null,
      role: { system: '', code: '', display: null },
      areaOfWork: null,
      nhsNumber: null,
      organisation: { odsCode: 'REM', name: null },
      scopes: ['publish'],
      verifiedUntilMs: 0,
      purpose: null,
    }),
  })
  const request = new Request('http://store/fhir', {
    method: 'POST',
    body: JSON.stringify(transaction({ ...patient, id: urn(1) })),
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
  })
  await expect(endpoint(request)).rejects.toThrow('disk full')
})
