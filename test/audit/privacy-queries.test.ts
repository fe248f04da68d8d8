import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check'
import { expect, test } from 'vitest'
import { type AccessPage, type AccessQuery, createAccessIndex } from '../../gateway/audit/access-index.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder } from '../support/audit/trail-folder.ts'

const everything: AccessQuery = { scope: 'EVERYTHING', first: 100 }

/** A clock that moves on a second each time it is read. */
function createClock(): () => number {
  let now = Date.parse('2026-11-22T12:00:00Z')
  return () => {
    now += 1000
    return now
  }
}

function ids({ accesses }: AccessPage): readonly string[] {
  return accesses.map(({ event }) => event.requestId)
}

test('an officer sees who accessed a patient, and what a person accessed, newest first', async () => {
  using place = createTrailFolder()
  await using trail = await place.open({ now: createClock() })
  const other = { id: '555000000002', name: 'Nurse' }
  await trail.record([
    accessEvent({ requestId: 'one' }),
    accessEvent({ requestId: 'elsewhere', nhsNumber: '9990000026' }),
  ])
  await trail.record([accessEvent({ requestId: 'two', person: other })])
  await trail.record([accessEvent({ requestId: 'three' })])
  const index = createAccessIndex({ folder: place.folder })
  expect(ids(await index.findByPatient('9990000018', everything))).toEqual(['three', 'two', 'one'])
  expect(ids(await index.findByPerson('555000000001', everything))).toEqual(['three', 'elsewhere', 'one'])
  expect(await index.findByPatient('9990000034', everything)).toEqual({
    accesses: [],
    hasNextPage: false,
    endCursor: null,
  })
})

test('an officer sees an access that any writer recorded a moment ago', async () => {
  using place = createTrailFolder()
  const index = createAccessIndex({ folder: place.folder })
  await using one = await place.open()
  await one.record([accessEvent({ requestId: 'one' })])
  expect(ids(await index.findByPatient('9990000018', everything))).toEqual(['one'])
  await using two = await place.open({ writer: 'gateway-2', now: () => Date.now() + 1000 })
  await Promise.all([
    two.record([accessEvent({ requestId: 'two' })]),
    one.record([accessEvent({ requestId: 'three' })]),
  ])
  expect(ids(await index.findByPatient('9990000018', everything))).toEqual(['two', 'three', 'one'])
})

test('a privacy officer sees accesses by their organisation or to their region', async () => {
  using place = createTrailFolder()
  await using trail = await place.open()
  const from = (odsCode: string) => ({ odsCode, name: null, regions: [] })
  await trail.record([
    accessEvent({ requestId: 'ours, to us', organisation: from('REM'), region: 'CHESHIRE_MERSEYSIDE' }),
    accessEvent({ requestId: 'ours, to them', organisation: from('REM'), region: 'LANCASHIRE_SOUTH_CUMBRIA' }),
    accessEvent({ requestId: 'theirs, to us', organisation: from('RXN'), region: 'CHESHIRE_MERSEYSIDE' }),
    accessEvent({ requestId: 'theirs, to them', organisation: from('RXN'), region: 'LANCASHIRE_SOUTH_CUMBRIA' }),
  ])
  const index = createAccessIndex({ folder: place.folder })
  const scope = { organisations: ['REM'], regions: ['CHESHIRE_MERSEYSIDE'] }
  expect(ids(await index.findByPatient('9990000018', { scope, first: 10 }))).toEqual([
    'theirs, to us',
    'ours, to them',
    'ours, to us',
  ])
  const firstTwo = await index.findByPatient('9990000018', { scope, first: 3 })
  expect(firstTwo.hasNextPage).toBe(false)
})

test("the trail records privacy queries, and an officer's answer includes them", async () => {
  using place = createTrailFolder()
  await using trail = await place.open()
  await trail.record([
    accessEvent({ requestId: 'view' }),
    accessEvent({ requestId: 'query', kind: 'PRIVACY_QUERY', region: null }),
  ])
  const index = createAccessIndex({ folder: place.folder })
  expect(ids(await index.findByPatient('9990000018', everything))).toEqual(['view'])
  expect(ids(await index.findByPatient('9990000018', { ...everything, kinds: ['PRIVACY_QUERY'] }))).toEqual(['query'])
})

test.each(['', 'nonsense', Buffer.from('{"gateway-1":-1}').toString('base64url')])(
  'a privacy query refuses the cursor %j',
  async (after) => {
    using place = createTrailFolder()
    const index = createAccessIndex({ folder: place.folder })
    await expect(index.findByPatient('9990000018', { ...everything, after })).rejects.toMatchObject({
      code: 'BAD_CURSOR',
    })
  },
)

const accesses = array(
  record({
    writer: constantFrom('gateway-1', 'gateway-2', 'gateway-3'),
    nhsNumber: constantFrom('9990000018', '9990000026'),
    person: constantFrom('555000000001', '555000000002'),
    region: constantFrom('CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'),
  }),
  { minLength: 1, maxLength: 30 },
)

test('pages of any size over any writers and files show each access once and newest first while more are recorded', async () => {
  await assert(
    asyncProperty(accesses, integer({ min: 1, max: 7 }), async (made, first) => {
      using place = createTrailFolder()
      const now = createClock()
      const trails = new Map(
        await Promise.all(
          ['gateway-1', 'gateway-2', 'gateway-3'].map(
            async (writer) => [writer, await place.open({ writer, now, rotateBytes: 3000 })] as const,
          ),
        ),
      )
      const write = async (all: typeof made, prefix: string) => {
        for (const [index, { writer, person, ...access }] of all.entries()) {
          await trails
            .get(writer)
            ?.record([accessEvent({ ...access, requestId: `${prefix}${index}`, person: { id: person, name: null } })])
        }
      }
      await write(made, '')
      const scope = { organisations: [], regions: ['CHESHIRE_MERSEYSIDE'] }
      const index = createAccessIndex({ folder: place.folder })
      const found: string[] = []
      let after: string | null = null
      for (let more = true; more; ) {
        const page: AccessPage = await index.findByPatient('9990000018', { scope, first, after })
        found.push(...ids(page))
        more = page.hasNextPage
        after = page.endCursor
        await write(made.slice(0, 2), 'later ')
      }
      const expected = made.flatMap(({ nhsNumber, region }, position) =>
        nhsNumber === '9990000018' && region === 'CHESHIRE_MERSEYSIDE' ? [String(position)] : [],
      )
      expect(found).toEqual(expected.toReversed())
      await Promise.all([...trails.values()].map((trail) => trail.close()))
    }),
    { numRuns: 25 },
  )
})
