import fc from 'fast-check'
import type { JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportTrail } from '../../gateway/audit/to-fhir-audit-event.ts'
import { loadAuditEventSchema } from '../support/audit/fhir-r4-schema.ts'
import { type System, startSystem } from '../support/system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system[Symbol.asyncDispose]())

const patient = '9990000018'

/** A consultant's claims with one of them changed, by its name in the rejection. */
function claimsWith(name: string, value: unknown): JWTPayload {
  const claims = {
    sub: '1',
    name: 'Dr Ada Sample',
    nhsid_useruid: '555036632103',
    selected_roleid: '1',
    scope: 'record',
    purpose_of_use: 'DIRECT_CARE',
    nhsid_nrbac_roles: [
      {
        person_roleid: '1',
        role_code: 'R0050',
        role_name: 'Consultant',
        org_code: 'REM',
        org_name: 'Liverpool',
        aow: ['Dermatology'],
      },
    ],
  }
  const [claim = '', ...path] = name.split('.')
  if (path.length === 0) return { ...claims, [claim]: value }
  const entry = { ...claims.nhsid_nrbac_roles[0], [path[1] ?? '']: value }
  return { ...claims, nhsid_nrbac_roles: [entry] }
}

async function ask(
  claims: JWTPayload,
): Promise<{ readonly status: number; readonly reason: unknown; readonly message: string }> {
  const { status, errors } = await system.query(
    `{ patient(nhsNumber: "${patient}") { presence } }`,
    {},
    await system.tokenOf(claims),
  )
  return { status, reason: errors[0]?.extensions.reason, message: errors[0]?.message ?? '' }
}

const unfit: Readonly<Record<string, string>> = {
  empty: '',
  blank: ' ',
  'with a newline': 'secret\nsecret',
  'with U+0000': 'secret\0',
  'with a bidirectional override': 'secret\u202e',
  oversized: 'secret'.repeat(1000),
}
const named = [
  'sub',
  'name',
  'nhsid_useruid',
  'selected_roleid',
  'purpose_of_use',
  'scope',
  'nhs_number',
  ...['role_code', 'role_name', 'org_code', 'org_name', 'aow'].map((field) => `nhsid_nrbac_roles.0.${field}`),
]
/**
 * An empty scope is none, as Keycloak writes it, and reads no record; an empty area of work is none, as CIS2 writes it.
 */
const allowed: Readonly<Record<string, number>> = { 'scope empty': 403, 'nhsid_nrbac_roles.0.aow empty': 200 }

describe.each(Object.entries(unfit))('a token with an unusable text %s', (form, value) => {
  test.each(named)(
    'a token with an unusable text is refused as %s, and the error repeats nothing of it',
    async (name) => {
      const { status, reason, message } = await ask(claimsWith(name, value))
      const allowedStatus = allowed[`${name} ${form}`]
      if (allowedStatus !== undefined) return expect(status).toBe(allowedStatus)
      expect([status, reason]).toEqual([401, 'CLAIM_INVALID'])
      expect(message).toContain(`the claim ${name}`)
      expect(message).not.toContain('secret')
    },
  )
})

test.each<[string, unknown]>([
  ['name', 'Dr Zoë O’Brien-Ní Dhómhnaill'],
  ['name', 'Dr\u00a0Ada 李小龍 (Locum)'],
  ['name', '\u0645\u0647\u0631\u200c\u062f\u0627\u062f'],
  ['nhsid_useruid', 'auth0|5f7c8ec7c33c6c004bbafe82'],
  ['nhsid_useruid', 'ada.sample@nhs.net'],
  ['nhsid_useruid', 'a'.repeat(255)],
  ['scope', 'openid profile email nationalrbacaccess https://provider.example/scope'],
  ['nhsid_nrbac_roles.0.role_name', '"Clinical":"Clinical Provision":"Nurse Access Role"'],
])('a token whose %s is %j is accepted, because providers write it so', async (name, value) => {
  expect(await ask(claimsWith(name, value))).toMatchObject({ status: 200 })
})

test('a token with two roles under the selected id is refused, because nobody knows which is meant', async () => {
  const role = { person_roleid: '1', role_code: 'R0050', org_code: 'REM' }
  expect(
    await ask({ ...claimsWith('sub', '1'), nhsid_nrbac_roles: [role, { ...role, role_code: 'R0001' }] }),
  ).toMatchObject({ status: 401, reason: 'CLAIM_INVALID' })
})

test('a token with any texts is refused, or its event exports as valid FHIR and officers find it', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ minLength: 1, maxLength: 12 }),
  )
  const outcomes = new Set<number>()
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...named), text, async (name, value) => {
      const { status } = await ask(claimsWith(name, value))
      outcomes.add(status)
      // Another text in the place of `scope` takes the token's only scope away.
      expect(name === 'scope' ? [200, 401, 403] : [200, 401]).toContain(status)
    }),
    { numRuns: Number(process.env.CASES ?? 60) },
  )
  expect(outcomes.isSupersetOf(new Set([200, 401]))).toBe(true)

  const findFaults = loadAuditEventSchema()
  let exported = ''
  for await (const lines of exportTrail({ folder: system.auditFolder })) exported += lines
  for (const line of exported.trimEnd().split('\n')) expect(findFaults(JSON.parse(line))).toEqual([])
  const officer = await system.token({ role: 'R5105', organisation: 'QYG' })
  const { data, errors } = await system.query(
    `{ accesses(nhsNumber: "${patient}", first: 100) { nodes { person name role { code } } } }`,
    {},
    officer,
  )
  expect(errors).toEqual([])
  expect(data.accesses.nodes.length).toBeGreaterThan(0)
})

test.each(['', ' ', '\n', 'a b', 'a\u0000', 'é', 'x'.repeat(256)].map((id) => [id]))(
  'a supervisor %j counts as none, or is BAD_USER_INPUT that does not repeat it',
  async (supervisor) => {
    const query = 'query ($n: NHSNumber!, $s: ID) { patient(nhsNumber: $n, access: { supervisor: $s }) { presence } }'
    const { errors, text } = await system.query(query, { n: patient, s: supervisor })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(supervisor.trim() === '' ? [] : ['BAD_USER_INPUT'])
    if (supervisor.trim() !== '') expect(text).not.toContain(JSON.stringify(supervisor))
  },
)
