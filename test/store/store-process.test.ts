import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { regionOf } from '../../subgraphs/service/region-of.ts'
import { readSettings } from '../../subgraphs/service/settings.ts'

const region = regionOf('lancashire-south-cumbria')
const needed = { TOKEN_ISSUER: 'https://issuer.test', TOKEN_AUDIENCE: 'share2care', TOKEN_KEYS: 'viewers.json', GATEWAY_KEYS: 'gateways.json' }

describe('settings of a record store', () => {
  it("default to the list of regions' port and .data", () => {
    expect(readSettings(needed, region)).toMatchObject({ port: 4102, host: '127.0.0.1', databaseFile: '.data/lancashire-south-cumbria/records.sqlite', demoPeople: false })
  })

  it('that are wrong are all named, with what was expected and found', () => {
    const read = () => readSettings({ ...needed, PORT: 'high', TOKEN_ISSUER: '', GATEWAY_KEYS: undefined }, region)
    expect(read).toThrow(/PORT: expected a port number, found "high"/)
    expect(read).toThrow(/TOKEN_ISSUER: expected the `iss` of viewers' access tokens, found ""/)
    expect(read).toThrow(/GATEWAY_KEYS: expected the file of the gateways' JWK Set, found nothing/)
  })

  it('name no demo people in production', () => {
    expect(() => readSettings({ ...needed, NODE_ENV: 'production', DEMO_PEOPLE: 'yes' }, region)).toThrow(/DEMO_PEOPLE: expected no in production, found "yes"/)
    expect(readSettings({ ...needed, DEMO_PEOPLE: 'yes' }, region).demoPeople).toBe(true)
  })
})

describe.each(['cheshire-merseyside', 'lancashire-south-cumbria'])('the process of %s', (slug) => {
  it('answers until SIGTERM, then ends with 0', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'store-process-'))
    const keys = join(folder.path, 'keys.json')
    await writeFile(keys, JSON.stringify({ keys: [] }))
    const env = { ...needed, PATH: process.env.PATH, PORT: '0', DATA_DIR: folder.path, TOKEN_KEYS: keys, GATEWAY_KEYS: keys }
    const child = spawn(process.execPath, [join(import.meta.dirname, `../../subgraphs/${slug}/main.ts`)], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    expect(line).toMatch(new RegExp(`^${slug} listens at http://127\\.0\\.0\\.1:\\d+$`))
    const url = line.split(' ').at(-1)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(`${url}/graphql`, { method: 'POST' })).status).toBe(401)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
})
