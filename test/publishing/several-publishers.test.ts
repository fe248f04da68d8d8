import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Json, nhsNumberSystem, snomed } from '../support/publishing/bundle.ts'
import { type System, startSystem } from '../support/system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system[Symbol.asyncDispose]())

const exchange = 'cheshire-merseyside'
const subjectOf = (nhsNumber: string) => ({ identifier: { system: nhsNumberSystem, value: nhsNumber } })
const identified = (value: string) => [{ system: 'https://lab.example/report', value }]
const bundleOf = (...resources: readonly Json[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
})

async function post(
  organisation: string,
  bundle: unknown,
  { slug = exchange, headers = {} }: { slug?: string; headers?: Readonly<Record<string, string>> } = {},
) {
  const token = await system.token({ scope: 'publish', organisation, person: '555000000017' })
  const url = system.regions.find((region) => region.slug === slug)?.url
  const response = await fetch(`${url}/fhir`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...headers },
    body: JSON.stringify(bundle),
  })
  return {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    answer: (await response.json()) as Json,
  }
}

const potassium = (nhsNumber: string, name: string, value: string, versionId = '1'): Json => ({
  resourceType: 'Observation',
  identifier: identified(name),
  meta: { versionId },
  status: 'final',
  code: snomed('88480006', 'Potassium'),
  effectiveDateTime: '2026-11-01T09:00:00Z',
  valueString: value,
  subject: subjectOf(nhsNumber),
})

describe('an organisation that is not listed', () => {
  const bundle = bundleOf(potassium('9990000018', 'unlisted', '4'))

  test.each([
    ['X26', 'It is listed in no region.'],
    ['RXL', 'It is listed in LANCASHIRE_SOUTH_CUMBRIA only.'],
  ])(
    'a store answers %s, which is not listed, with 403 and plain words that say where it must be listed, and stores nothing',
    async (organisation, where) => {
      const before = await system.store(exchange).sequence()
      const { status, answer, requestId } = await post(organisation, bundle)
      expect(status).toBe(403)
      expect(answer).toMatchObject({
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code: 'forbidden' }],
      })
      const [{ diagnostics }] = answer.issue as [{ diagnostics: string }]
      expect(diagnostics).toContain(`found ${organisation}, which is not. ${where}`)
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
      expect(await system.store(exchange).sequence()).toBe(before)
      expect(await system.store(exchange).findPublications({ publisher: organisation, limit: 1 })).toEqual([])
    },
  )
})

describe('the publishing trail', () => {
  test("the publishing trail contains a request's id, as its publisher or the answer gave it", async () => {
    const given = await post('RBL', bundleOf(potassium('9990000026', 'trail', '4')), {
      headers: { 'x-request-id': 'lab-run-17.a' },
    })
    expect([given.status, given.requestId]).toEqual([200, 'lab-run-17.a'])
    const made = await post('RBL', bundleOf(potassium('9990000026', 'trail', '5', '2')), {
      headers: { 'x-request-id': 'not an id' },
    })
    expect(made.requestId).toMatch(/^[0-9a-f-]{36}$/)
    const found = await system.store(exchange).findPublications({ nhsNumber: '9990000026', limit: 9 })
    const published = found
      .filter(({ via }) => via === 'http')
      .map(({ publisher, person, requestId, counts }) => ({ publisher, person, requestId, counts }))
    expect(published).toEqual([
      { publisher: 'RBL', person: '555000000017', requestId: made.requestId, counts: { updated: 1 } },
      { publisher: 'RBL', person: '555000000017', requestId: 'lab-run-17.a', counts: { created: 1 } },
    ])
  })
})

