import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, test } from 'vitest'
import { gatewaySettings, loadConfiguration } from '../../gateway/configuration.ts'
import { addKeyPair, addSecret, toKeySetFile } from '../../schema/key-files.ts'
import { listen } from '../../schema/service/listen.ts'
import { InvalidSettings } from '../../schema/service/load-settings.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import { loadStoreSettings, storeSettings } from '../../subgraphs/service/store-settings.ts'
import { badValues, makeWrongFiles } from '../support/settings/bad-values.ts'

const root = join(import.meta.dirname, '../..')
const slug = 'lancashire-south-cumbria'
const folder = mkdtempSync(join(tmpdir(), 'bad-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const keyFolder = join(folder, 'keys')
const key = await addKeyPair(keyFolder, 'gateway')
const keySet = toKeySetFile(keyFolder, 'gateway')
const viewers = { TOKEN_ISSUER: 'https://issuer.test', TOKEN_AUDIENCE: 'share2care', TOKEN_KEYS: keySet }
const gateway = {
  ...viewers,
  GATEWAY_KEY: key,
  GATEWAY_SECRET: addSecret(keyFolder, 'gateway-secret'),
  AUDIT_DIR: join(folder, 'audit'),
  PUBLIC_URL: 'https://gateway.test',
}
const store = { ...viewers, GATEWAY_KEYS: keySet, DATA_DIR: join(folder, 'data') }
const wrongFolder = join(folder, 'wrong')
mkdirSync(wrongFolder, { mode: 0o755 })
const values = badValues(makeWrongFiles(wrongFolder))

const processes = {
  gateway: {
    settings: gatewaySettings('production', {}),
    load: (environment: object) => loadConfiguration({ ...gateway, ...environment }),
  },
  store: {
    settings: storeSettings('production', slug),
    load: (environment: object) => loadStoreSettings({ ...store, ...environment }, slug),
  },
} as const

describe.each(['gateway', 'store'] as const)('the %s, with NODE_ENV unset', (name) => {
  const { settings, load } = processes[name]

  test('starts by its good settings', async () => {
    await expect(load({})).resolves.toMatchObject({ tokens: { issuer: 'https://issuer.test' } })
  })

  test('names every setting that is missing and required', async () => {
    const required = Object.entries(settings).filter(
      ([, { documentation, defaultText }]) => documentation.fallback === undefined && defaultText === undefined,
    )
    expect(required.length).toBeGreaterThan(2)
    for (const [one] of required)
      await expect(load({ [one]: undefined })).rejects.toThrow(new RegExp(`^${one}: expected .*, found nothing$`))
  })

  test.each(Object.keys(settings).map((setting) => [setting]))(
    'refuses bad values of %s by name, what was expected and what was found',
    async (setting) => {
      const bad = values[setting]
      expect(bad, 'a setting without bad values in support/bad-values.ts').toBeDefined()
      // A store takes only its port from the list of regions, where another's address is no danger.
      for (const value of (bad ?? []).filter((one) => name === 'gateway' || !one.endsWith('clear.json'))) {
        const outcome = await load({ [setting]: value }).catch((error: unknown) => error)
        expect(outcome, JSON.stringify(value)).toBeInstanceOf(InvalidSettings)
        expect(String((outcome as Error).message), JSON.stringify(value)).toMatch(
          new RegExp(`^${setting}: expected [^]+, found [^]+`),
        )
        expect(String((outcome as Error).message)).not.toContain('user:word')
      }
    },
  )
})

const isRoot = process.getuid?.() === 0
const compileCache = join(folder, 'compile-cache')

/** What a program says that ends by itself; as a user without rights, where the test may choose one. */
async function end(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  user: 'this' | 'nobody' = 'this',
) {
  const child = spawn(process.execPath, [join(root, program), ...args], {
    // Compiled once: a start is mostly reading our own modules.
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === 'nobody' && isRoot ? { uid: 65534, gid: 65534 } : {}),
  })
  const [, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, lines: err.trimEnd().split('\n'), err }
}

const gatewayMain = 'gateway/main.ts'
const storeMain = 'subgraphs/main.ts'
const line = /^[A-Z][A-Z_-]*: expected .+, found .+/

describe('a process ends with lines and no stack', () => {
  test.each([
    ['gateway', gatewayMain, [], gateway],
    ['store', storeMain, [slug], store],
  ] as const)('naming each of its settings where all are wrong at once: %s', async (name, program, args, good) => {
    const wrong = Object.keys(processes[name].settings).flatMap((setting) =>
      values[setting]?.[0] === undefined ? [] : [[setting, values[setting][0]] as const],
    )
    const { code, lines } = await end(program, args, { ...good, ...Object.fromEntries(wrong) })
    expect(code).toBe(1)
    expect(lines.map((one) => one.split(':')[0]).sort()).toEqual(wrong.map(([setting]) => setting).sort())
    for (const one of lines) expect(one).toMatch(line)
  })

  test('where the port is taken, or the host is not of this machine', async () => {
    await using taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { code, err } = await end(storeMain, [slug], { ...store, PORT: String(port) })
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^PORT: expected .+ to be free, found another process listening there\n$/),
    ])
    for (const host of ['192.0.2.1', 'no-such-host.invalid', '::zz', 'fe80::1%none']) {
      const refused = await listen(() => {}, { port: 0, host }).catch((error: unknown) => error)
      expect([host, refused]).toEqual([host, expect.any(StartupError)])
      expect(String((refused as Error).message)).toMatch(/^HOST: expected .+, found .+$/)
    }
  })

  test.runIf(isRoot)('where its user may not read a file, nor write a folder', async () => {
    const others = join(folder, 'others')
    mkdirSync(others)
    chmodSync(folder, 0o711)
    chmodSync(others, 0o755)
    const secret = join(others, 'secret')
    writeFileSync(secret, Buffer.alloc(32), { mode: 0o600 })
    const [unread, unwritten] = await Promise.all([
      end(
        gatewayMain,
        [],
        {
          ...gateway,
          GATEWAY_KEY: secret,
          GATEWAY_SECRET: secret,
          TOKEN_KEYS: secret,
          REGIONS: secret,
          AUDIT_DIR: join(others, 'audit'),
        },
        'nobody',
      ),
      end(storeMain, [slug], { ...store, TOKEN_KEYS: secret, GATEWAY_KEYS: secret, DATA_DIR: others }, 'nobody'),
    ])
    for (const { code, lines } of [unread, unwritten]) {
      expect(code).toBe(1)
      for (const one of lines) expect(one).toMatch(line)
    }
    expect(unread.lines.map((one) => one.split(':')[0])).toEqual([
      'REGIONS',
      'TOKEN_KEYS',
      'GATEWAY_KEY',
      'GATEWAY_SECRET',
      'AUDIT_DIR',
    ])
    expect(unwritten.lines.map((one) => one.split(':')[0])).toEqual(['DATA_DIR', 'TOKEN_KEYS', 'GATEWAY_KEYS'])
  })

  test('where a folder is in the place of the database', async () => {
    const data = join(folder, 'no-database')
    mkdirSync(join(data, slug, 'records.sqlite'), { recursive: true, mode: 0o700 })
    const { code, err } = await end(storeMain, [slug], { ...store, PORT: '0', DATA_DIR: data })
    expect([code, err]).toEqual([1, expect.stringMatching(/^Record store .+: expected .+, found the folder .+\n$/)])
  })
})

