import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAuditTrail } from '../../gateway/audit/audit-trail.ts'
import { ensureDemoKeys } from '../../gateway/demo/demo-keys.ts'
import { ensureDataFolder, ensurePrivateFile } from '../../schema/service/private-files.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { holdPorts } from '../support/hold-ports.ts'
import { transaction } from '../support/publishing/bundle.ts'
import { loadTestRegions } from '../support/test-regions.ts'

const root = join(import.meta.dirname, '../..')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Every file and folder from here down whose mode lets others in, or its owner do too much. */
function findOpen(top: string): readonly string[] {
  return [top, ...globSync('**/*', { cwd: top }).map((name) => join(top, name))].flatMap((path) => {
    const stats = lstatSync(path)
    const mode = stats.mode & 0o7777
    return mode === (stats.isDirectory() ? 0o700 : 0o600) ? [] : [`${path}: ${mode.toString(8)}`]
  })
}

const modeOf = (path: string) => statSync(path).mode & 0o777

/** Runs a program under a umask that takes nothing away. */
function runOpen(program: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
  const child = spawn('sh', ['-c', 'umask 000; exec "$0" "$@"', process.execPath, join(root, program), ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {
    child,
    said: Promise.all([text(child.stdout), text(child.stderr)]),
    ended: once(child, 'close').then(([code]) => code as number | null),
  }
}

test('the demo and every command leave nothing open in the data folder under umask 000', {
  timeout: 180_000,
}, async () => {
  const data = join(folder, 'data')
  using held = await holdPorts(3)
  const [port, ...ports] = held.ports
  const regions = join(folder, 'regions.json')
  writeFileSync(
    regions,
    JSON.stringify(loadTestRegions().map((region, index) => ({ ...region, url: `http://127.0.0.1:${ports[index]}` }))),
  )
  const bundle = join(folder, 'bundle.json')
  writeFileSync(bundle, JSON.stringify(transaction()))
  const environment = {
    DATA_DIR: data,
    REGIONS: regions,
    PORT: String(port),
    NODE_COMPILE_CACHE: join(data, 'compile-cache'),
  }
  const succeed = async (program: string, ...args: readonly string[]) => {
    const { said, ended } = runOpen(program, args, environment)
    const [out, err] = await said
    expect([await ended, err]).toEqual([0, expect.not.stringMatching(/^\s+at /m)])
    return out.trim()
  }
  // Each may be the first to make the folder.
  await succeed('subgraphs/publishing/import.ts', '--region', 'cheshire-merseyside', bundle)
  expect(findOpen(data)).toEqual([])
  await succeed('subgraphs/demo/population/main.ts', '--region', 'lancashire-south-cumbria', '--scale', '0.00001')
  const token = await succeed('gateway/demo/token.ts')
  const demo = runOpen('gateway/demo/start.ts', ['--scale', '0.00001'], environment)
  await Promise.race([once(demo.child.stdout, 'data'), demo.ended])
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const asked = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query: '{ patient(nhsNumber: "9990000018") { completeness { complete } } }' }),
  })
  expect(asked.status).toBe(200)
  // While the databases are open, with their -wal and -shm.
  expect(globSync('**/*-wal', { cwd: data })).toHaveLength(2)
  expect(findOpen(data)).toEqual([])
  demo.child.kill('SIGTERM')
  expect(await demo.ended).toBe(0)
  await succeed('gateway/audit/main.ts', 'verify')
  await succeed('gateway/deploy/keys.ts', 'rotate', 'gateway')
  for (const made of ['audit/gateway/head', 'compile-cache', 'keys/gateway.2.jwk.json', 'logs/gateway.log'])
    expect(existsSync(join(data, made)), made).toBe(true)
  expect(findOpen(data)).toEqual([])
})

describe('what is there already', () => {
  test('is closed at the start, databases, keys and logs of an earlier version among it', () => {
    for (const name of ['cheshire-merseyside', 'keys', 'logs']) mkdirSync(join(folder, name))
    for (const name of [
      'cheshire-merseyside/records.sqlite',
      'cheshire-merseyside/records.sqlite-wal',
      'keys/gateway.jwk.json',
      'logs/gateway.log',
    ]) {
      writeFileSync(join(folder, name), '')
      chmodSync(join(folder, name), 0o666)
    }
    chmodSync(folder, 0o755)
    ensureDataFolder(folder)
    expect(findOpen(folder)).toEqual([])
  })

  test('is left as it is and named where the folder is open to others and may be theirs', () => {
    writeFileSync(join(folder, 'passwd'), '')
    chmodSync(folder, 0o755)
    expect(() => ensureDataFolder(folder)).toThrow(
      `found ${folder}, which is open to other users (mode 755) and holds "passwd"`,
    )
    expect(modeOf(folder)).toBe(0o755)
    expect(() => ensureDataFolder(tmpdir())).toThrow('which is open to other users (mode 1777)')
  })

  test('of other names is not touched', () => {
    writeFileSync(join(folder, 'notes.txt'), '', { mode: 0o644 })
    ensureDataFolder(folder)
    expect(modeOf(join(folder, 'notes.txt'))).toBe(0o644)
  })
})

describe('a symbolic link in place of our file', () => {
  const elsewhere = () => {
    const file = join(folder, 'elsewhere')
    writeFileSync(file, '', { mode: 0o644 })
    return file
  }

  test('is refused for a database, and what it leads to is not touched', () => {
    const file = join(folder, 'records.sqlite')
    const target = elsewhere()
    symlinkSync(target, file)
    expect(() => createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file })).toThrow(
      `found the symbolic link ${file}`,
    )
    expect([modeOf(target), statSync(target).size]).toEqual([0o644, 0])
  })

  test('is refused among keys and at a region, by name', () => {
    mkdirSync(join(folder, 'keys'))
    symlinkSync(elsewhere(), join(folder, 'keys', 'gateway.jwk.json'))
    expect(() => ensureDataFolder(folder)).toThrow(
      `found the symbolic link ${join(folder, 'keys', 'gateway.jwk.json')}`,
    )
  })

  test('is refused for the head of the audit trail', async () => {
    mkdirSync(join(folder, 'audit', 'gateway'), { recursive: true })
    symlinkSync(elsewhere(), join(folder, 'audit', 'gateway', 'head'))
    await expect(
      createAuditTrail({ folder: join(folder, 'audit'), writer: 'gateway', secrets: [new Uint8Array(32)] }),
    ).rejects.toThrow()
  })

  test('is followed for the data folder itself, which the operator chooses', () => {
    mkdirSync(join(folder, 'disk'), { mode: 0o755 })
    symlinkSync(join(folder, 'disk'), join(folder, 'data'))
    ensureDataFolder(join(folder, 'data'))
    expect(modeOf(join(folder, 'disk'))).toBe(0o700)
  })
})

test('a file that somebody else has made too open is closed when it is opened', () => {
  const file = join(folder, 'records.sqlite')
  writeFileSync(file, '')
  chmodSync(file, 0o666)
  ensurePrivateFile(file)
  expect(modeOf(file)).toBe(0o600)
})

test("the demo does not take a production's keys for its own", async () => {
  mkdirSync(join(folder, 'keys'))
  writeFileSync(join(folder, 'keys', 'gateway.jwks.json'), '{"keys":[]}')
  await expect(ensureDemoKeys(folder)).rejects.toThrow(
    `DATA_DIR: expected the demo's folder, found the keys of another service in ${join(folder, 'keys')}`,
  )
})
