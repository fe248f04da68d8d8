import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { loadRegions } from '../../schema/regions.ts'
import { type ConsentRow, consentRows } from '../../subgraphs/demo/consent-rows.ts'
import { demoRegions } from '../../subgraphs/demo/population/figures.ts'
import { publishPeople } from '../../subgraphs/demo/publish-people.ts'
import type { DemoRegion } from '../../subgraphs/demo/vocabulary/person.ts'
import { createFacts, readRecords, releaseRecords } from '../../subgraphs/service/release-records.ts'
import type { ListName, TimelineName } from '../../subgraphs/store/record-store.ts'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'

// The rows through each region's rules and store, as its service asks them; a day on which the months of all dates are plain.
const now = new Date('2026-11-22T12:00:00Z')
const nowMs = now.getTime()

const regions = new Map(
  loadRegions().map(({ code, slug }) => [slug, { policies: loadPolicies(slug), store: createSqliteRecordStore({ region: code, file: ':memory:', now: () => nowMs }) }]),
)
const regionOf = (slug: DemoRegion) => regions.get(slug) ?? expect.fail(`no region ${slug}`)

beforeAll(async () => {
  for (const [region, { store }] of regions) await publishPeople({ store, region, now })
})
afterAll(() => {
  for (const { store } of regions.values()) store.close()
})

/** consent.md's table, its first column. */
const table = [
  'base model',
  'relationship',
  'patient absent (clinic preparation)',
  'opt-out',
  'override of opt-out',
  'override of permission',
  'opt-out is told',
  'gender recognition, fertility',
  'termination, STI and GUM',
  'mental health documents',
  'confidentiality R',
  'confidentiality V',
  'safeguarding flag',
  'social care items',
  'administrative roles R8008, R8010, R8006',
  'student R8004',
  'pharmacist R1290',
  'paramedic R1070',
  'under 16',
  'date of birth or death partly known',
  'dead',
  'flagged sensitive',
  'caching',
  'time allowed',
  'agreement',
]

test('every row of the two rule sets has somebody who shows it', () => {
  expect([...new Set(consentRows.map(({ row }) => row))]).toEqual(table)
  for (const { says } of consentRows) expect(says).toMatch(/^[A-Z].{20,200}\.$/i)
  expect(new Set(consentRows.map(({ says }) => says)).size).toBe(consentRows.length)
})

describe.each(consentRows)('$row, $patient: $says', (row) => {
  test.each(demoRegions)('%s decides so', async (slug) => {
    const { decision } = await look(row, slug)
    expect(decision.concealed ? 'NOT_KNOWN' : decision.code).toBe(row.decides[slug])
  })
})

/** What is shown, as section and text: of e-Xchange, of LPRES. */
const shows: readonly (readonly [row: string, which: number, section: string, exchange: readonly string[], lpres: readonly string[]])[] = [
  ['opt-out', 0, '', ['medications: Ramipril 10mg capsules', 'problems: Hypertensive disorder'], ['encounters: Emergency department patient visit']],
  ['gender recognition, fertility', 0, '', ['problems: Asthma'], ['encounters: Sprained ankle']],
  [
    'gender recognition, fertility',
    1,
    '',
    ['encounters: Hospital admission', 'procedures: Caesarean section'],
    ['medications: Folic acid 5mg tablets', 'problems: Hypothyroidism'],
  ],
  [
    'termination, STI and GUM',
    0,
    '',
    [
      'documents: Sexual health clinic letter',
      'encounters: Hospital admission',
      'problems: Chlamydia trachomatis infection',
      'procedures: Caesarean section',
      'procedures: Induced termination of pregnancy',
    ],
    ['medications: Folic acid 5mg tablets', 'problems: Hypothyroidism'],
  ],
  ['mental health documents', 0, 'documents', ['Crisis plan made in Liverpool', 'Discharge from the Broadoak Unit'], ['Crisis plan']],
  ['mental health documents', 1, 'documents', ['Community mental health team note', 'Crisis plan made in Liverpool', 'Discharge from the Broadoak Unit'], ['Crisis plan']],
  ['confidentiality R', 0, '', ['documents: Knee clinic letter'], ['problems: Anxiety disorder']],
  ['confidentiality V', 0, 'documents', ['Knee clinic letter', 'Occupational health report', 'Report for the court'], []],
  [
    'safeguarding flag',
    0,
    '',
    ['alerts: Safeguarding adult concern'],
    ['alerts: Safeguarding adult concern: call the duty social worker, 01632 960387', 'problems: Depressive disorder'],
  ],
  ['safeguarding flag', 1, '', ['alerts: Safeguarding adult concern'], []],
  ['social care items', 0, 'carePlans', [], ['Memory service plan', 'Support at home']],
  ['social care items', 1, 'carePlans', ['Support at home'], ['Memory service plan', 'Support at home']],
  ['student R8004', 0, 'carePlans', [], ['Living well with diabetes']],
  ['paramedic R1070', 0, 'documents', ['Treatment escalation plan'], ['End of life care coordination summary', 'ReSPECT form']],
  ['paramedic R1070', 0, 'alerts', [], ['Has a ReSPECT form: not for cardiopulmonary resuscitation']],
  ['under 16', 0, 'encounters', [], ['Contraception advice']],
  ['date of birth or death partly known', 0, '', ['problems: Asthma'], ['medications: Salbutamol 100micrograms/dose inhaler CFC free']],
  ['dead', 0, '', ['encounters: Hospital admission', 'problems: Pneumonia'], ['documents: Summary record from Moor Side Surgery']],
  ['flagged sensitive', 0, '', [], []],
  ['agreement', 0, 'documents', ['Crisis plan made in Liverpool', 'Discharge from the Broadoak Unit'], ['Crisis plan', 'Discharge from the Harbour', 'Home treatment team note']],
  ['agreement', 1, 'carePlans', [], ['Memory service plan']],
]

