import { expect, test } from 'vitest'
import { createAccessIndex } from '../../gateway/audit/access-index.ts'
import type { AccessEvent } from '../../gateway/audit/audit-event.ts'
import { readEntries } from '../../gateway/audit/read-entries.ts'
import { exportTrail } from '../../gateway/audit/to-fhir-audit-event.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder } from '../support/audit/trail-folder.ts'

test('events from before alerts were recorded read as events without an alert, are found, and verify', async () => {
  using place = createTrailFolder()
  const { alert: _, ...older } = accessEvent({ requestId: 'older' })
  {
    await using trail = await place.open()
    await trail.record([older as AccessEvent])
  }
  await using trail = await place.open()
  await trail.record([accessEvent({ requestId: 'newer', alert: true })])
  expect((await place.lines())[0]).not.toContain('alert')
  for await (const entries of readEntries(place.folder))
    expect(entries.map(({ event }) => 'alert' in event && event.alert)).toEqual([false, true])
  const { accesses } = await createAccessIndex({ folder: place.folder }).findByPatient('9990000018', {
    scope: 'EVERYTHING',
    first: 10,
  })
  expect(accesses.map(({ event }) => [event.requestId, event.alert])).toEqual([
    ['newer', true],
    ['older', false],
  ])
  expect(await place.verify()).toMatchObject({ break: null })
})

test('an event of a token whose ids were empty is exported, and an officer finds it by its patient', async () => {
  using place = createTrailFolder()
  await using trail = await place.open()
  const nobody = accessEvent({
    requestId: 'nobody',
    person: { id: '', name: null },
    organisation: { odsCode: '', name: null, regions: [] },
  })
  await trail.record([nobody, accessEvent({ requestId: 'somebody' })])
  let exported = ''
  for await (const lines of exportTrail({ folder: place.folder })) exported += lines
  expect(exported.match(/"AuditEvent"/g)).toHaveLength(2)
  const { accesses } = await createAccessIndex({ folder: place.folder }).findByPatient('9990000018', {
    scope: 'EVERYTHING',
    first: 10,
  })
  expect(accesses.map(({ event }) => event.requestId)).toEqual(['somebody', 'nobody'])
})