describe("two publishers' statements with one business identifier in one region", () => {
  const nhsNumber = '9990000034'

  test("the view shows both publishers' statements once each, each naming the other, at any page size", async () => {
    const others = ['b', 'c'].map((name) => potassium(nhsNumber, name, name))
    await post('REM', bundleOf(potassium(nhsNumber, 'one', '4.1'), ...others))
    await post('RBL', bundleOf(potassium(nhsNumber, 'one', '9.9', '7')))
    for (const first of [1, 2, 3, 10]) {
      const shown: { id: string; value: string; possibleDuplicates: readonly string[] }[] = []
      for (let after: string | null = null; ; ) {
        const {
          data,
        }: {
          data: { patient: { results: { nodes: typeof shown; pageInfo: { hasNextPage: boolean; endCursor: string } } } }
        } = await system.query(
          'query ($n: NHSNumber!, $first: Int, $after: String) { patient(nhsNumber: $n) { results(first: $first, after: $after, filter: { all: true }) { nodes { id value possibleDuplicates } pageInfo { hasNextPage endCursor } } } }',
          { n: nhsNumber, first, after },
        )
        shown.push(...data.patient.results.nodes)
        if (!data.patient.results.pageInfo.hasNextPage) break
        after = data.patient.results.pageInfo.endCursor
      }
      expect(shown.map(({ value }) => value).sort(), `pages of ${first}`).toEqual(['4.1', '9.9', 'b', 'c'])
      expect(new Set(shown.map(({ id }) => id)).size).toBe(4)
      const [ours, theirs] = ['4.1', '9.9'].map((value) => shown.find((one) => one.value === value))
      if (first === 10)
        expect([ours?.possibleDuplicates, theirs?.possibleDuplicates]).toEqual([[theirs?.id], [ours?.id]])
    }
  })

  test('a publisher that retracts its statement is told that the other publisher’s stays', async () => {
    const retracted = { ...potassium(nhsNumber, 'one', '9.9', '8'), status: 'entered-in-error' }
    const { answer } = await post('RBL', bundleOf(retracted))
    const [{ response }] = answer.entry as [{ response: { outcome: { issue: readonly Json[] } } }]
    expect(response.outcome.issue).toMatchObject([
      { details: { text: 'retracted' } },
      { severity: 'warning', diagnostics: expect.stringContaining('another publisher’s') },
    ])
  })

  test("each publisher's document opens with its own content, of its own patient", async () => {
    const letter = (number: string, text: string): Json => ({
      resourceType: 'DocumentReference',
      status: 'current',
      identifier: identified('letter'),
      type: { text: 'Letter' },
      date: '2026-11-01T00:00:00Z',
      subject: subjectOf(number),
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
    })
    await post('REM', bundleOf(letter(nhsNumber, 'of REM')))
    await post('RBL', bundleOf(letter(nhsNumber, 'of RBL')))
    // A third publisher has the identifier for another patient.
    await post('RET', bundleOf(letter('9990000042', 'of another patient')))
    const viewer = await system.token()
    const textsOf = async (number: string) => {
      const { data } = await system.query(
        'query ($n: NHSNumber!) { patient(nhsNumber: $n) { documents { nodes { id content { url } } } } }',
        { n: number },
        viewer,
      )
      const nodes: readonly { readonly id: string; readonly content: { readonly url: string } }[] =
        data.patient.documents.nodes
      return Promise.all(
        nodes.map(async ({ content }) =>
          (await fetch(content.url, { headers: { authorization: `Bearer ${viewer}` } })).text(),
        ),
      )
    }
    expect((await textsOf(nhsNumber)).sort()).toEqual(['of RBL', 'of REM'])
    expect(await textsOf('9990000042')).toEqual(['of another patient'])
  })

  test("a publisher's statement is still merged with the same publisher's in the other region", async () => {
    await post('RBL', bundleOf(potassium('9990000050', 'both', '4.1')))
    await post('RBL', bundleOf(potassium('9990000050', 'both', '4.2', '2')), { slug: 'lancashire-south-cumbria' })
    const { data } = await system.query(
      '{ patient(nhsNumber: "9990000050") { results { nodes { value sources { region } conflicts { field } } } } }',
    )
    expect(data.patient.results.nodes).toEqual([
      {
        value: '4.2',
        sources: [{ region: 'LANCASHIRE_SOUTH_CUMBRIA' }, { region: 'CHESHIRE_MERSEYSIDE' }],
        conflicts: [{ field: 'value' }],
      },
    ])
  })
})

describe('a patient whom two publishers know', () => {
  const nhsNumber = '9990000069'
  const patientOf = (changes: Json): Json => ({
    resourceType: 'Patient',
    identifier: [{ system: nhsNumberSystem, value: nhsNumber }],
    ...changes,
  })

  test('a patient keeps name, birth date, address and flag when a laboratory sends a stub', async () => {
    const whole = patientOf({
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
      name: [{ use: 'official', family: 'Whole', given: ['Ann'] }],
      birthDate: '1980-05-01',
      address: [{ line: ['1 Long Lane'], city: 'Southport', postalCode: 'PR8 1AA' }],
    })
    expect((await post('REM', bundleOf(whole))).status).toBe(200)
    expect((await post('RBL', bundleOf(patientOf({ meta: { lastUpdated: '2026-11-02T00:00:00Z' } })))).status).toBe(200)
    const row = (await system.store(exchange).findPatients([nhsNumber])).get(nhsNumber)
    expect(row).toMatchObject({
      sensitive: true,
      demographics: { name: { family: 'Whole' }, birthDate: '1980-05-01', address: { postcode: 'PR8 1AA' } },
    })
  })

  test("a stranger cannot renumber a patient, and the entry's outcome says so", async () => {
    const link = [
      { type: 'replaces', other: { type: 'Patient', identifier: { system: nhsNumberSystem, value: nhsNumber } } },
    ]
    const { status, answer } = await post(
      'RET',
      bundleOf({ ...patientOf({ link }), identifier: [{ system: nhsNumberSystem, value: '9990000077' }] }),
    )
    expect(status).toBe(200)
    const [{ response }] = answer.entry as [{ response: { outcome: { issue: readonly Json[] } } }]
    expect(response.outcome.issue).toMatchObject([
      { severity: 'information', details: { text: 'created' } },
      { severity: 'warning', code: 'business-rule', expression: ['Bundle.entry[0].resource.link'] },
    ])
    expect((await system.store(exchange).findPatients([nhsNumber])).get(nhsNumber)?.nhsNumber).toBe(nhsNumber)
  })
})
