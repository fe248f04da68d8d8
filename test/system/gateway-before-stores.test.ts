import { expect, test, vi } from 'vitest'
import { toText, toVersionedBundle } from '../support/restarts/versioned-bundle.ts'
import type { RunningProgram } from '../support/run-program.ts'
import { createServiceProcesses, type ServiceProcesses } from '../support/service-processes.ts'

const nhsNumber = '9990000018'
const exchange = 'cheshire-merseyside'
const lpres = 'lancashire-south-cumbria'

/**
 * What a consultant who attends is told; by region, its status and the texts of the problems that it is the source of.
 */
async function look(system: ServiceProcesses) {
  const query = `{ patient(nhsNumber: "${nhsNumber}", access: { relationship: ATTENDING }) {
    completeness { complete message regions { region { code } status } } problems { nodes { code { codings { display } } } } } }`
  const response = await fetch(`${system.gatewayUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as {
    readonly data: {
      readonly patient: {
        readonly completeness: {
          readonly complete: boolean
          readonly message: string
          readonly regions: readonly { readonly status: string }[]
        }
        readonly problems: {
          readonly nodes: readonly { readonly code: { readonly codings: readonly { readonly display: string }[] } }[]
        }
      }
    }
  }
  const { completeness, problems } = data.patient
  return {
    complete: completeness.complete,
    message: completeness.message,
    statuses: completeness.regions.map(({ status }) => status),
    problems: [...new Set(problems.nodes.flatMap(({ code }) => code.codings.map(({ display }) => display)))],
  }
}

async function publish(system: ServiceProcesses, version: number): Promise<void> {
  const token = await system.token({ scope: 'publish', organisation: 'RXN' })
  const headers = { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}` }
  const response = await fetch(`${system.storeUrl(lpres)}/fhir`, {
    method: 'POST',
    headers,
    body: JSON.stringify(toVersionedBundle(nhsNumber, version)),
  })
  expect(response.status).toBe(200)
  await response.text()
}

async function end(running: RunningProgram, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  running.child.kill(signal)
  await running.ended
}

/** Looks until that is told; a second of waiting is a second in which somebody would see the rest missing. */
const until = (told: () => Promise<void>) => vi.waitFor(told, { timeout: 10_000, interval: 50 })

test('a gateway that is there before its stores says who is missing, finds each as it comes, and again when it comes back', async () => {
  await using system = await createServiceProcesses()
  const gateway = await system.startGateway()
  expect((await fetch(`${system.gatewayUrl()}/readyz`)).status).toBe(200)
  expect(await look(system)).toEqual({
    complete: false,
    message: expect.stringContaining('did not answer'),
    statuses: ['UNREACHABLE', 'UNREACHABLE'],
    problems: [],
  })

  const [first] = await Promise.all([system.startStore(lpres), system.startStore(exchange)])
  await publish(system, 1)
  expect(await look(system)).toMatchObject({ problems: [toText(1)], statuses: ['NOT_KNOWN', 'ANSWERED'] })

  // Killed, so that no last word of it ends what the gateway keeps.
  await end(first, 'SIGKILL')
  await until(async () =>
    expect(await look(system)).toMatchObject({ complete: false, statuses: ['NOT_KNOWN', 'UNREACHABLE'], problems: [] }),
  )
  const second = await system.startStore(lpres)
  await until(async () =>
    expect(await look(system)).toMatchObject({ statuses: ['NOT_KNOWN', 'ANSWERED'], problems: [toText(1)] }),
  )

  // Changes are heard again: what was just shown, and may be kept, is not shown once there is a newer version.
  for (const version of [2, 3]) {
    await publish(system, version)
    await until(async () => expect((await look(system)).problems).toEqual([toText(version)]))
  }
  await end(second, 'SIGTERM')
  await end(gateway, 'SIGTERM')
  expect([second.child.exitCode, gateway.child.exitCode]).toEqual([0, 0])
  for (const line of gateway
    .err()
    .split('\n')
    .filter((one) => !/^\s*$/.test(one)))
    expect(JSON.parse(line).msg).toMatch(/^The change feed of [A-Z_]+ is silent$/)
})
