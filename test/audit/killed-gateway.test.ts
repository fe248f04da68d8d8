import { expect, test } from 'vitest'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { countEvents } from '../support/audit/count-events.ts'
import { type KillableGateway, startKillableGateway } from '../support/audit/killable-gateway.ts'

/** How often the gateway is killed; KILLS=100 takes some five minutes. */
const kills = Number(process.env.KILLS ?? 3)
const clients = 16
const mostAnswers = 150
const patients = ['9990000018', '9990000026', '9990000328', '9990000425', '9990000042']

/** A request's operation, and how many events it makes: a change its intent and its outcome. */
type Answered = readonly [operation: string, events: number]

/** What one client is told until the gateway is gone, each by an operation of a name of its own. */
async function askUntilKilled(
  { graphqlUrl, token }: KillableGateway,
  name: string,
  onAnswer: (answered: Answered) => void,
): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  for (let count = 0; ; count++) {
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
      const response = await fetch(graphqlUrl, { method: 'POST', headers, body: JSON.stringify({ query }) })
      const { data, errors } = (await response.json()) as { readonly data: unknown; readonly errors: unknown }
      if (!data || errors) throw new Error(`${response.status} ${JSON.stringify(errors)}`)
    } catch (cause) {
      if (isConnectionLost(cause)) return
      throw cause
    }
    onAnswer([operation, events])
  }
}

/** The answer that was under way when the gateway was killed. */
function isConnectionLost(cause: unknown): boolean {
  return cause instanceof TypeError
}

/** Starts the gateway, kills it when it has given so many answers, and tells which. */
async function liveAndDie(system: KillableGateway, life: number, answers: number): Promise<readonly Answered[]> {
  await using gateway = await system.startGateway()
  const answered: Answered[] = []
  const onAnswer = (one: Answered) => {
    answered.push(one)
    if (answered.length === answers) gateway.child.kill('SIGKILL')
  }
  await Promise.all(
    Array.from({ length: clients }, (_, client) => askUntilKilled(system, `Life${life}_${client}`, onAnswer)),
  )
  await gateway.ended
  expect(gateway.child.signalCode).toBe('SIGKILL')
  return answered
}

async function verify({ auditFolder, secrets }: KillableGateway) {
  const reports = await verifyTrail({ folder: auditFolder, secrets })
  expect(reports.map(({ writer }) => writer)).toEqual(['register', 'gateway-0'])
  expect(reports[0]).toMatchObject({ break: null })
  return reports[1]
}

test(
  'a gateway killed again and again under load has the events of every answer on disk, and starts again with a whole chain',
  async () => {
    await using system = await startKillableGateway()
    const answered: Answered[] = []
    for (let life = 1; life <= kills; life++) {
      answered.push(...(await liveAndDie(system, life, 1 + Math.floor(Math.random() * mostAnswers))))
      expect(await verify(system), `after life ${life}`).toMatchObject({ break: null })
    }
    await using gateway = await system.startGateway()
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    expect(await verify(system)).toMatchObject({ break: null, unconfirmed: 0, tornBytes: 0 })

    const counts = await countEvents(system.auditFolder)
    const missing = answered.filter(([operation, events]) => counts.get(operation) !== events)
    if (process.env.KILLS)
      console.log(
        `${kills} kills, ${answered.length} answers, ${[...counts.values()].reduce((sum, one) => sum + one, 0)} events, ${missing.length} answers without theirs`,
      )
    expect(missing).toEqual([])
    expect(answered.length).toBeGreaterThan(kills)
  },
  60_000 + kills * 10_000,
)
