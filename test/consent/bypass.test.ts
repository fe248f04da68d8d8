import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Publication } from '../../subgraphs/store/record-store.ts'
import {
  findUnshownFacts,
  type KnownFacts,
  learnKnownFacts,
  listAccessPaths,
  openPatient,
} from '../support/consent-bypass/access-paths.ts'
import {
  allSecrets,
  findSecrets,
  type SecretRecordOptions,
  secretRecord,
  slugs,
} from '../support/consent-bypass/secrets.ts'
import { numberOf, publication, referral } from '../support/store/publications.ts'
import { type Slug, type System, startSystem } from '../support/system.ts'

/** What stands between a viewer and a patient's record, and what is shown all the same. */
interface Barrier {
  readonly name: string
  /** How the record is published anew, once everybody has learned what it holds. */
  readonly hiding?: SecretRecordOptions
  /** Where. @default both regions */
  readonly in?: Slug
  /** @default a consultant of Liverpool, whom the patient was referred to and permits to look */
  readonly viewer?: Parameters<System['token']>[0]
  /** The value of the argument `access`. @default null */
  readonly access?: string
  /** @default nothing */
  readonly shows?: RegExp
}

const demographics = /-(person|place)$/
/** At the ambulance trust, which belongs to both regions. */
const student = { role: 'R8004', organisation: 'RX7', person: '7' }
const claimed = '{ relationship: ATTENDING }'

const barriers: readonly Barrier[] = [
  { name: 'a number that is not verified', hiding: { patient: { verification: '02' } } },
  { name: 'a death long ago', hiding: { patient: { fields: { deceased: true, deceasedAt: '2020-02-02' } } } },
  { name: 'a flag', hiding: { patient: { sensitive: true } }, shows: /^lsc-person$/ },
  { name: 'an opt-out', hiding: { optsOut: true } },
  { name: 'an opt-out that a clerk is not told of', hiding: { optsOut: true }, viewer: { role: 'R8010' } },
  { name: 'a seal on every item', hiding: { item: { labels: ['SEALED'] } }, shows: demographics },
  { name: 'very restricted items', hiding: { item: { labels: ['V'] } }, shows: demographics },
  { name: 'items on sexually transmitted infection', hiding: { item: { labels: ['STD'] } }, shows: demographics },
  { name: 'a retraction of every item', hiding: { item: { lifecycle: 'retracted' } }, shows: demographics },
  {
    name: 'a seal on every item of one region, which it has retracted besides',
    hiding: { item: { labels: ['SEALED'], lifecycle: 'retracted' } },
    in: 'cheshire-merseyside',
    shows: /^cm-(person|place)$|^lsc-/,
  },
  { name: 'no relationship', viewer: { organisation: 'RBN' } },
  {
    name: "no permission for the viewer's organisation",
    viewer: { organisation: 'RBN' },
    access: claimed,
    shows: /^lsc-/,
  },
  {
    name: 'the role of a pharmacist',
    viewer: { role: 'R1290' },
    shows: /^cm-(medications|allergies|problems|results|place)$/,
  },
  {
    name: "a pharmacist's word that the patient attends",
    viewer: { role: 'R1290', organisation: 'RX7' },
    access: claimed,
  },
  { name: 'the role of a clerk', viewer: { role: 'R8010' }, shows: /^cm-(person|place|appointments|documents)$/ },
  { name: 'a student without a supervisor', viewer: student },
  { name: 'a student, her own supervisor', viewer: student, access: '{ supervisor: " 7 " }' },
  { name: 'a student with an empty supervisor', viewer: student, access: '{ supervisor: " " }' },
  { name: 'a student in e-Xchange', viewer: student, access: '{ supervisor: "555000000056" }', shows: /^lsc-/ },
  { name: 'the role of a privacy officer', viewer: { role: 'R0001' }, access: claimed },
  { name: 'a role that no table has', viewer: { role: 'R9999' }, access: claimed },
  { name: 'an organisation that no table has', viewer: { organisation: 'ZZZ99' }, access: claimed },
  { name: 'a role that is no SDS code', viewer: { role: '-' }, access: claimed },
  { name: 'a role written otherwise', viewer: { role: 'r0050' }, access: claimed },
  { name: 'a token for research', viewer: { purpose: 'HRESCH' }, access: claimed },
  {
    name: 'a token for emergencies, used for direct care',
    viewer: { purpose: 'EMERGENCY' },
    access: '{ purpose: DIRECT_CARE, relationship: ATTENDING }',
  },
  { name: "the viewer's own record", viewer: { nhsNumber: numberOf(0) } },
]

