import { expect, test } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import {
  auditor,
  breakGlass,
  consultant,
  guardian,
  officer,
  patient,
  readDecision,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { type System, startSystem } from '../support/system.ts'

type Holder = Parameters<System['token']>[0]

interface AccessAnswer {
  readonly person: string
  readonly region: string
  readonly decision: string | null
}

const ofPatient = async (system: System, who: Holder): Promise<readonly AccessAnswer[]> =>
  (await runPublishedOperation(system, who, 'who-saw-this-patient', { nhsNumber: patient })).data.accesses.nodes

/** Everybody's view of the patient in both regions. */
async function lookAs(system: System, who: Holder): Promise<void> {
  await system.query(
    `query Look { patient(nhsNumber: "${patient}", access: { relationship: CLAIMED }) { presence } }`,
    {},
    await system.token(who),
  )
}

test('an officer sees accesses by their organisation or to their region, and no others', async () => {
  await using system = await startSystem({ people: true })
  await lookAs(system, { ...consultant, person: 'lancashire' })
  await lookAs(system, { ...consultant, person: 'wirral', organisation: 'RBL' })
  const seen = async (who: Holder) => (await ofPatient(system, who)).map(({ person, region }) => `${person} ${region}`)
  const [wirralToLpres, wirralToExchange] = ['wirral LANCASHIRE_SOUTH_CUMBRIA', 'wirral CHESHIRE_MERSEYSIDE']
  const [lancashireToLpres, lancashireToExchange] = [
    'lancashire LANCASHIRE_SOUTH_CUMBRIA',
    'lancashire CHESHIRE_MERSEYSIDE',
  ]
  expect(await seen(guardian)).toEqual([wirralToExchange, lancashireToExchange])
  expect(await seen(auditor)).toEqual([wirralToLpres, lancashireToLpres])
  // A trust's officer: what the trust did anywhere, and its region.
  expect(await seen(officer)).toEqual([wirralToLpres, lancashireToLpres, lancashireToExchange])
  // The ambulance trust serves both regions.
  expect(await seen({ ...officer, organisation: 'RX7' })).toEqual([
    wirralToLpres,
    wirralToExchange,
    lancashireToLpres,
    lancashireToExchange,
  ])
  // An organisation of no region of ours.
  expect(await seen({ ...officer, organisation: 'XXX' })).toEqual([])

  const { data } = await runPublishedOperation(system, guardian, 'what-this-person-saw', { person: 'lancashire' })
  expect(data.accessesBy.nodes.map(({ region }: AccessAnswer) => region)).toEqual(['CHESHIRE_MERSEYSIDE'])
})

test('an officer sees who accessed the record, in which role, for which operation, and with which outcome', async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  await readDecision(system)
  const { data } = await runPublishedOperation(system, guardian, 'who-saw-this-patient', { nhsNumber: patient })
  expect(data.accesses.nodes).toEqual([
    {
      at: expect.any(String),
      person: consultant.person,
      name: consultant.name,
      role: { code: 'R0050', display: null },
      organisation: { odsCode: 'RXN', name: 'Lancashire Teaching Hospitals NHS Foundation Trust' },
      operation: 'Look',
      region: 'CHESHIRE_MERSEYSIDE',
      status: 'ANSWERED',
      decision: 'OVERRIDDEN',
      grant,
      alert: true,
    },
  ])
})

test('an officer sees no decision of a region that did not answer, and no operation of an opened document', async () => {
  await using system = await startSystem({ people: true })
  const viewer = { person: '9' }
  const token = await system.token(viewer)
  const { data } = await system.query(
    '{ patient(nhsNumber: "9990000328") { documents { nodes { content { url } } } } }',
    {},
    token,
  )
  const { url } = data.patient.documents.nodes.find(({ content }: { content: unknown }) => content !== null).content
  await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).arrayBuffer()
  await system.stop('cheshire-merseyside')
  await lookAs(system, viewer)
  const answer = await runPublishedOperation(system, { ...guardian, organisation: 'RX7' }, 'what-this-person-saw', {
    person: '9',
  })
  expect(answer.errors).toEqual([])
  const shown = answer.data.accessesBy.nodes.map(({ operation, region, status, decision }: Record<string, unknown>) => [
    operation,
    region,
    status,
    decision,
  ])
  expect(shown).toContainEqual(['Look', 'CHESHIRE_MERSEYSIDE', 'UNREACHABLE', null])
  expect(shown).toContainEqual(['document content', expect.any(String), 'ANSWERED', 'PERMITTED'])
  expect(shown).toContainEqual(['unnamed', 'CHESHIRE_MERSEYSIDE', 'ANSWERED', 'PERMITTED'])
})

