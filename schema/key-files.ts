import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'
import { loadJson } from './service/load-file.ts'
import { ensureFolder, replaceFile, writeNewFile } from './service/private-files.ts'
import { InvalidSetting } from './service/startup-error.ts'

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) })

/** Path of a name's public keys, a JWK Set (RFC 7517). */
export function toKeySetFile(folder: string, name: string): string {
  return join(folder, `${name}.jwks.json`)
}

/**
 * Paths of a name's private keys (Ed25519 JWK, RFC 8037), newest first: NAME.jwk.json, and after each rotation
 * NAME.2.jwk.json and so on.
 */
export function listKeyFiles(folder: string, name: string): readonly string[] {
  return listNumbered(folder, name, '.jwk.json')
}

/** Paths of a name's secrets (32 random bytes), newest first: NAME, and after each rotation NAME.2 and so on. */
export function listSecretFiles(folder: string, name: string): readonly string[] {
  return listNumbered(folder, name, '')
}

/**
 * Creates a name's next key pair and returns the private key's file. The public key joins the key set first, so that
 * verifiers know it before it signs.
 */
export async function addKeyPair(folder: string, name: string, keyId = `${name}-${randomUUID()}`): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
  const file = nextFile(folder, name, '.jwk.json')
  writeKeySet(folder, name, [
    ...loadPublicKeys(folder, name),
    { ...(await exportJWK(publicKey)), kid: keyId, alg: 'Ed25519', use: 'sig' },
  ])
  writeNewFile(file, JSON.stringify({ ...(await exportJWK(privateKey)), kid: keyId, alg: 'Ed25519' }))
  return file
}

/** Creates a name's next secret and returns its file. */
export function addSecret(folder: string, name: string): string {
  const file = nextFile(folder, name, '')
  writeNewFile(file, randomBytes(32))
  return file
}

/**
 * Removes all keys but the newest from a name's key set, so that earlier signatures fail. Returns how many. Throws
 * InvalidSetting.
 */
export function retireKeys(folder: string, name: string): number {
  const [newest = join(folder, `${name}.jwk.json`)] = listKeyFiles(folder, name)
  const { kid } = z.looseObject({ kid: z.string() }).parse(loadJson(newest, 'a private key as a JWK'))
  const all = loadPublicKeys(folder, name)
  const left = all.filter((one) => one.kid === kid)
  if (left.length === 0)
    throw new InvalidSetting(`the key of ${newest} in ${toKeySetFile(folder, name)}`, 'others only')
  if (left.length < all.length) writeKeySet(folder, name, left)
  return all.length - left.length
}

function loadPublicKeys(folder: string, name: string): readonly JWK[] {
  const file = toKeySetFile(folder, name)
  const expected = 'a JWK Set (RFC 7517) whose keys have a kid'
  if (!existsSync(file)) return []
  const { data } = keySet.safeParse(loadJson(file, expected))
  if (!data) throw new InvalidSetting(expected, `another value in ${file}`)
  return data.keys
}

function writeKeySet(folder: string, name: string, keys: readonly JWK[]): void {
  ensureFolder(folder)
  replaceFile(toKeySetFile(folder, name), `${JSON.stringify({ keys })}\n`)
}

function listNumbered(folder: string, name: string, ending: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const numbered = names.flatMap((one) => {
    if (!one.startsWith(name) || !one.endsWith(ending)) return []
    const middle = one.slice(name.length, one.length - ending.length)
    return /^(\.[1-9]\d*)?$/.test(middle) ? [{ file: join(folder, one), number: Number(middle.slice(1) || 1) }] : []
  })
  return numbered.sort((a, b) => b.number - a.number).map(({ file }) => file)
}

function nextFile(folder: string, name: string, ending: string): string {
  ensureFolder(folder)
  const count = listNumbered(folder, name, ending).length
  // Numbers continue from the highest, so that a removed file's name never gets other content.
  const [newest = ''] = listNumbered(folder, name, ending)
  const highest = Number(/\.(\d+)(?:\.jwk\.json)?$/.exec(newest)?.[1] ?? count)
  return join(folder, count === 0 ? `${name}${ending}` : `${name}.${highest + 1}${ending}`)
}
