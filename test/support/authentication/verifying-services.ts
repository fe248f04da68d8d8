import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose'
import { createAuditTrail } from '../../../gateway/audit/audit-trail.ts'
import { createGateway } from '../../../gateway/gateway.ts'
import { createTokenVerifier, type TokenVerifierOptions } from '../../../schema/access-token.ts'
import {
  type AccessContext,
  assertionHeader,
  type SignAssertionOptions,
  signAssertion,
} from '../../../schema/assertion.ts'
import { loadKeySet } from '../../../schema/key-set.ts'
import type { PrivateKey } from '../../../schema/private-key.ts'
import type { Secrets } from '../../../schema/secrets.ts'
import type { ServiceLog } from '../../../schema/service/service-log.ts'
import { createTestService, noon, type RegionSlug, type TestService } from '../store/test-service.ts'
import { loadTestRegions } from '../test-regions.ts'

export type VerifyingService = 'gateway' | RegionSlug
export const serviceNames: readonly VerifyingService[] = ['gateway', 'cheshire-merseyside', 'lancashire-south-cumbria']
export const storeNames: readonly RegionSlug[] = ['cheshire-merseyside', 'lancashire-south-cumbria']
export const regionCodes = {
  'cheshire-merseyside': 'CHESHIRE_MERSEYSIDE',
  'lancashire-south-cumbria': 'LANCASHIRE_SOUTH_CUMBRIA',
} as const

export interface KeyPair extends PrivateKey {
  readonly publicJwk: JWK
}

export interface TokenChange {
  /** Instead of a clinician's claims; undefined takes one away. */
  readonly claims?: JWTPayload
  readonly header?: Partial<JWTHeaderParameters>
  readonly key?: SignAssertionOptions['key'] | Uint8Array
}

export interface TokenVerdict {
  readonly status: number
  /** Why it was not opened, for a program. */
  readonly reason: string | null
}

/**
 * The gateway and both stores behind their front doors, all by one clock that tests move, with key sets in files that
 * tests write.
 */
export interface VerifyingServices extends AsyncDisposable {
  readonly clock: { nowMs: number }
  /** The keys in force at first. */
  readonly issuer: KeyPair
  readonly gatewayKey: KeyPair
  /** Where the key sets are. */
  readonly files: { readonly issuer: string; readonly gateway: string }
  /** Replaces the text of a key set's file. */
  writeKeys(owner: 'issuer' | 'gateway', text: string): void
  /** How often a signature was verified, whosever. */
  verifications(): number
  /** What was logged of key sets, by whichever. */
  readonly logged: string[]
  /** A token of ten minutes. */
  token(change?: TokenChange): Promise<string>
  /** An assertion of a minute, for direct care. */
  assertion(token: string, region: string, change?: Partial<SignAssertionOptions>): Promise<string>
  /** Asks for nothing of any patient. At a store with an assertion, by default one that is good for the token. */
  tryToken(door: VerifyingService, token: string | null, assertion?: string | null): Promise<TokenVerdict>
  /** Asks the gateway for a patient; resolves with the assertion that each store was sent. */
  view(token: string, access?: string): Promise<Readonly<Record<RegionSlug, string | undefined>>>
}

export const context: AccessContext = { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null }
const issuerName = 'https://issuer.test'
const audience = 'share2care'

export interface VerifyingServicesOptions {
  /** How tokens are verified, where another issuer than the tests' own signs them; by the doors' clock. */
  readonly tokensBy?: (tools: { readonly now: () => number; readonly log: ServiceLog }) => TokenVerifierOptions
  /** What the clock says at first. @default noon */
  readonly nowMs?: number
}

