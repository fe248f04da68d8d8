import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAuditTrail } from '../../gateway/audit/audit-trail.ts'
import { toHeadFile } from '../../gateway/audit/trail-files.ts'
import { buildReport } from '../../gateway/utilisation/build-report.ts'
import { runToCompletion } from '../../gateway/utilisation/cooperative-task.ts'
import { createTrailTallies } from '../../gateway/utilisation/trail-tallies.ts'
import { parseWeek, toPeriodBounds } from '../../schema/reporting-period.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const regions = loadTestRegions()
const boundsOf = (name: string) => toPeriodBounds(parseWeek(name) ?? expect.fail('no such week'))
const { endMs } = boundsOf('2026-W47')

/** A trail on which each writer recorded six looks at noon of a week's first day. */
async function makeTrail(weekOf: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'unread-trail-'))
  const record = async (writer: string, week: string) => {
    const trail = await createAuditTrail({
      folder,
      writer,
      secrets: [new Uint8Array(32).fill(7)],
      now: () => boundsOf(week).startMs + 43_200_000,
    })
    const looks = Array.from({ length: 6 }, (_, look) =>
      regions.map(({ code }) => accessEvent({ requestId: `${writer} ${week} ${look}`, region: code })),
    )
    await trail.record(looks.flat())
    await trail.close()
  }
  for (const [writer, week] of Object.entries(weekOf)) await record(writer, week)
  const tallies = createTrailTallies({ folder, now: () => endMs })
  return {
    folder,
    record,
    report: async (name: string) => {
      const counts = { countedAt: new Date(endMs).toISOString(), total: 0, inWeek: 0, counts: [], days: [] }
      const week = parseWeek(name) ?? expect.fail('no such week')
      return runToCompletion(
        buildReport({
          week,
          nowMs: endMs,
          trail: await tallies.read(),
          regions: regions.map((region) => ({ region, status: 'ANSWERED', counts })),
        }),
      )
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

test('a gateway whose head is missing or damaged is named, and its part is not silently left out', async () => {
  await using trail = await makeTrail({ 'gateway-1': '2026-W45', 'gateway-2': '2026-W46', 'gateway-3': '2026-W46' })
  expect(await trail.report('2026-W46')).toMatchObject({ complete: true, looks: 12 })
  await rm(toHeadFile(trail.folder, 'gateway-2'))
  await writeFile(toHeadFile(trail.folder, 'gateway-3'), 'x'.repeat(600))
  await trail.record('gateway-1', '2026-W46')
  const again = createTrailTallies({ folder: trail.folder, now: () => endMs })
  expect(await again.read()).toMatchObject({ unreadableWriters: ['gateway-2', 'gateway-3'] })
  const { complete, message, looks } = await trail.report('2026-W46')
  expect([complete, message]).toEqual([
    false,
    'The audit trail of gateway-2 could not be read; what it recorded is missing below. The audit trail of gateway-3 could not be read; what it recorded is missing below.',
  ])
  // What was read before it broke stands, and what another recorded meanwhile counts.
  expect(looks).toBe(18)
})

test('a role has the name that it last had, whichever gateway wrote it', async () => {
  await using trail = await makeTrail({ 'gateway-1': '2026-W46', 'gateway-2': '2026-W45' })
  const older = await createAuditTrail({
    folder: trail.folder,
    writer: 'gateway-3',
    secrets: [new Uint8Array(32).fill(7)],
    now: () => boundsOf('2026-W44').startMs,
  })
  await older.record([accessEvent({ role: { code: 'R0260', display: 'A former name' } })])
  await older.close()
  const { regions: shown } = await trail.report('2026-W46')
  expect(shown[0]?.viewsByRole).toEqual([
    { role: { system: null, code: 'R0260', display: 'General Medical Practitioner' }, views: 6 },
  ])
})

test('what was before the trail begins is not known, which is no zero, and no part of a mean', async () => {
  await using trail = await makeTrail({ 'gateway-1': '2026-W44' })
  const before = await trail.report('2026-W43')
  expect(before).toMatchObject({
    complete: false,
    message: 'The audit trail begins on 2026-10-26: what was viewed before is not known.',
    looks: null,
    completeLooks: null,
  })
  for (const one of before.regions)
    expect(one).toMatchObject({
      views: null,
      asked: null,
      documentsOpened: null,
      outcomes: null,
      documentsPublished: 0,
    })
  const { regions: shown, complete, trailSince } = await trail.report('2026-W46')
  expect([complete, trailSince]).toEqual([true, '2026-10-26T12:00:00.000Z'])
  for (const { viewTrend } of shown) {
    expect(viewTrend.weeks.periods.slice(-4).map(({ count }) => count)).toEqual([null, 6, 0, 0])
    expect(viewTrend.weeks).toMatchObject({ known: 3, total: 6, mean: 2 })
    expect(viewTrend.months).toMatchObject({ known: 0, total: null, mean: null })
  }
})
