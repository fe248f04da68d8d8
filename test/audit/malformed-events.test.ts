import { readFile, writeFile } from 'node:fs/promises'
import {
  type Arbitrary,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  record,
  string,
} from 'fast-check'
import { expect, test } from 'vitest'
import { createAccessIndex } from '../../gateway/audit/access-index.ts'
import type { AuditEvent } from '../../gateway/audit/audit-event.ts'
import { PrintedEvent } from '../../gateway/audit/chain-line.ts'
import { exportTrail } from '../../gateway/audit/to-fhir-audit-event.ts'
import { toTallyKey } from '../../gateway/utilisation/day-tallies.ts'
import { createTrailTallies } from '../../gateway/utilisation/trail-tallies.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { loadAuditEventSchema } from '../support/audit/fhir-r4-schema.ts'
import { createTrailFolder, type TrailFolder } from '../support/audit/trail-folder.ts'
import { guardian, runPublishedOperation } from '../support/consent/broken-glass.ts'
import { startSystem } from '../support/system.ts'

const everything = { scope: 'EVERYTHING', first: 100 } as const
const written = (event: unknown) => new PrintedEvent(JSON.stringify(event))

async function exportOf({ folder }: TrailFolder) {
  const odd: string[] = []
  let text = ''
  for await (const lines of exportTrail({ folder, onOdd: (entry) => odd.push(`${entry.sequence}: ${entry.odd}`) }))
    text += lines
  return { events: text.split('\n').filter(Boolean), odd }
}

/** An event whose fields may each be anything. */
const oddEvent: Arbitrary<unknown> = oneof(
  record({
    field: constantFrom(...Object.keys(accessEvent()), 'unheardOf'),
    value: oneof(jsonValue(), string({ unit: 'binary' }), dictionary(string(), jsonValue())),
  }).map(({ field, value }) => ({
    ...accessEvent({ requestId: 'odd' }),
    [field]: value,
  })),
  jsonValue(),
)

test('a malformed event keeps no other event from being exported, found or counted, and every export is valid', async () => {
  const findFaults = loadAuditEventSchema()
  await assert(
    asyncProperty(oddEvent, async (odd) => {
      using place = createTrailFolder()
      await using trail = await place.open()
      await trail.record([accessEvent({ requestId: 'before' }), written(odd), accessEvent({ requestId: 'after' })])
      expect(await place.verify()).toMatchObject({ events: 3, break: null })

      const { events } = await exportOf(place)
      expect(events).toHaveLength(3)
      for (const event of events) expect(findFaults(JSON.parse(event)), event).toEqual([])
      const { accesses } = await createAccessIndex({ folder: place.folder }).findByPatient('9990000018', everything)
      expect(accesses.map(({ event }) => event.requestId).filter((id) => id === 'before' || id === 'after')).toEqual([
        'after',
        'before',
      ])
    }),
    { numRuns: Number(process.env.CASES ?? 60) },
  )
})

test('the readable fields of a malformed event are exported and shown, and the malformed ones are named', async () => {
  using place = createTrailFolder()
  await using trail = await place.open()
  const { person: _, ...nobody } = accessEvent()
  await trail.record([
    written(accessEvent({ person: { id: '', name: 'Nameless' } })),
    written({ ...accessEvent(), colour: 'blue' }),
    written(nobody),
    written({ ...accessEvent(), kind: 'TELEPATHY' }),
    accessEvent(),
  ])
  const { events, odd } = await exportOf(place)
  expect(odd).toEqual(['1: person.id', expect.stringMatching(/^2: /), '3: person', '4: kind'])
  expect(JSON.parse(events[0] ?? '').agent[0]).toMatchObject({ altId: 'unknown', name: 'Nameless' })
  expect(JSON.parse(events[1] ?? '').agent[0]).toMatchObject({ altId: '555000000001' })
  expect(JSON.parse(events[3] ?? '')).toMatchObject({ outcome: '8', subtype: [{ code: 'unreadable' }] })

  const told: string[] = []
  const index = createAccessIndex({
    folder: place.folder,
    onOdd: ({ writer, sequence, odd: what }) => told.push(`${writer} ${sequence}: ${what}`),
  })
  for (const _ of ['once', 'again'])
    expect(
      (await index.findByPatient('9990000018', everything)).accesses.map(({ sequence, odd: what }) => [sequence, what]),
    ).toMatchObject([
      [5, null],
      [3, 'person'],
      [2, expect.any(String)],
      [1, 'person.id'],
    ])
  expect(told).toEqual([
    'gateway-1 4: kind',
    'gateway-1 3: person',
    expect.stringMatching(/^gateway-1 2: /),
    'gateway-1 1: person.id',
  ])
})

