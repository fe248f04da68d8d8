import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'

describe.each(['cheshire-merseyside', 'lancashire-south-cumbria'])('the process of %s', (slug) => {
  it('answers until SIGTERM, then ends with 0', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'store-process-'))
    const keys = join(folder.path, 'keys.json')
    await writeFile(keys, JSON.stringify({ keys: [await exportJWK((await generateKeyPair('Ed25519')).publicKey)] }))
    const env = {
      TOKEN_ISSUER: 'https://issuer.test',
      TOKEN_AUDIENCE: 'share2care',
      PATH: process.env.PATH,
      PORT: '0',
      DATA_DIR: folder.path,
      TOKEN_KEYS: keys,
      GATEWAY_KEYS: keys,
    }
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../subgraphs/main.ts'), slug], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
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
