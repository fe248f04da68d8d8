import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  oneof,
  option,
  property,
  record,
  string,
  stringMatching,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AccessEvent, TrailEntry } from '../../gateway/audit/audit-event.ts'
import type { FhirAuditEvent } from '../../gateway/audit/to-fhir-audit-event.ts'
import { exportTrail, toFhirAuditEvent } from '../../gateway/audit/to-fhir-audit-event.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { loadAuditEventSchema } from '../support/audit/fhir-r4-schema.ts'
import { createTrailFolder } from '../support/audit/trail-folder.ts'

const findFaults = loadAuditEventSchema()

function toEntry(event: TrailEntry['event']): TrailEntry {
  return {
    sequence: 7,
    writer: 'gateway-1',
    time: '2026-11-22T12:00:00.000Z',
    previous: '0'.repeat(64),
    event,
    hash: 'f'.repeat(64),
  }
}

function expectValid(event: FhirAuditEvent): void {
  const read: FhirAuditEvent = JSON.parse(JSON.stringify(event))
  expect(findFaults(read)).toEqual([])
  // Required by R4, and not by its JSON schema.
  expect(read.recorded).toMatch(/Z$/)
  expect(read.agent.length).toBeGreaterThan(0)
  expect(read.agent.filter(({ requestor }) => requestor)).toHaveLength(1)
  expect(read.agent.every(({ requestor }) => typeof requestor === 'boolean')).toBe(true)
}

const id = stringMatching(/^[A-Za-z0-9][A-Za-z0-9 :./-]{0,20}$/)
const text = oneof(string({ unit: 'grapheme', maxLength: 20 }), constantFrom('Dr\u00a0Zoë Ashworth'))
// As the first gateways accepted them of a token.
const anyId = oneof({ weight: 4, arbitrary: id }, constantFrom('', ' ', '\u0000'))
const perhaps = option(id)
const hash = constantFrom('a'.repeat(64), 'b'.repeat(64))

const anyAccess = record<AccessEvent>({
  kind: constantFrom('VIEW', 'DOCUMENT', 'PERMISSION', 'BREAK_GLASS', 'REVIEW', 'PRIVACY_QUERY'),
  requestId: id,
  operation: record({ name: option(stringMatching(/^[A-Z]\w{0,9}$/)), hash: option(hash) }),
  person: record({ id: anyId, name: option(text) }),
  role: record({ code: constantFrom('R0260', '', 'no  code'), display: option(text) }),
  organisation: record({ odsCode: anyId, name: option(text), regions: array(id, { maxLength: 2 }) }),
  nhsNumber: option(constantFrom('9990000018')),
  aboutPerson: perhaps,
  documentId: perhaps,
  purpose: option(constantFrom('DIRECT_CARE', 'EMERGENCY', 'RESEARCH', 'MARKETING')),
  relationship: perhaps,
  reason: perhaps,
  supervisor: perhaps,
  authority: option(record({ kind: constantFrom('PERMISSION', 'GRANT'), id })),
  change: perhaps,
  changeId: perhaps,
  region: perhaps,
  decision: record({
    code: constantFrom('PERMITTED', 'OVERRIDDEN', 'REFUSED_ROLE'),
    rules: array(text.filter(Boolean), { maxLength: 3 }),
    policyVersion: perhaps,
  }),
  status: constantFrom('ANSWERED', 'TIMED_OUT', 'REFUSED', 'INTENDED'),
  latencyMs: option(integer({ min: 0, max: 3000 })),
  answeredFrom: constantFrom('REGION', 'CACHE', 'NOWHERE'),
  items: integer({ min: 0, max: 500 }),
  withheld: array(id, { maxLength: 3 }),
  alert: boolean(),
})

