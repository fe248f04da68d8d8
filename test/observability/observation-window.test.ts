import { describe, expect, test } from 'vitest'
import { createObservationWindow, slotMs } from '../../gateway/observability/operations-page/observation-window.ts'
import { asked, observation } from '../support/observability/observation.ts'

const lpres = 'LANCASHIRE_SOUTH_CUMBRIA'
const minuteMs = 60_000

function startMemory() {
  const clock = { ms: Date.UTC(2026, 10, 27, 12, 0, 5) }
  const memory = createObservationWindow({ regions: [lpres], now: () => clock.ms })
  const countIn = ({ operations }: ReturnType<typeof memory.minute>) => operations.get('PatientSummary')?.count ?? 0
  return { clock, memory, inMinute: () => countIn(memory.minute()), inHour: () => countIn(memory.hour()) }
}

describe('the recent requests in memory', () => {
  test('a request counts for the last minute for a minute, for the last hour for an hour, and then for neither', () => {
    const { clock, memory, inMinute, inHour } = startMemory()
    memory.observe(observation())
    clock.ms += minuteMs - slotMs
    expect([inMinute(), inHour()]).toEqual([1, 1])
    clock.ms += slotMs
    expect([inMinute(), inHour()]).toEqual([0, 1])
    clock.ms += 58 * minuteMs
    expect([inMinute(), inHour()]).toEqual([0, 1])
    clock.ms += minuteMs
    expect([inMinute(), inHour()]).toEqual([0, 0])
  })

  test('a slot of an hour ago gives way to the new one in its position', () => {
    const { clock, memory, inHour } = startMemory()
    memory.observe(observation())
    clock.ms += 60 * minuteMs
    memory.observe(observation())
    expect(inHour()).toBe(1)
    expect(memory.series().filter(({ point }) => point !== null)).toHaveLength(1)
  })

  test('the counts of all slots add up at any time', () => {
    const { clock, memory, inHour } = startMemory()
    for (let second = 0; second < 3000; second++) {
      memory.observe(observation())
      clock.ms += 1000
      if (second % 7 === 0) inHour()
    }
    const { operations, outcomes } = memory.hour()
    const counted = memory.series().reduce((sum, { point }) => sum + (point?.outcomes.COMPLETE ?? 0), 0)
    expect([operations.get('PatientSummary')?.count, outcomes.COMPLETE, counted]).toEqual([3000, 3000, 3000])
  })

  test('a clock set back an hour brings no future slot into the present', () => {
    const { clock, memory, inHour } = startMemory()
    memory.observe(observation())
    clock.ms -= 30 * minuteMs
    expect(inHour()).toBe(0)
  })

  test('the hour is reported from the oldest slot to the one that is not over', () => {
    const { clock, memory } = startMemory()
    memory.observe(observation())
    const hour = memory.series()
    expect(hour).toHaveLength(360)
    expect(hour.at(-1)).toMatchObject({
      startMs: Math.floor(clock.ms / slotMs) * slotMs,
      point: { outcomes: { COMPLETE: 1 } },
    })
    expect(
      hour
        .slice(0, -1)
        .every(({ point, startMs }, index) => point === null && startMs === (hour[0]?.startMs ?? 0) + index * slotMs),
    ).toBe(true)
  })

  test("a region's figures count calls alone: neither cached replies, nor its suspension, nor what was never sent", () => {
    const { memory } = startMemory()
    const ways = [
      asked(100),
      asked(0, { fromCache: true }),
      asked(0.2, { status: 'SUSPENDED' }),
      asked(0, { status: 'NOT_ASKED' }),
      asked(2000, { status: 'TIMED_OUT' }),
    ]
    for (const one of ways) memory.observe(observation({ regions: [one, asked(5, { region: 'ELSEWHERE' })] }))
    const { regions } = memory.minute()
    const region = regions.get(lpres)
    expect([...regions.keys()]).toEqual([lpres])
    expect([region?.asked, region?.fromCache, region?.waits.count]).toEqual([2, 1, 2])
    expect(Object.fromEntries(region?.statuses ?? [])).toEqual({
      ANSWERED: 2,
      SUSPENDED: 1,
      NOT_ASKED: 1,
      TIMED_OUT: 1,
    })
  })

  test('refused requests are counted, and make no latency look lower', () => {
    const { memory } = startMemory()
    memory.observe(observation({ durationMs: 100 }))
    for (let times = 0; times < 100; times++)
      memory.observe(observation({ outcome: 'REFUSED', durationMs: 0.1, gatewayMs: 0.1 }))
    const { outcomes, operations, gateway } = memory.minute()
    expect([outcomes.REFUSED, operations.get('PatientSummary')?.count, gateway.count]).toEqual([100, 1, 1])
  })

  test('operation names beyond the limit count as one', () => {
    const { memory } = startMemory()
    for (let name = 0; name < 1000; name++) memory.observe(observation({ operation: `Operation${name}` }))
    const { operations } = memory.minute()
    expect(operations.size).toBeLessThanOrEqual(65)
    expect([...operations.values()].reduce((sum, { count }) => sum + count, 0)).toBe(1000)
  })

  test('the slowest requests of several slots are listed together, the slowest first', () => {
    const { clock, memory } = startMemory()
    for (const durationMs of [5, 90, 3, 70, 80, 60, 50]) {
      memory.observe(observation({ durationMs }))
      clock.ms += 40_000
    }
    expect(memory.slowest().map(({ durationMs }) => durationMs)).toEqual([90, 80, 70, 60, 50, 5, 3])
    clock.ms += 10 * minuteMs
    expect(memory.slowest()).toEqual([])
  })

  test('a stall in one minute does not hide what is slow now', () => {
    const { clock, memory } = startMemory()
    for (let times = 0; times < 100; times++) memory.observe(observation({ durationMs: 4000 }))
    expect(memory.slowest().map(({ durationMs }) => durationMs)).toEqual(Array.from({ length: 12 }, () => 4000))
    clock.ms += 5 * minuteMs
    for (const durationMs of [900, 12, 800]) memory.observe(observation({ durationMs }))
    clock.ms += 10_000
    memory.observe(observation({ durationMs: 700 }))
    expect(memory.slowest().map(({ durationMs }) => durationMs)).toEqual([
      ...Array.from({ length: 8 }, () => 4000),
      900,
      800,
      700,
      12,
    ])
    for (let minute = 6; minute < 10; minute++) {
      clock.ms += minuteMs
      for (let times = 0; times < 20; times++) memory.observe(observation({ durationMs: 2000 + minute }))
    }
    const told = memory.slowest().map(({ durationMs }) => durationMs)
    expect([told.length, told.filter((ms) => ms === 4000).length, told.includes(900)]).toEqual([12, 2, true])
  })
})