test('an altered line is exported as it stands and named, a line that is no event is listed, and later lines are found', async () => {
  using place = createTrailFolder()
  {
    await using trail = await place.open()
    for (let n = 1; n <= 4; n++) await trail.record([accessEvent({ items: n })])
  }
  const [file = ''] = await place.files()
  const lines = (await readFile(file, 'utf8')).split('\n')
  await writeFile(file, [lines[0]?.replace('"items":1', '"items":9'), '{"torn', ...lines.slice(2)].join('\n'))
  const { events, odd } = await exportOf(place)
  expect(odd).toEqual(['1: its hash does not fit its text', '2: the line is no event'])
  expect(events.map((event) => JSON.parse(event).id)).toEqual([
    'gateway-1-1',
    'gateway-1-2',
    'gateway-1-3',
    'gateway-1-4',
  ])
  const { accesses } = await createAccessIndex({ folder: place.folder }).findByPatient('9990000018', everything)
  expect(accesses.map(({ event, odd: what }) => [event.items, what])).toEqual([
    [4, null],
    [3, null],
    [9, 'its hash does not fit its text'],
  ])
})

test('the utilisation report counts around a malformed event, and says how many it could not count', async () => {
  using place = createTrailFolder()
  await using trail = await place.open()
  const { organisation: _, ...homeless } = accessEvent()
  await trail.record([accessEvent(), written(homeless), accessEvent(), written({ ...accessEvent(), decision: null })])
  const { tallies, odd } = await createTrailTallies({ folder: place.folder, now: Date.now }).read()
  expect([...odd]).toEqual([['gateway-1', 2]])
  const cell = toTallyKey('ORGANISATION', 'CHESHIRE_MERSEYSIDE', 'CHESHIRE_MERSEYSIDE', 'REM')
  expect([...tallies.values()].map((day) => day.get(cell))).toEqual([2])
})

test("a privacy officer sees the accesses around a malformed one, and that one's readable fields", async () => {
  await using system = await startSystem({ people: true })
  await system.trail.record([
    accessEvent({ requestId: 'one' }),
    accessEvent({
      region: 'A_FORMER_REGION',
      status: 'UNHEARD_OF',
      decision: { code: 'A_FORMER_CODE', rules: [], policyVersion: null },
    }),
    written({ ...accessEvent(), person: { id: '', name: null }, region: 7 }) as unknown as AuditEvent,
    accessEvent({ requestId: 'four' }),
  ])
  const query = '{ accesses(nhsNumber: "9990000018") { nodes { person region status decision odd } } }'
  const { errors, data } = await system.query(query, {}, await system.token({ ...guardian, organisation: 'REM' }))
  expect(errors).toEqual([])
  const usual = {
    person: '555000000001',
    region: 'CHESHIRE_MERSEYSIDE',
    status: 'ANSWERED',
    decision: 'PERMITTED',
    odd: false,
  }
  expect(data.accesses.nodes).toEqual([
    usual,
    { person: 'unknown', region: null, status: 'ANSWERED', decision: 'PERMITTED', odd: true },
    { ...usual, region: null, status: 'FAILED', decision: null },
    usual,
  ])
  expect(
    (await runPublishedOperation(system, guardian, 'what-this-person-saw', { person: '555000000001' })).errors,
  ).toEqual([])
  expect(await (await fetch(`${system.url}/metrics`)).text()).toContain('gateway_audit_odd_events_total 1\n')
})