const cases = barriers.map((barrier, index) => ({ n: index + 1, ...barrier }))

describe('every shape of query against the consent rules', () => {
  let system: System
  const learned = new Map<number, KnownFacts>()
  const shownOpenly = new Map<string, readonly string[]>()

  beforeAll(async () => {
    system = await startSystem({ limited: false })
    const token = await system.token()
    const everyone = [openPatient, ...cases.map(({ n }) => n)]
    for (const slug of slugs) {
      await system.store(slug).publish(everyone.map((n) => secretRecord(slug, n)))
      await system
        .store(slug)
        .publish(cases.filter(({ viewer }) => viewer === student).map(({ n }) => referralTo('RX7', n)))
    }
    for (const n of everyone) learned.set(n, await learnKnownFacts(system, n, token))
    for (const { name, text } of listAccessPaths(1, learnedOf(1), 'null'))
      shownOpenly.set(name, findSecrets((await system.query(text, {}, token)).text, 1))
    for (const slug of slugs)
      await system
        .store(slug)
        .publish(
          cases.flatMap(({ n, hiding, in: only = slug }) =>
            hiding && only === slug ? [secretRecord(slug, n, hiding)] : [],
          ),
        )
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const learnedOf = (n: number) => learned.get(n) ?? expect.fail(`nothing was learned of patient ${n}`)
  const tokenOf = (n: number, viewer: Barrier['viewer']) =>
    system.token(viewer?.nhsNumber === undefined ? viewer : { ...viewer, nhsNumber: numberOf(n) })

  test('every way to query shows the record when no rule forbids it', () => {
    for (const [name, found] of shownOpenly) expect(found, name).not.toEqual([])
    expect([...shownOpenly].filter(([name]) => name.startsWith('every field')).map(([, found]) => found)).toEqual(
      Array(8).fill(allSecrets),
    )
    expect(learnedOf(1).items.length).toBeGreaterThan(40)
  })

  test.each(cases)(
    'no shape of query shows what the rules withhold: $name',
    async ({ n, viewer, access = 'null', shows }) => {
      const token = await tokenOf(n, viewer)
      const isShown = (secret: string) => shows?.test(secret) ?? false
      const leaks: (readonly string[])[] = []
      const seen = new Set<string>()
      for (const { name, text } of listAccessPaths(n, learnedOf(n), access)) {
        const answer = await system.query(text, {}, token)
        for (const secret of findSecrets(answer.text, n)) seen.add(secret)
        for (const leak of findUnshownFacts(answer.text, n, learnedOf(n), isShown)) leaks.push([name, leak])
        expect(answer.errors, name).toEqual([])
      }
      for (const url of learnedOf(n).urls) {
        const body = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text()
        for (const leak of findUnshownFacts(body, n, learnedOf(n), isShown)) leaks.push(['a content url', leak])
      }
      expect(leaks).toEqual([])
      expect([...seen].sort()).toEqual(allSecrets.filter(isShown))
    },
  )
})

describe('one request that states two relationships', () => {
  test.each([
    ['the sufficient one first', ['told', 'untold']],
    ['the sufficient one last', ['untold', 'told']],
  ])('each alias shows what its own stated relationship permits: %s', async (_, order) => {
    await using system = await startSystem()
    for (const slug of slugs) await system.store(slug).publish([secretRecord(slug, 10), secretRecord(slug, 11)])
    const fields =
      'problems { nodes { code { text } } } records { __typename } completeness { regions { decision { code } } }'
    const access = { told: claimed, untold: 'null' }
    const text = order
      .map(
        (alias) =>
          `${alias}: patients(nhsNumbers: ["${numberOf(10)}", "${numberOf(11)}"], access: ${access[alias as 'told']}) { ${fields} }`,
      )
      .join(' ')
    const { data, errors } = await system.query(`{ ${text} }`, {}, await system.token({ organisation: 'RBN' }))
    expect(errors).toEqual([])
    const codes = (patients: readonly Patient[]) =>
      patients.map(({ completeness }) => completeness.regions.map(({ decision }: Patient) => decision.code))
    expect(codes(data.told)).toEqual(Array(2).fill(['PERMISSION_REQUIRED', 'PERMITTED']))
    expect(codes(data.untold)).toEqual(Array(2).fill(['RELATIONSHIP_REQUIRED', 'RELATIONSHIP_REQUIRED']))
    const secrets = (patients: unknown) => [10, 11].map((n) => findSecrets(JSON.stringify(patients), n))
    expect([secrets(data.told), secrets(data.untold)]).toEqual([
      [['lsc-problems'], ['lsc-problems']],
      [[], []],
    ])
    expect(data.untold.flatMap(({ records }: Patient) => records)).toEqual([])
  })

  test('a document opens under the alias whose stated relationship permits it, and under no other', async () => {
    await using system = await startSystem()
    for (const slug of slugs) await system.store(slug).publish([secretRecord(slug, 10)])
    const { documentIds } = await learnKnownFacts(system, 10, await system.token())
    const ask = (alias: string, access: string) =>
      documentIds
        .map((id, index) => `${alias}${index}: document(id: "${id}", access: ${access}) { status document { title } }`)
        .join(' ')
    const { data } = await system.query(
      `{ ${ask('untold', 'null')} ${ask('told', claimed)} }`,
      {},
      await system.token({ organisation: 'RBN' }),
    )
    const answers = (alias: string) => documentIds.map((_, index) => data[`${alias}${index}`])
    expect(findSecrets(JSON.stringify(answers('told')), 10)).toEqual(['lsc-documents'])
    expect(answers('untold').map(({ document }) => document)).toEqual(documentIds.map(() => null))
  })
})

test('viewers who send the same query at the same moment each see only their own view, also from the cache', async () => {
  await using system = await startSystem()
  for (const slug of slugs) await system.store(slug).publish([secretRecord(slug, 10)])
  const all = ['cm-alerts', 'cm-problems', 'lsc-alerts', 'lsc-problems']
  const viewers: readonly (readonly [viewer: Barrier['viewer'], told: readonly string[]])[] = [
    [{}, all],
    [{ organisation: 'RBN' }, []],
    [{ role: 'R1290' }, ['cm-problems']],
    [{ role: 'R8004' }, []],
    [{ purpose: 'HRESCH' }, []],
    [{ nhsNumber: numberOf(10) }, []],
  ]
  const tokens = await Promise.all(viewers.map(([viewer]) => system.token(viewer)))
  const text = `{ patient(nhsNumber: "${numberOf(10)}") { problems { nodes { code { text } } } alerts { nodes { code { text } } } } }`
  for (const round of ['asked', 'kept']) {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => tokens.map((token) => system.query(text, {}, token))).flat(),
    )
    expect(
      answers.map((answer) => findSecrets(answer.text, 10)),
      round,
    ).toEqual(Array.from({ length: 5 }, () => viewers.map(([, told]) => told)).flat())
  }
})