describe('a command ends with lines and no stack', () => {
  const bundle = join(folder, 'bundle.json')
  writeFileSync(bundle, '{}')
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const region = ['--region', slug]
  test.each<[string, readonly string[], Readonly<Record<string, string>>, number]>([
    ['subgraphs/publishing/import.ts', [...region, bundle], { DATA_DIR: file }, 1],
    ['subgraphs/publishing/import.ts', ['--regoin'], {}, 2],
    ['subgraphs/demo/population/main.ts', region, { DATA_DIR: file, NODE_ENV: 'production' }, 1],
    ['gateway/audit/main.ts', ['verify', '--folder', file, '--secret', file], {}, 1],
    ['gateway/audit/main.ts', ['verify', '--folder', file], { GATEWAY_SECRET: folder }, 1],
    ['gateway/demo/report.ts', ['weekly'], { GATEWAY_URL: 'http://gateway.example.nhs.uk', TOKEN: ' ' }, 1],
    ['gateway/demo/report.ts', ['weekly'], { DATA_DIR: folder }, 1],
    ['gateway/demo/token.ts', [], { DATA_DIR: '/proc' }, 1],
    ['gateway/demo/store.ts', [slug], { DATA_DIR: file, REGIONS: file, NODE_ENV: 'staging' }, 1],
    ['gateway/demo/start.ts', [], { DATA_DIR: '/proc/share2care' }, 1],
    ['schema/policies/explain.ts', ['--what'], {}, 2],
    ['gateway/deploy/keys.ts', ['create', '--folder', '/proc'], {}, 1],
    ['gateway/deploy/keys.ts', ['mend'], { DATA_DIR: join(folder, 'data') }, 2],
  ])('%s %j %j', async (program, args, environment, exitCode) => {
    const { code, err, lines } = await end(program, args, environment)
    expect([code, err]).toEqual([exitCode, expect.not.stringMatching(/^\s+at /m)])
    expect(lines[0]).toMatch(exitCode === 1 ? /^(--)?[A-Za-z_]+: expected .+, found .+/ : /expected|Unknown option|--/)
  })
})
