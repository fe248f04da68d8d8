import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type HeldPorts, holdPorts } from '../support/hold-ports.ts'
import { type Environment, type RunningProgram, runProgram } from '../support/run-program.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const query =
  '{ patient(nhsNumber: "9990000018", noCache: true) { completeness { complete regions { region { code } status } } allergies { nodes { substance { text } } } } }'

let folder: string
let environment: Environment
let gatewayUrl: string
let storeUrl: string
let held: HeldPorts

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'))
  held = await holdPorts(3)
  const [gatewayPort, ...ports] = held.ports
  const regions = loadTestRegions().map((region, index) => ({ ...region, url: `http://127.0.0.1:${ports[index]}` }))
  const file = join(folder, 'regions.json')
  writeFileSync(file, JSON.stringify(regions))
  environment = { DATA_DIR: folder, REGIONS: file, PORT: String(gatewayPort) }
  gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  storeUrl = `http://127.0.0.1:${ports[1]}`
})
afterEach(() => {
  held[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** The demo without a population. */
const startDemo = () => runProgram('gateway/demo/start.ts', ['--scale', '0'], environment)
const startLpres = () => runProgram('gateway/demo/store.ts', ['lancashire-south-cumbria', '--scale', '0'], environment)

async function pidOf(demo: RunningProgram, line: string): Promise<number> {
  await demo.says(/Ctrl\+C stops all/)
  return Number(new RegExp(`${line}.* pid (\\d+)`).exec(demo.out())?.[1])
}

/** What a consultant is told, after the token that the command prints. */
async function ask(token: string) {
  const response = await fetch(`${gatewayUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as {
    data: {
      patient: {
        completeness: { complete: boolean; regions: { region: { code: string }; status: string }[] }
        allergies: { nodes: { substance: { text: string } }[] }
      }
    }
  }
  const { completeness, allergies } = data.patient
  return {
    complete: completeness.complete,
    regions: Object.fromEntries(completeness.regions.map(({ region, status }) => [region.code, status])),
    allergies: allergies.nodes.length,
  }
}

async function mintToken(): Promise<string> {
  await using running = runProgram('gateway/demo/token.ts', [], environment)
  expect(await running.ended).toBe(0)
  return running.out().trim()
}

/** The requests that a process of the demo has logged in the folder that the welcome names. */
function requestsLogged(demo: RunningProgram, name: string): number {
  const logs = /Logs, a line a request +(\S+)$/m.exec(demo.out())?.[1] ?? ''
  return readFileSync(join(logs, `${name}.log`), 'utf8').match(/"msg":"request"/g)?.length ?? 0
}

describe('npm start', () => {
  test('goes on without a store that ends, which npm run store starts again; each logs its requests', async () => {
    await using demo = startDemo()
    const lpres = await pidOf(demo, 'LPRES')
    const token = await mintToken()
    expect(await ask(token)).toMatchObject({
      complete: true,
      regions: { CHESHIRE_MERSEYSIDE: 'ANSWERED', LANCASHIRE_SOUTH_CUMBRIA: 'ANSWERED' },
    })

    process.kill(lpres)
    const [told] = await demo.says(/^LPRES ended.*$/m)
    expect(told).toBe(
      'LPRES ended (SIGTERM); the gateway answers without it. Start it again: npm run store -- lancashire-south-cumbria --scale 0 (with DATA_DIR and REGIONS as here)',
    )
    const loggedByLpres = requestsLogged(demo, 'lancashire-south-cumbria')
    expect(loggedByLpres).toBeGreaterThan(0)
    expect(await ask(token)).toEqual({
      complete: false,
      regions: { CHESHIRE_MERSEYSIDE: 'ANSWERED', LANCASHIRE_SOUTH_CUMBRIA: 'UNREACHABLE' },
      allergies: 2,
    })

    await using store = startLpres()
    await store.says(/LPRES \(Lancashire & South Cumbria\) is ready at /)
    await vi.waitFor(
      async () =>
        expect(await ask(token)).toMatchObject({ complete: true, regions: { LANCASHIRE_SOUTH_CUMBRIA: 'ANSWERED' } }),
      { timeout: 20_000, interval: 200 },
    )

    demo.child.kill('SIGTERM')
    expect(await demo.ended).toBe(0)
    expect((await fetch(`${storeUrl}/livez`)).status).toBe(200)
    store.child.kill('SIGTERM')
    expect(await store.ended).toBe(0)
    expect(requestsLogged(demo, 'lancashire-south-cumbria')).toBeGreaterThan(loggedByLpres)
    expect(requestsLogged(demo, 'gateway')).toBeGreaterThan(2)
    expect(demo.err()).not.toMatch(/^\s+at /m)
  })

  test('ends with the gateway, and says so', async () => {
    await using demo = startDemo()
    process.kill(await pidOf(demo, 'GraphiQL'), 'SIGKILL')
    expect(await demo.ended).toBe(1)
    expect(demo.err()).toContain('The gateway ended (SIGKILL); the others end with it.')
    await expect(fetch(`${storeUrl}/livez`)).rejects.toThrow('fetch failed')
  })

  test('ends where a process cannot start, and says which', async () => {
    writeFileSync(join(folder, 'lancashire-south-cumbria'), 'in the way')
    await using demo = startDemo()
    expect(await demo.ended).toBe(1)
    expect(demo.err()).toMatch(
      /DATA_DIR: expected a folder that can be written, found a file in the place of the folder .*lancashire-south-cumbria\n/,
    )
    expect(demo.err()).toContain('LPRES ended (exit code 1) before all were ready; the others end with it.')
    expect(demo.out()).toBe('')
  })
})

describe('npm run store', () => {
  test('starts one store alone, and never a second on its port', async () => {
    await using store = startLpres()
    await store.says(/LPRES \(Lancashire & South Cumbria\) is ready at http:\/\/127\.0\.0\.1:\d+, pid \d+/)
    await using second = startLpres()
    expect(await second.ended).toBe(1)
    expect(second.err()).toMatch(
      /^PORT: expected 127\.0\.0\.1:\d+ to be free, found another process listening there\. Is it running already\?\n$/,
    )
  })

  test.each([[[]], [['bolton']], [['cheshire-merseyside', 'lancashire-south-cumbria']]])(
    'tells its usage where it cannot obey %j',
    async (args) => {
      await using store = runProgram('gateway/demo/store.ts', args, environment)
      expect(await store.ended).toBe(2)
      expect(store.err()).toMatch(/^SLUG: expected one of cheshire-merseyside, lancashire-south-cumbria, found /)
      expect(store.err()).toContain('Usage: npm run store -- SLUG')
    },
  )
})