export async function startVerifyingServices({
  tokensBy,
  nowMs = noon,
}: VerifyingServicesOptions = {}): Promise<VerifyingServices> {
  const folder = mkdtempSync(join(tmpdir(), 'doors-'))
  const clock = { nowMs }
  const now = () => clock.nowMs
  const logged: string[] = []
  const log: ServiceLog = (message, error) => logged.push(`${message}: ${error}`)
  const files = { issuer: join(folder, 'issuer.json'), gateway: join(folder, 'gateway.json') }
  const issuer = await createKeyPair('issuer')
  const gatewayKey = await createKeyPair('gateway')
  writeFileSync(files.issuer, toKeySet(issuer))
  writeFileSync(files.gateway, toKeySet(gatewayKey))
  let verifications = 0
  const loadKeys = (file: string): JWTVerifyGetKey => {
    const keys = loadKeySet(file, { transport: 'any', now, log })
    return (header, token) => {
      verifications++
      return keys(header, token)
    }
  }
  const createVerifier = () =>
    createTokenVerifier({
      ...(tokensBy?.({ now, log }) ?? { keys: loadKeys(files.issuer), issuer: issuerName, audience }),
      now,
    })

  const services = new Map<RegionSlug, TestService>()
  for (const region of storeNames)
    services.set(
      region,
      await createTestService({ region, now, verifyToken: createVerifier(), gatewayKeys: loadKeys(files.gateway) }),
    )
  const serviceOf = (region: RegionSlug): TestService => services.get(region) ?? expectStore(region)
  const recorders = await Promise.all(
    storeNames.map(async (region) => [region, await recordAssertions(serviceOf(region))] as const),
  )
  const recorderOf = new Map(recorders)

  const secrets: Secrets = [new Uint8Array(32).fill(7)]
  const gateway = createGateway({
    regions: loadTestRegions().map((region) => ({
      ...region,
      url: recorderOf.get(region.slug as RegionSlug)?.url ?? region.url,
    })),
    verifyToken: createVerifier(),
    assertionKey: gatewayKey,
    secrets,
    trail: await createAuditTrail({ folder: join(folder, 'audit'), writer: 'gateway', secrets, now }),
    now,
  })

  const seconds = () => Math.floor(now() / 1000)
  const doors: VerifyingServices = {
    clock,
    issuer,
    gatewayKey,
    files,
    logged,
    writeKeys: (owner, text) => writeFileSync(files[owner], text),
    verifications: () => verifications,
    token: async ({ claims, header, key = issuer.key } = {}) =>
      new SignJWT({
        iss: issuerName,
        aud: audience,
        sub: '1',
        exp: seconds() + 600,
        scope: 'record',
        nhsid_nrbac_roles: [{ person_roleid: '1', role_code: 'R0050', org_code: 'REM' }],
        ...claims,
      })
        .setProtectedHeader({ alg: 'Ed25519', kid: 'issuer', typ: 'at+jwt', ...header })
        .sign(key),
    assertion: (token, region, change) =>
      signAssertion({
        key: gatewayKey.key,
        keyId: gatewayKey.keyId,
        region,
        token,
        context,
        expiresAtMs: seconds() * 1000 + 60_000,
        ...change,
      }),
    async tryToken(door, token, given) {
      const headers = new Headers({ 'content-type': 'application/json' })
      if (token !== null) headers.set('authorization', `Bearer ${token}`)
      if (door === 'gateway')
        return toKnock(
          await gateway.fetch(
            new Request('http://gateway/graphql', { method: 'POST', headers, body: '{"query":"{ viewer { id } }"}' }),
          ),
        )
      const assertion = given === undefined ? await doors.assertion(token ?? '', regionCodes[door]) : given
      if (assertion !== null) headers.set(assertionHeader, assertion)
      return toKnock(
        await serviceOf(door).service.fetch(
          new Request('http://store/graphql', { method: 'POST', headers, body: '{"query":"{ __typename }"}' }),
        ),
      )
    },
    async view(token, access = '{}') {
      const query = `{ patient(nhsNumber: "9990000018", access: ${access}) { presence } }`
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      for (const [, recorder] of recorders) recorder.last = undefined
      await gateway.fetch(
        new Request('http://gateway/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) }),
      )
      return Object.fromEntries(recorders.map(([region, { last }]) => [region, last])) as Record<
        RegionSlug,
        string | undefined
      >
    },
    async [Symbol.asyncDispose]() {
      await gateway.close()
      for (const [region, recorder] of recorders) {
        await recorder.close()
        await serviceOf(region)[Symbol.asyncDispose]()
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return doors
}

export async function createKeyPair(keyId: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
  return { key: privateKey, keyId, publicJwk: { ...(await exportJWK(publicKey)), kid: keyId, alg: 'Ed25519' } }
}

/** The text of a JWK set. */
export function toKeySet(...keys: readonly KeyPair[]): string {
  return JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) })
}

function expectStore(region: string): never {
  throw new Error(`No store ${region}`)
}

async function toKnock(response: Response): Promise<TokenVerdict> {
  const { errors } = (await response.json()) as {
    errors?: readonly { readonly extensions: { readonly reason?: string } }[]
  }
  return { status: response.status, reason: errors?.[0]?.extensions.reason ?? null }
}

interface Recorder {
  readonly url: string
  /** The assertion of the last request that the store answered 200. */
  last: string | undefined
  close(): Promise<void>
}

/** A store's service over HTTP, keeping what assertion it took. */
async function recordAssertions({ service }: TestService): Promise<Recorder> {
  const server = createServer(async (incoming, outgoing) => {
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
    const response = await service.fetch(
      new Request(`${recorder.url}${incoming.url}`, { method: 'POST', headers, body: await readText(incoming) }),
    )
    if (response.ok) recorder.last = headers[assertionHeader]
    outgoing.writeHead(response.status, { 'content-type': 'application/json' }).end(await response.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const recorder: Recorder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    last: undefined,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return recorder
}

async function readText(incoming: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
