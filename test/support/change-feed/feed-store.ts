import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'
import { assertionHeader } from '../../../schema/assertion.ts'
import { changesPath } from '../../../schema/change-event.ts'
import { signFeedAssertion } from '../../../schema/feed-assertion.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { createRecordService, type RecordServiceOptions } from '../../../subgraphs/service/record-service.ts'
import { loadRegion } from '../../../subgraphs/service/store-settings.ts'
import type { RecordStore } from '../../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../../subgraphs/store/sqlite-record-store.ts'

/** A region's store and its service, over real HTTP, for tests of its change feed. */
export interface FeedStore extends AsyncDisposable {
  readonly region: RegionConfiguration
  readonly store: RecordStore
  /** The folder DATA_DIR of the commands that use the same database. */
  readonly folder: string
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  /** What the service logged. */
  readonly logged: unknown[]
  /** How often the store was asked how far it is. */
  readonly looks: number
  /** A change of a patient, and its sequence number. */
  commit(nhsNumber: string): Promise<number>
  /** The headers of a gateway that listens. */
  headers(options?: { readonly region?: string; readonly expiresAtMs?: number }): Promise<Record<string, string>>
  /** The service's front door without a socket. */
  fetch(request: Request): Promise<Response>
  /** Listens as a gateway does. */
  open(headers?: Readonly<Record<string, string>>): Promise<Response>
  stop(): Promise<void>
  /** Serves again at the same address, with another store or other options where they are given. */
  restart(options?: Partial<RecordServiceOptions>): Promise<void>
}

const slug = 'cheshire-merseyside'

export async function createFeedStore(options: Partial<RecordServiceOptions> = {}): Promise<FeedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'share2care-feed-'))
  const listed = loadRegion(slug)
  mkdirSync(join(folder, slug))
  const kept = createSqliteRecordStore({ region: listed.code, file: join(folder, slug, 'records.sqlite') })
  let looks = 0
  const store: RecordStore = {
    ...kept,
    sequence: () => {
      looks++
      return kept.sequence()
    },
  }
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
  const assertionKey = { key: privateKey, keyId: 'gateway' }
  const gatewayKeys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'gateway', alg: 'Ed25519' }] })
  const logged: unknown[] = []
  const create = (more: Partial<RecordServiceOptions>) =>
    createRecordService({
      region: listed,
      store,
      gatewayKeys,
      verifyToken: () => Promise.reject(new Error('No viewer asks here')),
      log: (message, error) => logged.push([message, error]),
      ...options,
      ...more,
    })
  let service = create({})
  let listening = await service.listen({ port: 0 })
  const { url } = listening
  let permissions = 0
  const headers: FeedStore['headers'] = async ({ region = listed.code, expiresAtMs = Date.now() + 60_000 } = {}) => ({
    [assertionHeader]: await signFeedAssertion({ ...assertionKey, region, expiresAtMs }),
  })
  return {
    region: { ...listed, url },
    store,
    folder,
    assertionKey,
    logged,
    get looks() {
      return looks
    },
    async commit(nhsNumber) {
      await store.recordPermission({
        id: `permission-${++permissions}`,
        nhsNumber,
        organisation: 'REM',
        person: '555',
        basis: 'CARE_EPISODE_24_HOURS',
        untilMs: Date.now() + 60_000,
      })
      return store.sequence()
    },
    headers,
    fetch: (request) => service.fetch(request),
    open: async (given) => fetch(`${url}${changesPath}`, { headers: given ?? (await headers()) }),
    stop: () => listening.close(),
    async restart(more = {}) {
      service = create(more)
      listening = await service.listen({ port: Number(new URL(url).port) })
    },
    async [Symbol.asyncDispose]() {
      await listening.close()
      store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
