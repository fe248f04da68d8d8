import { expect, test } from 'vitest'
import { startDenseProcesses } from '../support/dense-processes.ts'
import { startHostileViewer } from '../support/faults/hostile-viewer.ts'
import { publishedOperation } from '../support/published-operation.ts'

/** `MINUTES=10 npx vitest run test/failure/hostile-viewers.test.ts` runs for as long. */
const minutes = Number(process.env.MINUTES ?? 0)
const runMs = minutes > 0 ? minutes * 30_000 : 2000
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
/** More people than look at a time: none asks more in a minute than a person may. */
const ordinaryViewers = Array.from({ length: 120 }, (_, n) => String(900 + n))
const lookAtOnce = 3
const summary = publishedOperation('patient-summary')

test(
  `\`beside two hostile viewers with six concurrent requests each, every other viewer gets complete answers and no region is suspended (${(2 * runMs) / 1000} s, seed ${seed})\``,
  async () => {
    // A short run is for any machine, however busy: regions have more time than their own.
    const gateway = { MAX_IN_FLIGHT_PER_PERSON: '24', OPERATIONS_PER_MINUTE: '600', CACHE_MEGABYTES: '0' }
    await using services = await startDenseProcesses({
      patients: 2,
      gateway,
      ...(minutes > 0 ? {} : { timeMs: 15_000 }),
    })
    const { url, nhsNumbers } = services
    const tokens = await Promise.all(ordinaryViewers.map((person) => services.token({ person })))
    const suspensions: unknown[] = []
    const ask = async (query: string, token: string, variables = {}) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      })
      return response.json()
    }
    const lookAround = async (name: string): Promise<Phase> => {
      const endsAtMs = performance.now() + runMs
      const times: number[] = []
      const statuses = new Map<string, number>()
      let n = 0
      const view = async () => {
        while (performance.now() < endsAtMs) {
          const token = tokens[n++ % tokens.length] ?? ''
          const begunAtMs = performance.now()
          const { data } = await ask(summary, token, { nhsNumber: nhsNumbers[n % nhsNumbers.length] })
          times.push(performance.now() - begunAtMs)
          for (const { status } of data.patient.completeness.regions)
            statuses.set(status, (statuses.get(status) ?? 0) + 1)
          if (n % 10 > 0) continue
          const { data: now } = await ask('{ regions { health { suspendedUntil } } }', token)
          suspensions.push(
            ...now.regions.map(({ health }: { health: { suspendedUntil: unknown } }) => health.suspendedUntil),
          )
        }
      }
      await Promise.all(Array.from({ length: lookAtOnce }, view))
      times.sort((a, b) => a - b)
      const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? Number.NaN)
      console.log(
        `${name}: ${times.length} answers, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; regions: ${toText(statuses)}`,
      )
      return { answers: times.length, statuses }
    }

    const alone = await lookAround('others without hostile viewers')
    const random = createRandom(seed)
    const hostile = await Promise.all(
      ['666', '667'].map(async (person) =>
        startHostileViewer({ url, token: await services.token({ person }), nhsNumbers, random, atOnce: 6 }),
      ),
    )
    const beside = await lookAround('others beside hostile viewers')
    await Promise.all(hostile.map((viewer) => viewer.end()))

    for (const { outcomes } of hostile) console.log(`a hostile viewer was answered ${toText(outcomes)}`)
    console.log(
      `regions suspended for others: ${suspensions.filter((one) => one !== null).length} times of ${suspensions.length}`,
    )
    expect(suspensions.filter((one) => one !== null)).toEqual([])
    expect(beside.answers).toBeGreaterThan(0)
    expect([...beside.statuses.keys()]).not.toContain('SUSPENDED')
    // A machine so busy that regions are late without hostile viewers tells nothing of the time with them.
    const incomplete = [...beside.statuses].reduce(
      (sum, [status, times]) => sum + (status === 'ANSWERED' ? 0 : times),
      0,
    )
    if (alone.statuses.size === 1) expect(incomplete / (2 * beside.answers)).toBeLessThan(0.01)
  },
  4 * runMs + 120_000,
)

/** What the other viewers saw in one part of the run. */
interface Phase {
  readonly answers: number
  readonly statuses: ReadonlyMap<string, number>
}

function toText(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([key, times]) => `${times} ${key}`).join(', ')
}

/** Numbers from 0 to 1 that a seed decides (a linear congruential generator). */
function createRandom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
