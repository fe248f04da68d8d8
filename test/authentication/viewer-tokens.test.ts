import { generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mintToken } from '../../gateway/demo/mint-token.ts'
import { type System, startSystem } from '../support/system.ts'

describe("a request's viewer", () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const ask = (headers: Readonly<Record<string, string>>) =>
    system.gateway.fetch(
      new Request(`${system.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ viewer { id } }"}',
      }),
    )

  test.each<[string, () => Promise<Readonly<Record<string, string>>>]>([
    ['no token', async () => ({})],
    ['another scheme', async () => ({ authorization: 'Basic dXNlcjpwYXNz' })],
    ['a token that is not a JWT', async () => ({ authorization: 'Bearer nonsense' })],
    [
      'a token of another issuer',
      async () => ({
        authorization: `Bearer ${await mintToken({ key: (await generateKeyPair('Ed25519')).privateKey, keyId: 'issuer' })}`,
      }),
    ],
    ['an expired token', async () => ({ authorization: `Bearer ${await system.token({ lifeSeconds: -60 })}` })],
    ['an unsigned token', async () => ({ authorization: `Bearer ${unsigned(await system.token())}` })],
    ['a token in a cookie', async () => ({ cookie: `authorization=${await system.token()}` })],
  ])('the gateway answers 401 to a request with %s', async (_, headers) => {
    const response = await ask(await headers())
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(system.requests()).toEqual({ 'cheshire-merseyside': 0, 'lancashire-south-cumbria': 0 })
  })

  test("a token's holder sees who they are", async () => {
    const token = await system.token({ role: 'R1070', organisation: 'RX7', person: '9', name: 'Pat Medic' })
    const { data } = await system.query(
      '{ viewer { id name role { code } organisation { odsCode name } regions purpose } }',
      {},
      token,
    )
    expect(data.viewer).toEqual({
      id: '9',
      name: 'Pat Medic',
      role: { code: 'R1070' },
      organisation: { odsCode: 'RX7', name: 'North West Ambulance Service NHS Trust' },
      regions: ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'],
      purpose: 'DIRECT_CARE',
    })
  })

  test.each([
    ['a privacy officer', { role: 'R5105', organisation: 'RX7' }, 'REFUSED_ROLE'],
    ['a token limited to research', { purpose: 'RESEARCH' }, 'REFUSED_PURPOSE'],
    ['a token limited to emergencies that asks for direct care', { purpose: 'EMERGENCY' }, 'REFUSED_PURPOSE'],
  ])('the gateway shows no record to %s', async (_, token, code) => {
    const { data } = await system.query(
      `{ patient(nhsNumber: "9990000018", access: { purpose: DIRECT_CARE }) { presence allergies { message nodes { id } } completeness { regions { decision { code } } } } }`,
      {},
      await system.token(token),
    )
    expect(data.patient).toEqual({
      presence: 'UNDETERMINED',
      allergies: {
        message:
          "Some of this is withheld by e-Xchange's sharing rules. Some of this is withheld by LPRES's sharing rules.",
        nodes: [],
      },
      completeness: { regions: [{ decision: { code } }, { decision: { code } }] },
    })
  })
})

/** The token as `alg: none` would have it. */
function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}
