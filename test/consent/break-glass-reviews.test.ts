import { expect, test } from 'vitest'
import { readOutcomeEvents } from '../support/audit/read-events.ts'
import {
  auditor,
  breakGlass,
  breakGlassInput,
  consultant,
  consultantAsOfficer,
  guardian,
  officer,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { type System, startSystem } from '../support/system.ts'

type Holder = Parameters<System['token']>[0]

const openFor = async (system: System, who: Holder, variables = {}) =>
  (await runPublishedOperation(system, who, 'open-reviews', variables)).data.openReviews
interface ReviewAnswer {
  readonly grant: string
  readonly office: string
}
const reviewsOf = ({ nodes }: { readonly nodes: readonly ReviewAnswer[] }) =>
  nodes.map(({ grant, office }) => `${grant} ${office}`)
/**
 * What the trust's officer is to review: a region's review is its own office's, also where the trust belongs to the
 * region.
 */
const ofOfficer = (grant: string) => `${grant} VIEWERS_ORGANISATION`
const review = async (system: System, who: Holder, grant: string, office = 'VIEWERS_ORGANISATION') =>
  (
    await runPublishedOperation(system, who, 'review-override', {
      grant,
      office,
      outcome: 'JUSTIFIED',
      note: 'In the emergency department that night',
    })
  ).data.reviewOverride

const nobodys = { status: 'REFUSED', message: 'There is no such review for you to do.', review: null }

test('breaking the glass opens one review for each of two offices, and each office sees its own alone', async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  const ofTrust = await openFor(system, officer)
  expect(ofTrust).toMatchObject({
    complete: true,
    message: 'Complete: e-Xchange and LPRES answered.',
    openCount: 1,
    pageInfo: { hasNextPage: false },
  })
  expect(ofTrust.nodes).toEqual([
    {
      grant,
      region: { code: 'CHESHIRE_MERSEYSIDE', applicationName: 'e-Xchange' },
      at: expect.any(String),
      barrier: 'PERMISSION',
      reason: 'EMERGENCY',
      justification: 'Unconscious in resus',
      person: consultant.person,
      organisation: { odsCode: 'RXN', name: 'Lancashire Teaching Hospitals NHS Foundation Trust' },
      office: 'VIEWERS_ORGANISATION',
      dueBy: expect.any(String),
    },
  ])
  expect((await openFor(system, guardian)).nodes).toMatchObject([{ grant, office: 'REGION' }])
  expect(await openFor(system, auditor)).toMatchObject({ nodes: [], openCount: 0, complete: true })
})

test('each office reviews a grant once, and never through the person who broke the glass', async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  expect(await review(system, consultantAsOfficer, grant)).toEqual({
    status: 'REFUSED',
    message: 'Nobody reviews their own access.',
    review: null,
  })
  expect(await review(system, guardian, grant)).toEqual(nobodys)
  expect(await review(system, officer, grant, 'REGION')).toEqual(nobodys)

  const done = await review(system, officer, grant)
  expect(done).toEqual({
    status: 'DONE',
    message: 'The review is done.',
    review: { grant, office: 'VIEWERS_ORGANISATION', outcome: 'JUSTIFIED', reviewedAt: expect.any(String) },
  })
  expect(await review(system, officer, grant)).toMatchObject({
    status: 'REFUSED',
    message: 'This review is done already.',
  })
  expect(await openFor(system, officer)).toMatchObject({ nodes: [], openCount: 0 })

  expect(await review(system, guardian, grant, 'REGION')).toMatchObject({ status: 'DONE' })
  expect(await openFor(system, guardian)).toMatchObject({ nodes: [], openCount: 0 })
})

test('one person who holds both offices cannot do both reviews of a grant', async () => {
  await using system = await startSystem({ people: true })
  const { data } = await runPublishedOperation(
    system,
    { ...consultant, organisation: guardian.organisation },
    'break-glass',
    breakGlassInput,
  )
  const { grant } = data.breakGlass
  expect(reviewsOf(await openFor(system, guardian))).toEqual([`${grant} REGION`, `${grant} VIEWERS_ORGANISATION`])
  expect(await review(system, guardian, grant, 'REGION')).toMatchObject({ status: 'DONE' })
  expect(await review(system, guardian, grant)).toEqual({
    status: 'REFUSED',
    message: 'Two people review each broken glass: you did the other review.',
    review: null,
  })
  expect(await review(system, { ...guardian, person: '799' }, grant)).toMatchObject({ status: 'DONE' })
})

test("only the region's own office does the region's review, not an officer of one of its trusts", async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  const ofLiverpool = { ...officer, organisation: 'REM' }
  expect(await openFor(system, ofLiverpool)).toMatchObject({ nodes: [], openCount: 0 })
  expect(await review(system, ofLiverpool, grant, 'REGION')).toEqual(nobodys)
  expect(await review(system, guardian, grant, 'REGION')).toMatchObject({ status: 'DONE' })
})