describe('what must not be noticeable', () => {
  const silent: readonly (readonly [name: string, before: SecretRecordOptions | null, after: SecretRecordOptions])[] = [
    ['sealed items', { items: 'none' }, { item: { labels: ['SEALED'] } }],
    ['sealed items, retracted', { items: 'none' }, { item: { labels: ['SEALED', 'V'], lifecycle: 'retracted' } }],
    ['items on sexually transmitted infection', { items: 'none' }, { item: { labels: ['STD'] } }],
    ['a patient whose number is not verified', null, { patient: { verification: '03' } }],
    ['a patient who died long ago', null, { patient: { fields: { deceased: true, deceasedAt: '2020' } } }],
  ]

  test.each(silent)(
    '%s: apart from times, the whole answer equals the answer before e-Xchange held them',
    async (_, before, after) => {
      await using system = await startSystem()
      const exchange = system.store('cheshire-merseyside')
      await system.store('lancashire-south-cumbria').publish([secretRecord('lancashire-south-cumbria', 10)])
      if (before) await exchange.publish([secretRecord('cheshire-merseyside', 10, before)])
      const learned = await learnKnownFacts(system, 10, await system.token())
      const ask = async () => {
        const texts = await Promise.all(
          listAccessPaths(10, learned, 'null').map(async ({ text }) => (await system.query(text)).text),
        )
        return texts.map(withoutTimes)
      }
      const unpublished = await ask()
      await exchange.publish([secretRecord('cheshire-merseyside', 10, after)])
      expect(await ask()).toEqual(unpublished)
      expect(unpublished.join()).toContain('lsc-problems')
    },
  )
})

