import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTVerifyGetKey, SignJWT } from 'jose'
import { createTokenVerifier } from '../../../schema/access-token.ts'
import { type AccessContext, assertionHeader, signAssertion } from '../../../schema/assertion.ts'
import type * as Region from '../../../schema/generated/region.ts'
import {
  createRecordService,
  type RecordService,
  type RecordServiceOptions,
} from '../../../subgraphs/service/record-service.ts'
import { loadRegion } from '../../../subgraphs/service/store-settings.ts'
import type { Publication, RecordStore } from '../../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../../subgraphs/store/sqlite-record-store.ts'
import { grantAccess } from '../grant-access.ts'
import type { Slug } from '../test-regions.ts'

export type RegionSlug = Slug

export interface Caller {
  /** NHS CIS2 user id. @default 555000000001 */
  readonly person?: string
  readonly role?: string
  /** ODS code. @default REM */
  readonly organisation?: string
  /** OAuth 2.0 scopes. @default record */
  readonly scope?: string
  readonly context?: Partial<AccessContext>
}

export interface TestService extends AsyncDisposable {
  readonly service: RecordService
  readonly store: RecordStore
  /** What the service logged. */
  readonly logged: unknown[]
  publish(...publications: readonly Publication[]): Promise<void>
  /** The headers of a gateway asking for a clinician in direct care, unless said otherwise. */
  headers(asker?: Caller): Promise<Record<string, string>>
  ask(query: string, variables?: Record<string, unknown>, asker?: Caller): Promise<GraphqlAnswer>
  /** The first patient's part of the reply, for a selection on PatientReply. */
  patient(selection: string, nhsNumber: string, asker?: Caller): Promise<PatientAnswer>
}

export interface GraphqlAnswer {
  readonly status: number
  readonly data: { readonly [field: string]: Region.ViewReply } | null | undefined
  readonly errors:
    | readonly {
        readonly message: string
        readonly path?: readonly (string | number)[]
        readonly extensions: Readonly<Record<string, unknown>>
      }[]
    | undefined
  readonly text: string
}

/** A PatientReply as far as it was asked for; tests name what they read. */
// biome-ignore lint/suspicious/noExplicitAny: answers are shaped by each test's own query
export type PatientAnswer = any

/** The clock of the tests: a Sunday noon in winter, when London and UTC agree. */
export const noon = Date.parse('2026-11-22T12:00:00Z')

/** A region's service over an empty store, with keys and callers of its own. */
export async function createTestService({
  region: slug = 'cheshire-merseyside',
  store,
  ...options
}: Partial<Omit<RecordServiceOptions, 'region'>> & { readonly region?: RegionSlug } = {}): Promise<TestService> {
  const region = loadRegion(slug)
  const viewers = await createKeys('viewers')
  const gateways = await createKeys('gateways')
  const now = options.now ?? (() => noon)
  const records = grantAccess(
    store ?? createSqliteRecordStore({ region: region.code, file: ':memory:', now: () => noon }),
    { now },
  )
  const logged: unknown[] = []
  const service = createRecordService({
    region,
    store: records,
    verifyToken: createTokenVerifier({
      keys: viewers.find,
      issuer: 'https://issuer.test',
      audience: 'share2care',
      now,
    }),
    gatewayKeys: gateways.find,
    now,
    log: (message, error) => logged.push([message, error]),
    ...options,
  })
  const headers = async ({
    person = '555000000001',
    role = 'R0260',
    organisation = 'REM',
    scope = 'record',
    context,
  }: Caller = {}) => {
    const seconds = Math.floor(now() / 1000)
    const token = await new SignJWT({
      name: 'A. Clinician',
      scope,
      nhsid_useruid: person,
      nhsid_nrbac_roles: [{ person_roleid: '1', role_code: role, org_code: organisation }],
    })
      .setProtectedHeader({ alg: 'Ed25519', kid: 'viewers', typ: 'at+jwt' })
      .setSubject('clinician')
      .setIssuer('https://issuer.test')
      .setAudience('share2care')
      .setExpirationTime(seconds + 600)
      .sign(viewers.key)
    const access: AccessContext = {
      purpose: 'DIRECT_CARE',
      relationship: 'ATTENDING',
      reason: null,
      supervisor: null,
      ...context,
    }
    const assertion = await signAssertion({
      key: gateways.key,
      keyId: 'gateways',
      region: region.code,
      token,
      context: access,
      expiresAtMs: now() + 60_000,
    })
    return { authorization: `Bearer ${token}`, [assertionHeader]: assertion }
  }
  const ask: TestService['ask'] = async (query, variables, asker) => {
    const request = new Request('http://store/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await headers(asker)) },
      body: JSON.stringify({ query, variables }),
    })
    const response = await service.fetch(request)
    const text = await response.text()
    return { ...(JSON.parse(text) as Pick<GraphqlAnswer, 'data' | 'errors'>), status: response.status, text }
  }
  return {
    service,
    store: records,
    logged,
    headers,
    ask,
    publish: async (...publications) => {
      for (const outcome of await records.publish(publications))
        if (outcome.status === 'refused') throw new Error(JSON.stringify(outcome.faults))
    },
    patient: async (selection, nhsNumber, asker) => {
      const answer = await ask(
        `query ($n: [NHSNumber!]!) { view: ${region.viewField}(nhsNumbers: $n) { patients { ${selection} } } }`,
        { n: [nhsNumber] },
        asker,
      )
      if (answer.errors) throw new Error(answer.text)
      return answer.data?.view?.patients[0]
    },
    [Symbol.asyncDispose]: async () => records.close(),
  }
}

async function createKeys(kid: string): Promise<{ readonly key: CryptoKey; readonly find: JWTVerifyGetKey }> {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
  return {
    key: privateKey,
    find: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'Ed25519' }] }),
  }
}