test("a review's note holds up to 2,000 characters, and a longer one is refused before any region is called", async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  const note = async (text: string) =>
    runPublishedOperation(system, officer, 'review-override', {
      grant,
      office: 'VIEWERS_ORGANISATION',
      outcome: 'QUERY',
      note: text,
    })
  const before = system.requests()
  expect((await note('😀'.repeat(2001))).errors.map(({ extensions }) => extensions.code)).toEqual(['NOTE_TOO_LONG'])
  expect(system.requests()).toEqual(before)
  expect((await note('😀'.repeat(2000))).data.reviewOverride).toMatchObject({ status: 'DONE' })
})

test("an unknown or malformed grant gets the same answer as another office's grant, and a clinician is refused without a call", async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  const unknown = [
    'cheshire-merseyside.00000000-0000-0000-0000-000000000000',
    'cheshire-merseyside',
    'nowhere.1',
    '',
    `${grant} `,
    `lancashire-south-cumbria.${grant}`,
  ]
  for (const one of unknown) expect(await review(system, officer, one), one).toEqual(nobodys)
  const before = system.requests()
  expect(await review(system, { ...officer, role: 'R0050' }, grant)).toEqual({
    status: 'REFUSED',
    message: 'Reviews are for privacy officers.',
    review: null,
  })
  expect(system.requests()).toEqual(before)
  const events = await readOutcomeEvents(system, 'REVIEW')
  expect(events.map(({ decision, nhsNumber }) => [decision.code, nhsNumber])).toEqual([
    ...unknown.map(() => ['NOT_YOURS', null]),
    ['REFUSED_ROLE', null],
  ])
})

test('the audit trail records a review with its grant and finding, and names no patient', async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  await review(system, officer, grant)
  expect(await readOutcomeEvents(system, 'REVIEW')).toMatchObject([
    {
      change: 'reviewOverride VIEWERS_ORGANISATION JUSTIFIED',
      status: 'DONE',
      authority: { kind: 'GRANT', id: grant },
      region: 'CHESHIRE_MERSEYSIDE',
      nhsNumber: null,
      purpose: null,
      person: { id: officer.person },
    },
  ])
})

test("an officer who pages one review at a time, from any cursor, sees both regions' reviews once and newest first", async () => {
  await using system = await startSystem({ people: true })
  // LPRES asks for no permission; what it lifts here is its opt-out.
  const optedOut = { nhsNumber: '9990000360', region: 'LANCASHIRE_SOUTH_CUMBRIA', barrier: 'OPT_OUT' }
  const grants = [
    await breakGlass(system, { justification: 'The first of four' }),
    await breakGlass(system, { ...optedOut, justification: 'The second of four' }),
    await breakGlass(system, { justification: 'The third of four' }),
    await breakGlass(system, { ...optedOut, justification: 'The fourth of four' }),
  ]
  const newestFirst = grants.toReversed().map(ofOfficer)
  const paged: string[] = []
  for (let after: string | null = null, more = true; more; ) {
    const page = await openFor(system, officer, { first: 1, after })
    paged.push(...reviewsOf(page))
    expect(page.openCount).toBe(4)
    more = page.pageInfo.hasNextPage
    after = page.pageInfo.endCursor
  }
  expect(paged).toEqual(newestFirst)

  const text =
    'query Edges($after: String) { openReviews(after: $after) { edges { cursor } nodes { grant office } pageInfo { startCursor endCursor hasPreviousPage } } }'
  const token = await system.token(officer)
  const { edges, pageInfo } = (await system.query(text, {}, token)).data.openReviews
  expect(pageInfo).toEqual({ startCursor: edges[0].cursor, endCursor: edges[3].cursor, hasPreviousPage: false })
  for (const [index, { cursor }] of edges.entries()) {
    expect(reviewsOf((await system.query(text, { after: cursor }, token)).data.openReviews)).toEqual(
      newestFirst.slice(index + 1),
    )
  }
})

test("an officer sees the other regions' reviews and a notice while a region is stopped, and its reviews on the next page once it is back", async () => {
  await using system = await startSystem({ people: true })
  const optedOut = { nhsNumber: '9990000360', region: 'LANCASHIRE_SOUTH_CUMBRIA', barrier: 'OPT_OUT' }
  const here = await breakGlass(system)
  const there = await breakGlass(system, optedOut)
  await system.stop('lancashire-south-cumbria')
  const part = await openFor(system, officer)
  expect(reviewsOf(part)).toEqual([ofOfficer(here)])
  expect(part).toMatchObject({
    complete: false,
    openCount: 1,
    message: 'LPRES did not answer; what it holds is missing below.',
  })
  await system.restart('lancashire-south-cumbria')
  expect(reviewsOf(await openFor(system, officer, { after: part.pageInfo.endCursor }))).toEqual([ofOfficer(there)])
})

test.each([
  [{ first: 0 }, 'FIRST_OUT_OF_RANGE'],
  [{ first: 101 }, 'FIRST_OUT_OF_RANGE'],
  [{ after: '' }, 'BAD_CURSOR'],
  [{ after: 'W10' }, 'BAD_CURSOR'],
  [{ after: `${'A'.repeat(22)}W10` }, 'BAD_CURSOR'],
])('reviews asked for with %o are refused as %s', async (variables, code) => {
  await using system = await startSystem()
  const { errors, data } = await runPublishedOperation(system, officer, 'open-reviews', variables)
  expect([errors.map(({ extensions }) => extensions.code), data]).toEqual([[code], { openReviews: null }])
})