test("an officer's pages continue after any cursor", async () => {
  await using system = await startSystem({ people: true })
  for (const person of ['1', '2', '3', '4']) await lookAs(system, { ...consultant, person })
  const text = `query Page($first: Int, $after: String) { accesses(nhsNumber: "${patient}", first: $first, after: $after) {
    edges { cursor node { person } } nodes { person } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
  const token = await system.token(guardian)
  const page = async (variables: Readonly<Record<string, unknown>>) =>
    (await system.query(text, variables, token)).data.accesses
  const people = (connection: { readonly nodes: readonly AccessAnswer[] }) =>
    connection.nodes.map(({ person }) => person)
  const { edges, ...whole } = await page({})
  expect(people(whole)).toEqual(['4', '3', '2', '1'])
  expect(whole.pageInfo).toEqual({
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: edges[0].cursor,
    endCursor: edges[3].cursor,
  })
  expect(await page({ first: 3 })).toMatchObject({ pageInfo: { hasNextPage: true, endCursor: edges[2].cursor } })
  for (const [index, { cursor }] of edges.entries())
    expect(people(await page({ after: cursor }))).toEqual(['4', '3', '2', '1'].slice(index + 1))
  expect(people(await page({ first: 1, after: edges[1].cursor }))).toEqual(['2'])
  expect(Buffer.from(edges[0].cursor, 'base64url').toString()).not.toContain(patient)
})

test("every officer's query is on the trail before its answer, and so is a refused query", async () => {
  await using system = await startSystem({ people: true })
  await lookAs(system, consultant)
  await runPublishedOperation(system, guardian, 'who-saw-this-patient', { nhsNumber: patient })
  await runPublishedOperation(system, guardian, 'what-this-person-saw', { person: consultant.person })
  await runPublishedOperation(system, guardian, 'open-reviews')
  await runPublishedOperation(system, guardian, 'explain-access', {
    nhsNumber: patient,
    viewer: { role: 'R0260', organisation: 'REM' },
  })
  const refused = await runPublishedOperation(system, consultant, 'who-saw-this-patient', { nhsNumber: patient })
  expect([refused.errors.map(({ extensions }) => extensions.code), refused.data]).toEqual([
    ['FORBIDDEN'],
    { accesses: null },
  ])

  const events = await readEvents(system, 'PRIVACY_QUERY')
  const parts = events.map(({ person, operation, nhsNumber, aboutPerson, decision, items }) => [
    person.id,
    operation.name,
    nhsNumber,
    aboutPerson,
    decision.code,
    items,
  ])
  expect(parts).toEqual([
    [guardian.person, 'WhoSawThisPatient', patient, null, 'PERMITTED', 1],
    [guardian.person, 'WhatThisPersonSaw', null, consultant.person, 'PERMITTED', 1],
    [guardian.person, 'OpenReviews', null, null, 'PERMITTED', 0],
    [guardian.person, 'ExplainAccess', patient, null, 'PERMITTED', 1],
    [consultant.person, 'WhoSawThisPatient', patient, null, 'REFUSED_ROLE', 0],
  ])
  expect(events[0]).toMatchObject({
    role: { code: 'R5105' },
    organisation: { odsCode: 'QYG' },
    purpose: null,
    region: null,
    status: 'ANSWERED',
  })

  await system.trail.close()
  const untold = await runPublishedOperation(system, guardian, 'who-saw-this-patient', { nhsNumber: patient })
  expect([untold.errors.map(({ extensions }) => extensions.code), untold.data]).toEqual([
    ['AUDIT_UNAVAILABLE'],
    { accesses: null },
  ])
})

test.each([
  ['who-saw-this-patient', { nhsNumber: patient, first: 0 }, 'FIRST_OUT_OF_RANGE'],
  ['who-saw-this-patient', { nhsNumber: patient, first: 101 }, 'FIRST_OUT_OF_RANGE'],
  ['who-saw-this-patient', { nhsNumber: patient, after: 'nonsense' }, 'BAD_CURSOR'],
  ['what-this-person-saw', { person: '' }, 'BAD_USER_INPUT'],
  ['what-this-person-saw', { person: '1\n2' }, 'BAD_USER_INPUT'],
  ['what-this-person-saw', { person: 'a'.repeat(256) }, 'BAD_USER_INPUT'],
])('the officer query %s with %o is refused as %s, and the trail stays readable', async (name, variables, code) => {
  await using system = await startSystem()
  expect(
    (await runPublishedOperation(system, guardian, name, variables)).errors.map(({ extensions }) => extensions.code),
  ).toEqual([code])
  expect(
    (await runPublishedOperation(system, guardian, 'who-saw-this-patient', { nhsNumber: patient })).errors,
  ).toEqual([])
})
