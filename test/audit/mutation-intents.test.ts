import { describe, expect, test } from 'vitest'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { createCountingDisk, createDiskFullError } from '../support/audit/counting-disk.ts'
import { readEvents } from '../support/audit/read-events.ts'
import {
  breakGlass,
  breakGlassInput,
  consultant,
  officer,
  readDecision,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { type System, startSystem } from '../support/system.ts'

const { nhsNumber, region } = breakGlassInput
const kinds = ['PERMISSION', 'BREAK_GLASS', 'REVIEW'] as const

/** Every change: who makes it, with what, and whether the store has it. */
const changes = {
  'record-permission': {
    who: consultant,
    variables: { nhsNumber, region },
    isMade: async (system: System) => (await readDecision(system)).code === 'PERMITTED',
  },
  'withdraw-permission': {
    who: consultant,
    variables: { nhsNumber, region },
    isMade: async (system: System) => (await readDecision(system)).code !== 'PERMITTED',
  },
  'break-glass': {
    who: consultant,
    variables: { ...breakGlassInput, justification: 'A second emergency' },
    isMade: async (system: System) => (await openCount(system)) === 2,
  },
  'review-override': {
    who: officer,
    variables: { office: 'VIEWERS_ORGANISATION', outcome: 'QUERY', note: 'Asked' },
    isMade: async (system: System) => (await openCount(system)) === 0,
  },
} as const

const openCount = async (system: System): Promise<number> =>
  (await runPublishedOperation(system, officer, 'open-reviews')).data.openReviews.openCount

describe.each(Object.entries(changes))('%s', (name, { who, variables, isMade }) => {
  /**
   * A system whose trail's disk is full from its nth write on, in which the change is asked for, and the disk then has
   * room again.
   */
  async function askWhileFull(fullFromWrite: number) {
    const disk = createCountingDisk()
    const system = await startSystem({ people: true, auditDisk: disk })
    const grant = await breakGlass(system)
    if (name === 'withdraw-permission')
      await runPublishedOperation(system, consultant, 'record-permission', { nhsNumber, region })
    const before = system.requests()
    const earlier = (await readEvents(system, ...kinds)).length
    let writes = 0
    disk.before = (operation) => {
      if (operation === 'write' && ++writes >= fullFromWrite) throw createDiskFullError()
    }
    const { status, errors, data } = await runPublishedOperation(system, who, name, { grant, ...variables })
    disk.before = () => {}
    const calls =
      Object.values(system.requests()).reduce((sum, count) => sum + count, 0) -
      Object.values(before).reduce((sum, count) => sum + count, 0)
    const events = (await readEvents(system, ...kinds)).slice(earlier)
    return {
      system,
      refused: [status, data, errors.map(({ message, extensions }) => [extensions.code, message])],
      calls,
      events,
    }
  }

  test('a mutation reaches no store while its intent cannot be written', async () => {
    const { system, refused, calls, events } = await askWhileFull(1)
    await using _ = system
    expect(refused).toEqual([
      503,
      null,
      [['AUDIT_UNAVAILABLE', 'The change could not be recorded, so it was not made. Try again.']],
    ])
    expect([calls, events]).toEqual([0, []])
    expect(await isMade(system)).toBe(false)
  })

  test('a mutation whose outcome cannot be written stays on the trail as an intent, and its answer is refused', async () => {
    const { system, refused, calls, events } = await askWhileFull(2)
    await using _ = system
    const says = 'What came of the change could not be recorded: it may or may not be made. It is safe to ask again.'
    expect(refused).toEqual([503, null, [['AUDIT_UNAVAILABLE', says]]])
    expect([calls, events]).toMatchObject([
      1,
      [
        {
          status: 'INTENDED',
          region,
          person: { id: who.person },
          changeId: expect.any(String),
          decision: { code: 'UNDECIDED' },
          latencyMs: null,
        },
      ],
    ])
    expect(await isMade(system)).toBe(true)
    expect(
      (await verifyTrail({ folder: system.auditFolder, secrets: null })).map((report) => report.break),
    ).not.toContainEqual(expect.anything())
  })

  test('a mutation is on the trail before and after, and one id joins the two events', async () => {
    const { system, refused, events } = await askWhileFull(Number.POSITIVE_INFINITY)
    await using _ = system
    expect(refused[0]).toBe(200)
    expect(events.map(({ status, change }) => [status, change])).toEqual([
      ['INTENDED', events[0]?.change],
      ['DONE', events[0]?.change],
    ])
    expect(events[1]?.changeId).toBe(events[0]?.changeId)
    expect(events[1]?.requestId).toBe(events[0]?.requestId)
    expect(await isMade(system)).toBe(true)
  })
})