describe('what is shown of the items', () => {
  test.each(shows)('%s, %i: %s', async (name, which, section, exchange, lpres) => {
    const row = consentRows.filter((one) => one.row === name)[which] ?? expect.fail(`no row ${name}`)
    const shown = async (slug: DemoRegion) => {
      const all = await shownItems(row, slug)
      return section === '' ? all : all.flatMap((text) => (text.startsWith(`${section}: `) ? text.slice(section.length + 2) : []))
    }
    expect([await shown('cheshire-merseyside'), await shown('lancashire-south-cumbria')]).toEqual([exchange, lpres])
  })

  test.each([
    ['administrative roles R8008, R8010, R8006', ['appointments', 'demographics', 'documents'], ['demographics']],
    ['pharmacist R1290', ['allergies', 'medications', 'problems', 'results'], ['allergies', 'medications']],
    ['flagged sensitive', [], ['demographics']],
    ['dead', [], []],
  ])('%s: the sections that the role sees', async (name, exchange, lpres) => {
    const row = consentRows.find((one) => one.row === name) ?? expect.fail(`no row ${name}`)
    const seen = async (slug: DemoRegion) => {
      const { released } = await look(row, slug)
      return sections.filter((section) => released?.items.section(section) === 'release')
    }
    const whole = name === 'dead' ? [sections, ['documents']] : [exchange, lpres]
    expect([await seen('cheshire-merseyside'), await seen('lancashire-south-cumbria')]).toEqual(whole)
  })
})

/** As the region's service decides, the glass broken first where the row says so and the region gives a grant. */
async function look(row: ConsentRow, slug: DemoRegion) {
  const { store, policies } = regionOf(slug)
  const question = { nhsNumbers: [row.patient], viewer: toHolder(row), access: toAccess(row), store, policies, nowMs }
  if (row.breaks) await breakGlass(row, slug, question)
  return (await releaseRecords(question)).get(row.patient) ?? expect.fail('nothing was decided')
}

async function breakGlass({ patient, viewer, breaks }: ConsentRow, slug: DemoRegion, question: Parameters<typeof readRecords>[0]): Promise<void> {
  const { store, policies } = regionOf(slug)
  const person = viewer.person ?? expect.fail('who breaks the glass is not named')
  const { barrier, reason } = breaks ?? expect.fail('there is no glass to break')
  const record = (await readRecords(question)).get(patient) ?? expect.fail(`${slug} does not know ${patient}`)
  const { granted, lastsMs } = policies.decideBreakGlass(createFacts(question.viewer, question.access, nowMs)(patient, record.facts), barrier, reason)
  if (!granted || record.facts.grants.length > 0) return
  const grant = {
    id: `${slug}-${person}`,
    nhsNumber: patient,
    person,
    organisation: viewer.organisation,
    barrier,
    reason,
    justification: 'As the row says.',
    atMs: nowMs,
    untilMs: nowMs + lastsMs,
  }
  await store.recordGrant(grant, nowMs + lastsMs)
}

function toHolder({ viewer: { role, organisation, person = '555036632103', areaOfWork } }: ConsentRow): TokenHolder {
  return {
    id: person,
    name: null,
    role: { system: '', code: role, display: null },
    areaOfWork: areaOfWork === 'Genito-urinary Medicine' ? 'GENITOURINARY_MEDICINE' : null,
    nhsNumber: null,
    organisation: { odsCode: organisation, name: null },
    purpose: null,
    scopes: [],
    expiresAtMs: nowMs + 60_000,
  }
}

function toAccess({ access }: ConsentRow): AccessContext {
  return { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null, ...access }
}

const lists: readonly ListName[] = ['alerts', 'allergies', 'problems', 'medications', 'immunisations', 'procedures', 'carePlans', 'appointments']
const timelines: readonly TimelineName[] = ['results', 'encounters', 'documents']
const sections = [
  'alerts',
  'allergies',
  'appointments',
  'carePlans',
  'contacts',
  'demographics',
  'documents',
  'encounters',
  'immunisations',
  'medications',
  'problems',
  'procedures',
  'results',
] as const

/** Sorted and each once, as `section: text`. */
async function shownItems(row: ConsentRow, slug: DemoRegion): Promise<readonly string[]> {
  const { released } = await look(row, slug)
  if (!released) return []
  const { store } = regionOf(slug)
  const { key } = released.patient
  const kindsOf = (section: ListName | TimelineName) => ({ kinds: new Map([[key, released.items.released(section)]]) })
  const read = async (section: ListName | TimelineName) => {
    const found = isTimeline(section)
      ? await store.readTimeline(section, [key], { first: 1000, after: null, fromMs: null, toMs: null, filter: kindsOf(section) })
      : await store.readList(section, [key], 1000, kindsOf(section))
    return (found.get(key) ?? []).map(({ item }) => `${section}: ${toText(item)}`)
  }
  const found = await Promise.all([...lists, ...timelines].map(read))
  return [...new Set(found.flat())].sort()
}

function isTimeline(section: ListName | TimelineName): section is TimelineName {
  return timelines.some((one) => one === section)
}

function toText(item: object): string {
  const { title, code, medicine, substance, type }: { readonly [field: string]: unknown } = { ...item }
  const concept = code ?? medicine ?? substance ?? type
  if (typeof title === 'string') return title
  return typeof concept === 'object' && concept !== null && 'text' in concept ? String(concept.text) : ''
}
