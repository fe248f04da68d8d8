import { expect, test } from 'vitest'
import { readOutcomeEvents } from '../support/audit/read-events.ts'
import {
  breakGlassInput,
  consultant,
  patient,
  readDecision,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { startSystem } from '../support/system.ts'

const exchange = { nhsNumber: patient, region: 'CHESHIRE_MERSEYSIDE' }

test("the patient's permission opens the record to the organisation, and its withdrawal closes the record", async () => {
  await using system = await startSystem({ people: true })
  const colleague = { ...consultant, person: '799' }
  const stranger = { ...consultant, organisation: 'RXR' }
  expect(await readDecision(system)).toMatchObject({ status: 'PERMISSION_REQUIRED' })

  const recorded = (await runPublishedOperation(system, consultant, 'record-permission', exchange)).data
    .recordPermission
  expect(recorded).toMatchObject({ status: 'DONE', region: { applicationName: 'e-Xchange' } })
  expect(recorded.message).toMatch(/^Recorded with e-Xchange\. .+24 hours/)
  expect(Date.parse(recorded.until) - Date.now()).toBeGreaterThan(23 * 3_600_000)
  expect(
    [await readDecision(system), await readDecision(system, colleague), await readDecision(system, stranger)].map(
      ({ status }) => status,
    ),
  ).toEqual(['ANSWERED', 'ANSWERED', 'PERMISSION_REQUIRED'])

  const withdrawn = (await runPublishedOperation(system, consultant, 'withdraw-permission', exchange)).data
    .withdrawPermission
  expect(withdrawn).toMatchObject({ status: 'DONE', until: null })
  expect(await readDecision(system)).toMatchObject({ status: 'PERMISSION_REQUIRED' })
})

test('a region that requires no permission says so, and one whose access rules refuse the viewer is not called', async () => {
  await using system = await startSystem({ people: true })
  const refused = await runPublishedOperation(system, consultant, 'record-permission', {
    nhsNumber: patient,
    region: 'LANCASHIRE_SOUTH_CUMBRIA',
  })
  expect(refused.errors).toEqual([])
  expect(refused.data.recordPermission).toMatchObject({
    status: 'REFUSED',
    message: 'LPRES does not ask for permission: a relationship is enough.',
    until: null,
  })

  const before = system.requests()
  const student = (await runPublishedOperation(system, { ...consultant, role: 'R8004' }, 'record-permission', exchange))
    .data.recordPermission
  expect(student).toMatchObject({ status: 'REFUSED', message: expect.stringContaining('e-Xchange') })
  const researcher = (
    await runPublishedOperation(system, { ...consultant, purpose: 'RESEARCH' }, 'withdraw-permission', exchange)
  ).data.withdrawPermission
  expect(researcher).toMatchObject({
    status: 'REFUSED',
    message: expect.stringContaining('direct care and emergencies only'),
  })
  expect(system.requests()).toEqual(before)
})

test('the trail records each change and refusal with what it gave, and no answer contains an NHS number', async () => {
  await using system = await startSystem({ people: true })
  const answers = [
    await runPublishedOperation(system, consultant, 'record-permission', exchange),
    // Nobody is admitted there.
    await runPublishedOperation(system, consultant, 'record-permission', {
      ...exchange,
      basis: 'INPATIENT_STAY_7_DAYS',
    }),
    await runPublishedOperation(system, consultant, 'withdraw-permission', exchange),
    await runPublishedOperation(system, { ...consultant, role: 'R8004' }, 'record-permission', exchange),
    await runPublishedOperation(system, consultant, 'break-glass', { ...breakGlassInput, reason: 'COURT_ORDER' }),
    await runPublishedOperation(system, consultant, 'break-glass', breakGlassInput),
  ]
  for (const { text } of answers) expect(text).not.toContain(patient)
  const events = await readOutcomeEvents(system, 'PERMISSION', 'BREAK_GLASS')
  expect(
    events.map(({ kind, change, status, decision, authority }) => [
      kind,
      change,
      status,
      decision.code,
      authority?.kind,
    ]),
  ).toEqual([
    ['PERMISSION', 'recordPermission CARE_EPISODE_24_HOURS', 'DONE', 'PERMITTED', 'PERMISSION'],
    ['PERMISSION', 'recordPermission INPATIENT_STAY_7_DAYS', 'REFUSED', 'REFUSED_ROLE', undefined],
    ['PERMISSION', 'withdrawPermission', 'DONE', 'PERMITTED', undefined],
    ['PERMISSION', 'recordPermission CARE_EPISODE_24_HOURS', 'REFUSED', 'REFUSED_AGREEMENT', undefined],
    ['BREAK_GLASS', 'breakGlass PERMISSION COURT_ORDER', 'REFUSED', 'PERMISSION_REQUIRED', undefined],
    ['BREAK_GLASS', 'breakGlass PERMISSION EMERGENCY', 'DONE', 'PERMITTED', 'GRANT'],
  ])
  expect(events[5]).toMatchObject({
    nhsNumber: patient,
    region: 'CHESHIRE_MERSEYSIDE',
    person: { id: consultant.person },
    operation: { name: 'BreakGlass' },
    authority: { id: answers[5]?.data.breakGlass.grant },
    relationship: 'CLAIMED',
    alert: true,
  })
})
