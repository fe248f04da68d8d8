import { expect, test } from 'vitest'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { countEvents } from '../support/audit/count-events.ts'
import { type ConnectRetryClient, createConnectRetryClient } from '../support/restarts/connect-retry-client.ts'
import type { RunningProgram } from '../support/run-program.ts'
import { createServiceProcesses, type ServiceProcesses } from '../support/service-processes.ts'

/** How often one of two gateways is restarted, in turn; RESTARTS=50 takes some three minutes. */
const restarts = Number(process.env.RESTARTS ?? 1)
/**
 * Half of the clients make a connection for each request where it is asked for. What protects them is a measure of
 * time: one that is held up by its machine for 20 ms between two requests can come in the very moment in which the
 * gateway stops listening.
 */
const someDoNotKeep = process.env.RESTARTS !== undefined
const clients = 16
const answersBetween = 40
const patients = ['9990000018', '9990000026', '9990000328', '9990000425', '9990000042']

/** A request's operation, and how many events it makes. */
type Answered = readonly [operation: string, events: number]

interface Load {
  readonly answered: readonly Answered[]
  /** What a client was told instead of an answer. */
  readonly failures: readonly unknown[]
  readonly refused: number
  /** Resolves when there are so many more answers. */
  further(count: number): Promise<void>
  /** Resolves when every client has had the answer that it waits for. */
  stop(): Promise<void>
}

async function startLoad(system: ServiceProcesses): Promise<Load> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  const answered: Answered[] = []
  const failures: unknown[] = []
  const changed = new EventTarget()
  let stopped = false
  const urls = [system.gatewayUrl(0), system.gatewayUrl(1)]
  const pooled = Array.from({ length: clients }, (_, index) =>
    createConnectRetryClient(index % 2 === 0 ? urls : urls.toReversed(), {
      keepAlive: !someDoNotKeep || index % 4 < 2,
    }),
  )
  const askOn = async (client: ConnectRetryClient, name: string) => {
    for (let count = 0; !stopped; count++) {
      const operation = `${name}_${count}`
      const nhsNumber = patients[count % patients.length]
      const [query, events] =
        count % 4 === 3
          ? [
              `mutation ${operation} { recordPermission(input: { nhsNumber: "${nhsNumber}", region: CHESHIRE_MERSEYSIDE }) { status } }`,
              2,
            ]
          : [
              `query ${operation} { patient(nhsNumber: "${nhsNumber}") { presence problems { nodes { id } } documents { nodes { id } } } }`,
              2,
            ]
      try {
        const { status, text } = await client.post({ path: '/graphql', headers, body: JSON.stringify({ query }) })
        const answer = JSON.parse(text) as { readonly data: unknown; readonly errors: unknown }
        if (status !== 200 || !answer.data || answer.errors) throw new Error(`${status} ${text.slice(0, 300)}`)
        answered.push([operation, events])
      } catch (cause) {
        failures.push(cause)
      }
      changed.dispatchEvent(new Event('more'))
    }
  }
  const all = Promise.all(pooled.map((client, index) => askOn(client, `Client${index}`)))
  return {
    answered,
    failures,
    get refused() {
      return pooled.reduce((sum, client) => sum + client.refused, 0)
    },
    further(count) {
      const goal = answered.length + failures.length + count
      return new Promise((resolve) => {
        const look = () => {
          if (answered.length + failures.length < goal) return
          changed.removeEventListener('more', look)
          resolve()
        }
        changed.addEventListener('more', look)
      })
    },
    async stop() {
      stopped = true
      await all
      for (const client of pooled) client[Symbol.dispose]()
    },
  }
}

test(
  'two gateways restarted in turn under load answer every request, each with its events on the trail, and end with 0',
  async () => {
    await using system = await createServiceProcesses()
    const stores = [system.startStore('cheshire-merseyside'), system.startStore('lancashire-south-cumbria')]
    const gateways: RunningProgram[] = await Promise.all([0, 1].map((number) => system.startGateway({}, number)))
    await Promise.all(stores)
    const load = await startLoad(system)
    for (let round = 0; round < restarts; round++) {
      const number = round % 2
      await load.further(answersBetween)
      gateways[number]?.child.kill('SIGTERM')
      expect(await gateways[number]?.ended, gateways[number]?.err()).toBe(0)
      gateways[number] = await system.startGateway({}, number)
    }
    await load.further(answersBetween)
    await load.stop()
    for (const gateway of gateways) gateway.child.kill('SIGTERM')
    expect(await Promise.all(gateways.map(({ ended }) => ended))).toEqual([0, 0])

    const counts = await countEvents(system.auditFolder)
    const missing = load.answered.filter(([operation, events]) => counts.get(operation) !== events)
    if (process.env.RESTARTS) {
      console.log(
        `${restarts} restarts, ${load.answered.length} answers, ${load.refused} connections refused, ${load.failures.length} requests lost, ${missing.length} answers without their events`,
      )
    }
    expect(load.failures).toEqual([])
    expect(missing).toEqual([])
    expect(load.refused).toBeGreaterThan(0)
    for (const report of await verifyTrail({ folder: system.auditFolder, secrets: system.secrets }))
      expect(report).toMatchObject({ break: null, unconfirmed: 0, tornBytes: 0 })
  },
  60_000 + restarts * 20_000,
)