describe('what a viewer states about the access', () => {
  const purposes = ['DIRECT_CARE', 'EMERGENCY']
  const relationships = ['null', 'REGISTERED', 'REFERRED', 'ATTENDING', 'INPATIENT', 'CLAIMED']
  const reasons = ['null', 'CLINIC_PREPARATION', 'MENTAL_HEALTH_CARE', 'SAFEGUARDING', 'CONTINUITY_OF_CARE']
  const occasions = purposes.flatMap((purpose) =>
    relationships.flatMap((relationship) =>
      reasons.map(
        (reason) =>
          `{ purpose: ${purpose}, relationship: ${relationship}, reason: ${reason}, supervisor: "555000000099" }`,
      ),
    ),
  )
  const hidings: readonly SecretRecordOptions[] = [
    { item: { labels: ['SEALED'] } },
    { item: { labels: ['V'] } },
    { item: { labels: ['STD'] } },
    { patient: { verification: '02' } },
    { patient: { sensitive: true } },
    { optsOut: true },
    { patient: { fields: { deceased: true, deceasedAt: '2020' } } },
  ]

  test.each([
    ['a consultant', {}],
    ['a paramedic', { role: 'R1070', organisation: 'RX7' }],
    ['a supervised student', { role: 'R8004', organisation: 'RX7' }],
  ])('no statement of a viewer opens what is closed to everybody: %s', async (_, viewer) => {
    await using system = await startSystem()
    const numbers = hidings.map((_, index) => index + 10)
    for (const slug of slugs)
      await system.store(slug).publish(hidings.map((hiding, index) => secretRecord(slug, index + 10, hiding)))
    const token = await system.token(viewer)
    const fields =
      'alerts { nodes { id code { text } } } problems { nodes { id code { text } } } documents { nodes { id title } } results { nodes { id value } }'
    for (const access of occasions) {
      const { text, errors } = await system.query(
        `{ patients(nhsNumbers: ${JSON.stringify(numbers.map(numberOf))}, access: ${access}) { ${fields} } }`,
        {},
        token,
      )
      expect([numbers.flatMap((n) => findSecrets(text, n)), errors], access).toEqual([[], []])
    }
  })

  test('a viewer cannot state a purpose that the record is not for, nor invent a grant or a permission', async () => {
    await using system = await startSystem()
    for (const access of [
      '{ purpose: RESEARCH }',
      '{ grant: "cheshire-merseyside.1" }',
      '{ permission: "permission-9990000018" }',
      '{ organisation: "REM" }',
      '{ role: "R0050" }',
    ]) {
      const { data, errors } = await system.query(
        `{ patient(nhsNumber: "${numberOf(10)}", access: ${access}) { presence } }`,
      )
      expect([data, errors.map(({ extensions }) => extensions.code)], access).toEqual([
        undefined,
        ['GRAPHQL_VALIDATION_FAILED'],
      ])
    }
  })
})

describe('a token with two roles', () => {
  const roleOf = (id: string, role_code: string) => ({ person_roleid: id, role_code, org_code: 'RX7' })
  const claims = { sub: '7', nhsid_useruid: '7', nhsid_nrbac_roles: [roleOf('1', 'R1070'), roleOf('2', 'R8004')] }
  const text = `{ viewer { role { code } } patient(nhsNumber: "${numberOf(10)}", access: ${claimed}) { problems { nodes { code { text } } } completeness { regions { decision { code } } } } }`

  test.each([
    ['1', 'R1070', ['PERMISSION_REQUIRED', 'PERMITTED'], ['lsc-problems']],
    ['2', 'R8004', ['REFUSED_ROLE', 'REFUSED_ROLE'], []],
  ])(
    'a token with two roles has the rights of the selected role alone, %s',
    async (selected_roleid, role, codes, secrets) => {
      await using system = await startSystem()
      for (const slug of slugs) await system.store(slug).publish([secretRecord(slug, 10)])
      const answer = await system.query(text, {}, await system.tokenOf({ ...claims, selected_roleid }))
      const decided = answer.data.patient.completeness.regions.map(({ decision }: Patient) => decision.code)
      expect([answer.data.viewer.role.code, decided, findSecrets(answer.text, 10)]).toEqual([role, codes, secrets])
    },
  )

  test.each([{}, { selected_roleid: '3' }, { selected_roleid: '' }])(
    'a token with two roles is refused whole when neither is selected: %j',
    async (selection) => {
      await using system = await startSystem()
      for (const slug of slugs) await system.store(slug).publish([secretRecord(slug, 10)])
      const answer = await system.query(text, {}, await system.tokenOf({ ...claims, ...selection }))
      expect([answer.status, answer.data, findSecrets(answer.text, 10)]).toEqual([401, undefined, []])
      expect(system.requests()).toEqual({ 'cheshire-merseyside': 0, 'lancashire-south-cumbria': 0 })
    },
  )
})

