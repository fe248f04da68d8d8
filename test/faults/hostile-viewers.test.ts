import { expect, test } from 'vitest'
import { startDenseProcesses } from '../support/dense-processes.ts'
import { publishedOperation } from '../support/published-operation.ts'
import { startHostileViewer } from './support/hostile-viewer.ts'

/** `MINUTES=10 npx vitest run test/faults/hostile-viewers.test.ts` runs for as long. */
const minutes = Number(process.env.MINUTES ?? 0)
const runMs = minutes > 0 ? minutes * 30_000 : 2000
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
const ordinaryViewers = ['901', '902', '903']
const summary = publishedOperation('patient-summary')

test(
  `beside two hostile viewers, six requests at a time each, every other viewer's answers are complete and no region is suspended (${(2 * runMs) / 1000} s, seed ${seed})`,
  async () => {
    // A short run is for any machine, however busy: regions have more time than their own.
    await using services = await startDenseProcesses({ patients: 2, gateway: { MAX_IN_FLIGHT_PER_PERSON: '24' }, ...(minutes > 0 ? {} : { timeMs: 15_000 }) })
    const { url, nhsNumbers } = services
    const tokens = await Promise.all(ordinaryViewers.map((person) => services.token({ person })))
    const suspensions: unknown[] = []
    const ask = async (query: string, token: string, variables = {}) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
      return response.json()
    }
    const look = async (token: string, nhsNumber: string | undefined): Promise<number> => {
      const begunAtMs = performance.now()
      const { data } = await ask(summary, token, { nhsNumber })
      expect(data.patient.completeness.regions.map(({ status }: { status: string }) => status)).toEqual(['ANSWERED', 'ANSWERED'])
      return performance.now() - begunAtMs
    }
    const lookAround = async (): Promise<readonly number[]> => {
      const endsAtMs = performance.now() + runMs
      const times: number[] = []
      const view = async (token: string) => {
        for (let n = 0; performance.now() < endsAtMs; n++) {
          times.push(await look(token, nhsNumbers[n % nhsNumbers.length]))
          if (n % 10 > 0) continue
          const { data } = await ask('{ regions { health { suspendedUntil } } }', token)
          suspensions.push(...data.regions.map(({ health }: { health: { suspendedUntil: unknown } }) => health.suspendedUntil))
        }
      }
      await Promise.all(tokens.map(view))
      return times.toSorted((a, b) => a - b)
    }

    await Promise.all(tokens.map((token) => look(token, nhsNumbers[0])))
    const alone = await lookAround()
    const random = createRandom(seed)
    const hostile = await Promise.all(['666', '667'].map(async (person) => startHostileViewer({ url, token: await services.token({ person }), nhsNumbers, random, atOnce: 6 })))
    const beside = await lookAround()
    await Promise.all(hostile.map((viewer) => viewer.end()))

    const at = (times: readonly number[], share: number) => Math.round(times[Math.floor(times.length * share)] ?? Number.NaN)
    const outcomes = hostile.map((viewer) => [...viewer.outcomes].map(([outcome, times]) => `${times} x ${outcome}`).join(', '))
    console.log(
      [
        `others alone: ${alone.length} answers, p50 ${at(alone, 0.5)} ms, p99 ${at(alone, 0.99)} ms`,
        `others beside hostile viewers: ${beside.length} answers, p50 ${at(beside, 0.5)} ms, p99 ${at(beside, 0.99)} ms; regions suspended: ${suspensions.filter((one) => one !== null).length}`,
        ...outcomes.map((one) => `a hostile viewer was answered ${one}`),
      ].join('\n'),
    )
    expect(suspensions.filter((one) => one !== null)).toEqual([])
    expect(beside.length).toBeGreaterThan(0)
    for (const { outcomes } of hostile) expect([...outcomes.keys()]).toContain('TOO_COSTLY')
  },
  4 * runMs + 120_000,
)

/** Numbers from 0 to 1 that a seed decides (a linear congruential generator). */
function createRandom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
