import { expect, test } from 'vitest'
import type { TrailEntry } from '../../gateway/audit/audit-event.ts'
import { readEntries } from '../../gateway/audit/read-entries.ts'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { type System, startSystem } from '../support/system.ts'

/** What is on disk now. */
async function eventsOf({ auditFolder }: System): Promise<readonly TrailEntry['event'][]> {
  const entries: TrailEntry[] = []
  for await (const some of readEntries(auditFolder)) entries.push(...some)
  return entries.map(({ event }) => event)
}

test('an answered view has on disk who saw which patient in which region, and the outcome', async () => {
  await using system = await startSystem({ people: true })
  const token = await system.token({ person: '9', name: 'Pat Medic', role: 'R1070', organisation: 'RX7' })
  await system.query(
    'query Ward { patients(nhsNumbers: ["9990000018", "9990000042"], access: { purpose: EMERGENCY, relationship: CLAIMED }) { allergies { nodes { id } } } }',
    {},
    token,
  )
  const events = await eventsOf(system)
  expect(
    events.map((event) =>
      event.kind === 'VIEW'
        ? [event.nhsNumber, event.region, event.status, event.decision.code, event.items]
        : event.kind,
    ),
  ).toEqual([
    ['9990000018', 'CHESHIRE_MERSEYSIDE', 'ANSWERED', 'PERMITTED', 2],
    ['9990000018', 'LANCASHIRE_SOUTH_CUMBRIA', 'ANSWERED', 'PERMITTED', 1],
    ['9990000042', 'CHESHIRE_MERSEYSIDE', 'NOT_KNOWN', 'PERMITTED', 0],
    ['9990000042', 'LANCASHIRE_SOUTH_CUMBRIA', 'ANSWERED', 'PERMITTED', 0],
  ])
  expect(events[0]).toMatchObject({
    operation: { name: 'Ward' },
    person: { id: '9', name: 'Pat Medic' },
    role: { code: 'R1070' },
    organisation: { odsCode: 'RX7', regions: ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'] },
    purpose: 'EMERGENCY',
    relationship: 'CLAIMED',
    answeredFrom: 'REGION',
    withheld: [],
  })
  // The ambulance trust attended the first patient; to the second a relationship was only claimed.
  expect(events.map((event) => event.kind === 'VIEW' && event.alert)).toEqual([false, false, true, true])
  expect(
    (await verifyTrail({ folder: system.auditFolder, secrets: null })).flatMap((report) =>
      'break' in report && report.break ? [report.break] : [],
    ),
  ).toEqual([])
})

test('a number that a ward list contains twice is one access to each region', async () => {
  await using system = await startSystem({ people: true })
  const { data } = await system.query(
    '{ patients(nhsNumbers: ["9990000018", "9990000026", "9990000018"]) { askedNhsNumber } }',
  )
  expect(data.patients.map(({ askedNhsNumber }: { askedNhsNumber: string }) => askedNhsNumber)).toEqual([
    '9990000018',
    '9990000026',
    '9990000018',
  ])
  const events = await eventsOf(system)
  expect(events.map((event) => event.kind === 'VIEW' && event.nhsNumber)).toEqual([
    '9990000018',
    '9990000018',
    '9990000026',
    '9990000026',
  ])
})

test('the trail records refusals, regions that did not answer, and what was withheld', async () => {
  await using system = await startSystem({ people: true })
  await system.query('{ patient(nhsNumber: "9990000018") { presence } }', {}, await system.token({ role: 'R8004' }))
  await system.stop('lancashire-south-cumbria')
  await system.query('{ patient(nhsNumber: "9990000336") { documents { nodes { id } } } }')
  await system.query('{ patient(nhsNumber: "9990000336", regions: [LANCASHIRE_SOUTH_CUMBRIA]) { presence } }')
  const events = await eventsOf(system)
  expect(
    events.map((event) =>
      event.kind === 'VIEW'
        ? [event.region, event.status, event.decision.code, event.answeredFrom, event.withheld]
        : event.kind,
    ),
  ).toEqual([
    ['CHESHIRE_MERSEYSIDE', 'REFUSED', 'REFUSED_ROLE', 'NOWHERE', []],
    ['LANCASHIRE_SOUTH_CUMBRIA', 'REFUSED', 'REFUSED_AGREEMENT', 'NOWHERE', []],
    ['CHESHIRE_MERSEYSIDE', 'ANSWERED', 'PERMITTED', 'REGION', ['DOCUMENTS']],
    ['LANCASHIRE_SOUTH_CUMBRIA', 'UNREACHABLE', 'UNDECIDED', 'REGION', []],
    ['LANCASHIRE_SOUTH_CUMBRIA', 'UNREACHABLE', 'UNDECIDED', 'REGION', []],
  ])
})

test('the trail records an opened document with its patient, although its URL names none', async () => {
  await using system = await startSystem({ people: true })
  const token = await system.token()
  const { data } = await system.query(
    '{ patient(nhsNumber: "9990000328") { documents { nodes { id content { url } } } } }',
    {},
    token,
  )
  const document = data.patient.documents.nodes.find(({ content }: { content: unknown }) => content !== null)
  const response = await fetch(document.content.url, { headers: { authorization: `Bearer ${token}` } })
  expect([response.status, response.headers.get('gateway-release')]).toEqual([200, null])
  await response.body?.cancel()
  const events = await eventsOf(system)
  expect(events.at(-1)).toMatchObject({
    kind: 'DOCUMENT',
    nhsNumber: '9990000328',
    documentId: document.id,
    status: 'ANSWERED',
    items: 1,
  })
})

test('an access that cannot be recorded is refused, and shows nothing', async () => {
  await using system = await startSystem({ people: true })
  const token = await system.token()
  const { data } = await system.query(
    '{ patient(nhsNumber: "9990000328") { documents { nodes { content { url } } } } }',
    {},
    token,
  )
  const { url } = data.patient.documents.nodes.find(({ content }: { content: unknown }) => content !== null).content
  await system.trail.close()
  const answer = await system.query(
    '{ patient(nhsNumber: "9990000018") { presence demographics { name { full } } } }',
    {},
    token,
  )
  expect([answer.status, answer.data, answer.errors.map(({ extensions }) => extensions.code)]).toEqual([
    503,
    null,
    ['AUDIT_UNAVAILABLE'],
  ])
  const content = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  expect([content.status, JSON.parse(await content.text()).errors[0].extensions.code]).toEqual([
    503,
    'AUDIT_UNAVAILABLE',
  ])
  expect((await fetch(`${system.url}/readyz`)).status).toBe(503)
})