describe('errors', () => {
  const faulty = [
    'patient(nhsNumber: NUMBER, access: { relationship: NONE }) { presence }',
    'patient(nhsNumber: NUMBER) { results(after: "bad") { nodes { id } } }',
    'patient(nhsNumber: NUMBER) { results(first: 1000) { nodes { id } } }',
    'patient(nhsNumber: NUMBER) { record { nhsNumber } }',
    'patient(nhsNumber: NUMBER, birthDate: "then") { presence }',
    'patients(nhsNumbers: [NUMBER, "9990000019"]) { presence }',
    'exchangeView(nhsNumbers: [NUMBER]) { patients { sensitive } }',
    'explainAccess(nhsNumber: NUMBER, viewer: { person: "1", role: "R0050", organisation: "REM" }) { region { code } }',
    'accesses(nhsNumber: NUMBER) { edges { cursor } }',
    'openReviews { edges { cursor } }',
  ]
  test('a patient who must look unknown and an unknown number get the same errors, which name neither', async () => {
    await using system = await startSystem()
    for (const slug of slugs)
      await system.store(slug).publish([secretRecord(slug, 10, { patient: { verification: '02' } })])
    for (const text of faulty) {
      const [concealed, unknown] = await Promise.all(
        [10, 11].map((n) => system.query(`{ ${text.replace('NUMBER', `"${numberOf(n)}"`)} }`)),
      )
      expect(concealed?.errors, text).not.toEqual([])
      expect(withoutTimes(concealed?.text ?? ''), text).toBe(withoutTimes(unknown?.text ?? ''))
      expect(JSON.stringify(concealed?.errors), text).not.toContain(numberOf(10))
    }
  })
})

test("the schema has no root field and no argument that is a region's own", async () => {
  await using system = await startSystem({ graphiql: true })
  const { data } = await system.query(
    '{ __schema { queryType { fields { name args { name } } } mutationType { fields { name } } types { name } } }',
  )
  const { queryType, mutationType, types } = data.__schema
  expect(queryType.fields.map(({ name }: Patient) => name).sort()).toEqual(
    [
      'accesses',
      'accessesBy',
      'document',
      'explainAccess',
      'openReviews',
      'patient',
      'patients',
      'regions',
      'utilisation',
      'viewer',
    ].sort(),
  )
  expect(mutationType.fields.map(({ name }: Patient) => name).sort()).toEqual([
    'breakGlass',
    'recordPermission',
    'reviewOverride',
    'withdrawPermission',
  ])
  expect(types.filter(({ name }: Patient) => /ReleaseDecision|PatientReply|DocumentReply/.test(name))).toEqual([])
})

// biome-ignore lint/suspicious/noExplicitAny: tests read answers by the schema
type Patient = any

/** So that it is not the relationship that is missing. */
function referralTo(organisation: string, n: number): Publication {
  return publication({
    referrals: [
      referral(`to-${organisation}-${n}`, {
        nhsNumber: numberOf(n),
        organisation,
        authoredOn: new Date().toISOString(),
      }),
    ],
  })
}

/** An answer without what tells when, or how long: urls hold when they end. */
function withoutTimes(text: string): string {
  return text.replace(/"(asOf|latencyMs|url)":("[^"]*"|[\d.]+)/g, '"$1":null')
}
