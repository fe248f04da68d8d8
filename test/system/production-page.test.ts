import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, globSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const isRequired = process.env.PRODUCTION === 'required'
const has = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const missing = ['nginx', 'openssl', 'curl'].filter((command) => !has(command))
if (isRequired && missing.length > 0)
  throw new Error(`PRODUCTION: expected ${missing.join(', ')} (Debian: apt-get install), found none`)
// It installs from the registry, and takes a minute.
if (!isRequired)
  console.warn(
    '\n*** PRODUCTION PAGE NOT FOLLOWED: `npm run test:production` follows it (Debian: apt-get install nginx-light) ***\n',
  )

/** What a person at the keyboard has: no package of ours in the path, no NODE_ENV. */
const path = (process.env.PATH ?? '').split(delimiter).filter((one) => !one.includes('node_modules'))
const passedOn = Object.entries(process.env).filter(
  ([name]) => name === 'HOME' || /^(npm_config_|https?_proxy$|no_proxy$)/i.test(name),
)
const environment = { ...Object.fromEntries(passedOn), PATH: path.join(delimiter) }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'production-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(command: string, args: readonly string[], cwd: string) {
  const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, out, err }
}

/** With a network and processes of its own, which end with it. */
const alone = ['--net', '--pid', '--fork', '--kill-child']

/** The page's shell, in one piece each. */
function readBlocks(): readonly string[] {
  return [...readFileSync(join(root, 'gateway/deploy/README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, block = '']) => block,
  )
}

describe.runIf(isRequired)('gateway/deploy/README.md, followed as written on a clean folder', () => {
  const [install = '', ...rest] = readBlocks()
  const open = 0o022

  test('installs, starts behind nginx with TLS, gives a first answer and opens a document', {
    timeout: 300_000,
  }, async () => {
    const copied = (source: string) => !/^(node_modules|\.git|\.data|\.issues)(\/|$)/.test(relative(root, source))
    cpSync(root, folder, { recursive: true, filter: copied })
    expect(install).toBe('npm ci --omit=dev\n')
    expect(await run('bash', ['-euo', 'pipefail', '-c', install], folder)).toMatchObject({ code: 0 })
    expect(existsSync(join(folder, 'node_modules/vitest'))).toBe(false)

    const script = `set -euo pipefail\numask ${open.toString(8)}\n${rest.join('\n')}`
    // Where the page's ports are free; else on this machine's network.
    const isAlone = spawnSync('unshare', [...alone, 'ip', 'link', 'set', 'lo', 'up']).status === 0
    const followed = isAlone
      ? await run('unshare', [...alone, 'sh', '-c', 'ip link set lo up; exec bash -c "$0"', script], folder)
      : await run('bash', ['-c', script], folder)
    expect([followed.code, followed.err]).toEqual([0, expect.not.stringMatching(/^\s+at /m)])
    expect(followed.out).toContain('"title":"A first letter","content":{"url":"https://localhost:8443/documents/')
    expect(followed.out).toMatch(/Dear colleague\n?$/)
    expect(readFileSync(join(folder, 'site/gateway.log'), 'utf8')).toContain('"outcome":"COMPLETE"')
    const opened = ['', ...globSync('**/*', { cwd: join(folder, 'data') })].filter(
      (name) => (lstatSync(join(folder, 'data', name)).mode & 0o077) !== 0,
    )
    expect(opened).toEqual([])
  })

  test('says which Node it needs where the one it brings is missing', { timeout: 60_000 }, async () => {
    rmSync(join(folder, 'node_modules/.bin/node'))
    const version = await run('node', ['--version'], folder)
    if (Number(/^v(\d+)/.exec(version.out)?.[1]) >= 26)
      return console.warn(`Skipped: the node of this machine is ${version.out.trim()}, which is new enough.`)
    for (const script of ['gateway', 'store:cheshire-merseyside', 'start', 'keys', 'import', 'audit']) {
      const { code, err } = await run('npm', ['run', '--silent', script], folder)
      expect([script, code, err]).toEqual([
        script,
        1,
        expect.stringMatching(/^Node: expected version 26 or newer, found \d+\.\S+ at /),
      ])
    }
  })
})