describe('an event as a FHIR R4 AuditEvent', () => {
  test('an exported access is valid by the R4 JSON schema, whatever the access', () => {
    assert(
      property(anyAccess, (access) => expectValid(toFhirAuditEvent(toEntry(access)))),
      { numRuns: 300 },
    )
  })

  test.each<TrailEntry['event']>([
    { kind: 'RECOVERY', cutBytes: 29, cutHash: 'a'.repeat(64), unconfirmed: 0 },
    {
      kind: 'RETENTION',
      writer: 'gateway-1',
      keptYears: 8,
      dropped: [{ file: 'one.jsonl', sequence: 4, hash: 'a'.repeat(64), time: '2018-01-01T00:00:00.000Z' }],
    },
  ])("the trail's own event exports as a valid AuditEvent: $kind", (event) => {
    expectValid(toFhirAuditEvent(toEntry(event)))
  })

  test('the schema finds faults in a damaged AuditEvent', () => {
    const valid = toFhirAuditEvent(toEntry(accessEvent()))
    expect(findFaults({ ...valid, outcome: 'fine' })).not.toEqual([])
    expect(findFaults({ ...valid, recorded: 'yesterday' })).not.toEqual([])
    expect(findFaults({ ...valid, agent: [{ ...valid.agent[0], colour: 'blue' }] })).not.toEqual([])
  })

  test('an exported event names the person, role, organisation, region, patient, purpose and operation', () => {
    const { agent, entity, purposeOfEvent, ...event } = toFhirAuditEvent(toEntry(accessEvent()))
    expect(event).toMatchObject({
      id: 'gateway-1-7',
      action: 'E',
      outcome: '0',
      recorded: '2026-11-22T12:00:00.000Z',
      subtype: [{ code: 'patient-view' }],
    })
    expect(agent.map(({ who, requestor }) => [who.identifier.value, requestor])).toEqual([
      ['555000000001', true],
      ['REM', false],
      ['CHESHIRE_MERSEYSIDE', false],
    ])
    expect(agent[0]?.role?.[0]?.coding?.[0]?.code).toBe('R0260')
    expect(purposeOfEvent?.[0]?.coding?.[0]?.code).toBe('TREAT')
    expect(entity?.[0]).toMatchObject({
      what: { identifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' } },
      role: { code: '1' },
    })
    expect(entity?.[1]).toMatchObject({
      name: 'PatientView',
      what: { identifier: { value: 'a'.repeat(64) } },
      role: { code: '24' },
    })
  })

  test('an exported event says where an alert was raised, and omits it where none was', () => {
    const detailsOf = (alert: boolean) =>
      toFhirAuditEvent(toEntry(accessEvent({ alert })))
        .entity?.at(-1)
        ?.detail?.filter(({ type }) => type === 'alert')
    expect(detailsOf(true)).toEqual([{ type: 'alert', valueString: 'raised' }])
    expect(detailsOf(false)).toEqual([])
  })

  test.each([
    ['permitted and answered', { code: 'PERMITTED', status: 'ANSWERED' }, '0'],
    ['permitted, and the region has nothing', { code: 'PERMITTED', status: 'NOT_KNOWN' }, '0'],
    ['refused', { code: 'REFUSED_ROLE', status: 'REFUSED' }, '4'],
    ['permitted, and the region is late', { code: 'PERMITTED', status: 'TIMED_OUT' }, '8'],
    ['undecided, because the region is not reached', { code: 'UNDECIDED', status: 'UNREACHABLE' }, '8'],
    ['an intent, whose outcome is an event of its own', { code: 'UNDECIDED', status: 'INTENDED' }, undefined],
  ])('an exported event has the right outcome: %s', (_, { code, status }, outcome) => {
    expect(
      toFhirAuditEvent(toEntry(accessEvent({ status, decision: { code, rules: [], policyVersion: null } }))).outcome,
    ).toBe(outcome)
  })
})

test('an export marks broken glass as a security alert with its grant and the barrier', () => {
  const change = 'breakGlass PERMISSION EMERGENCY'
  const event = toFhirAuditEvent(
    toEntry(accessEvent({ kind: 'BREAK_GLASS', status: 'DONE', change, authority: { kind: 'GRANT', id: 'grant-1' } })),
  )
  expectValid(event)
  expect(event).toMatchObject({
    type: { code: '110113' },
    subtype: [{ code: 'break-glass' }, { code: '110127' }],
    action: 'E',
    outcome: '0',
  })
  expect(event.entity?.at(-1)?.detail).toEqual(
    expect.arrayContaining([
      { type: 'grant', valueString: 'grant-1' },
      { type: 'change', valueString: change },
    ]),
  )
})

test('an export contains what was recorded between two times, one valid resource per line', async () => {
  using place = createTrailFolder()
  let now = Date.parse('2026-11-20T12:00:00Z')
  await using trail = await place.open({ now: () => now })
  for (const day of ['20', '21', '22', '23']) {
    await trail.record([accessEvent({ requestId: day })])
    now += 86_400_000
  }
  let text = ''
  for await (const lines of exportTrail({
    folder: place.folder,
    since: '2026-11-21T00:00:00.000Z',
    until: '2026-11-23T00:00:00.000Z',
  }))
    text += lines
  const events = text
    .trimEnd()
    .split('\n')
    .map((line): FhirAuditEvent => JSON.parse(line))
  expect(events.map(({ recorded }) => recorded.slice(0, 10))).toEqual(['2026-11-21', '2026-11-22'])
  for (const event of events) expectValid(event)
})
