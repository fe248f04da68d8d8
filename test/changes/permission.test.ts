import { expect, test } from 'vitest'
import { outcomesOf } from '../privacy/support/events-of.ts'
import { ask, consultant, glass, look, patient } from '../privacy/support/glass.ts'
import { startSystem } from '../support/system.ts'

const exchange = { nhsNumber: patient, region: 'CHESHIRE_MERSEYSIDE' }

test("the patient's permission opens the record to the organisation, and taking it back closes it", async () => {
  await using system = await startSystem({ people: true })
  const colleague = { ...consultant, person: '799' }
  const stranger = { ...consultant, organisation: 'RXR' }
  expect(await look(system)).toMatchObject({ status: 'PERMISSION_REQUIRED' })

  const recorded = (await ask(system, consultant, 'record-permission', exchange)).data.recordPermission
  expect(recorded).toMatchObject({ status: 'DONE', region: { applicationName: 'e-Xchange' } })
  expect(recorded.message).toMatch(/^Recorded with e-Xchange\. .+24 hours/)
  expect(Date.parse(recorded.until) - Date.now()).toBeGreaterThan(23 * 3_600_000)
  expect([await look(system), await look(system, colleague), await look(system, stranger)].map(({ status }) => status)).toEqual(['ANSWERED', 'ANSWERED', 'PERMISSION_REQUIRED'])

  const withdrawn = (await ask(system, consultant, 'withdraw-permission', exchange)).data.withdrawPermission
  expect(withdrawn).toMatchObject({ status: 'DONE', until: null })
  expect(await look(system)).toMatchObject({ status: 'PERMISSION_REQUIRED' })
})

test('a region that asks for no permission says so, and one whose access rules refuse the viewer is not asked', async () => {
  await using system = await startSystem({ people: true })
  const refused = await ask(system, consultant, 'record-permission', { nhsNumber: patient, region: 'LANCASHIRE_SOUTH_CUMBRIA' })
  expect(refused.errors).toEqual([])
  expect(refused.data.recordPermission).toMatchObject({ status: 'REFUSED', message: 'LPRES does not ask for permission: a relationship is enough.', until: null })

  const before = system.requests()
  const student = (await ask(system, { ...consultant, role: 'R8004' }, 'record-permission', exchange)).data.recordPermission
  expect(student).toMatchObject({ status: 'REFUSED', message: expect.stringContaining('e-Xchange') })
  const researcher = (await ask(system, { ...consultant, purpose: 'RESEARCH' }, 'withdraw-permission', exchange)).data.withdrawPermission
  expect(researcher).toMatchObject({ status: 'REFUSED', message: expect.stringContaining('direct care and emergencies only') })
  expect(system.requests()).toEqual(before)
})

test('each change is on the trail with what it gave, refusals too, and no number is in an answer', async () => {
  await using system = await startSystem({ people: true })
  const answers = [
    await ask(system, consultant, 'record-permission', exchange),
    // Nobody is admitted there.
    await ask(system, consultant, 'record-permission', { ...exchange, basis: 'INPATIENT_STAY_7_DAYS' }),
    await ask(system, consultant, 'withdraw-permission', exchange),
    await ask(system, { ...consultant, role: 'R8004' }, 'record-permission', exchange),
    await ask(system, consultant, 'break-glass', { ...glass, reason: 'COURT_ORDER' }),
    await ask(system, consultant, 'break-glass', glass),
  ]
  for (const { text } of answers) expect(text).not.toContain(patient)
  const events = await outcomesOf(system, 'PERMISSION', 'BREAK_GLASS')
  expect(events.map(({ kind, change, status, decision, authority }) => [kind, change, status, decision.code, authority?.kind])).toEqual([
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
