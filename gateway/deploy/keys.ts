import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  addKeyPair,
  addSecret,
  listKeyFiles,
  listSecretFiles,
  retireKeys,
  toKeySetFile,
} from '../../schema/key-files.ts'
import { InvalidSettings, loadSettings, nonBlankText, setting } from '../../schema/service/load-settings.ts'
import { ensureDataFolder, ensurePrivateFolder } from '../../schema/service/private-files.ts'
import { parseCommand, runMain } from '../../schema/service/run-main.ts'
import { InvalidSetting, StartupError, UsageError } from '../../schema/service/startup-error.ts'

const usage = `Usage: npm run keys -- create [--folder DIR]
       npm run keys -- rotate gateway|secret|issuer [--folder DIR]
       npm run keys -- retire gateway|issuer [--folder DIR]

Makes the gateway's key pair, its public key set and its secret, readable by this user only (0600). No file is ever
overwritten except the key set, which holds public keys only.
  create  makes the first of each; refused if there is one already
  rotate  makes the next one; the former stays in force. A gateway or issuer key joins its key set, a secret is a file of
          its own. issuer is the demo's
  retire  leaves only the newest key in the key set
  --folder  the folder of the files; default keys/ in DATA_DIR (default .data)`

const secretName = 'gateway-secret'
const keyNames = ['gateway', 'issuer'] as const

/** `npm run keys`. */
if (import.meta.main) {
  await runMain(async () => {
    const options = { folder: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseCommand({ options, allowPositionals: true }, usage)
    if (values.help) console.log(usage)
    else console.log(await runCommand(positionals, await ensureKeyFolder(values.folder)))
  })
}

async function ensureKeyFolder(given: string | undefined): Promise<string> {
  const ensure = (folder: string) =>
    ensurePrivateFolder(resolve(folder), (name) => /\.jwks?\.json$/.test(name) || name.startsWith(secretName))
  if (given === undefined) {
    const documentation = { description: 'Folder of the data, with keys/ in it.', example: '/var/lib/share2care' }
    const { DATA_DIR } = await loadSettings(process.env, {
      DATA_DIR: setting('a folder', nonBlankText.default('.data'), documentation, ensureDataFolder),
    })
    return ensure(join(DATA_DIR, 'keys'))
  }
  try {
    return ensure(given)
  } catch (cause) {
    throw cause instanceof InvalidSetting ? new InvalidSettings({ '--folder': cause }) : cause
  }
}

/** Runs the command. Returns what it did, and what the operator has to do next. */
async function runCommand([command, name, ...more]: readonly string[], folder: string): Promise<string> {
  const found = [command, name, ...more].join(' ').trim() || 'nothing'
  const isKey = keyNames.some((one) => one === name)
  if (more.length === 0 && command === 'create' && name === undefined) return create(folder)
  if (more.length === 0 && command === 'rotate' && name !== undefined && (isKey || name === 'secret'))
    return name === 'secret' ? rotateSecret(folder) : rotateKey(folder, name)
  if (more.length === 0 && command === 'retire' && name !== undefined && isKey) return retire(folder, name)
  throw new UsageError(`COMMAND: expected create, rotate or retire, found ${found}`, usage)
}

async function create(folder: string): Promise<string> {
  const [there] = [
    ...listKeyFiles(folder, 'gateway'),
    ...listSecretFiles(folder, secretName),
    ...[toKeySetFile(folder, 'gateway')].filter(existsSync),
  ]
  if (there !== undefined)
    throw new StartupError(`create: expected no keys in ${folder}, found ${there}; rotate makes the next`)
  const key = await addKeyPair(folder, 'gateway')
  const secret = addSecret(folder, secretName)
  return `Made in ${folder}, readable by this user only. Settings of the gateway:
  GATEWAY_KEY=${key}
  GATEWAY_SECRET=${secret}
Setting of the stores, which need this file only:
  GATEWAY_KEYS=${toKeySetFile(folder, 'gateway')}`
}

async function rotateKey(folder: string, name: string): Promise<string> {
  assertAnyFile(folder, listKeyFiles(folder, name), `a key of ${name}`)
  const key = await addKeyPair(folder, name)
  const next =
    name === 'gateway'
      ? `Then set, on each gateway, and restart it:
  GATEWAY_KEY=${key}`
      : "The demo's commands sign with it from now on."
  return `Made ${key}; its public key is in ${toKeySetFile(folder, name)}, where the former keys stay in force.
Copy the set to every service that verifies with it; a file is read again within a minute, and when a key is unknown.
${next}
When nothing is signed with the former keys any more: npm run keys -- retire ${name}`
}

function rotateSecret(folder: string): string {
  const former = listSecretFiles(folder, secretName)
  assertAnyFile(folder, former, 'a secret')
  const next = addSecret(folder, secretName)
  return `Made ${next}. With several gateways, let all of them verify with it before any signs: set 1, restart each, then set 2.
  1. GATEWAY_SECRET=${[...former, next].join()}
  2. GATEWAY_SECRET=${[next, ...former].join()}
With one gateway, 2 suffices. A content url is valid for five minutes, a cursor as long as a client keeps it.
Keep the former files: audit verify --secret needs them for the heads of writers that have stopped since.`
}

function retire(folder: string, name: string): string {
  assertAnyFile(folder, listKeyFiles(folder, name), `a key of ${name}`)
  const count = retireKeys(folder, name)
  const [newest, ...former] = listKeyFiles(folder, name)
  return count === 0
    ? `Nothing to retire: ${toKeySetFile(folder, name)} holds the key of ${newest} only.`
    : `Removed ${count} from ${toKeySetFile(folder, name)}: it holds the key of ${newest} only.
Copy it to every service that verifies with it. Private keys that you may delete: ${former.join(', ')}`
}

function assertAnyFile(folder: string, files: readonly string[], what: string): void {
  if (files.length === 0) throw new StartupError(`expected ${what} in ${folder}, found none; create makes the first`)
}
