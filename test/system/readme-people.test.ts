import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedOperation } from '../support/published-operation.ts'
import { type GraphQLAnswer, type System, startSystem } from '../support/system.ts'

interface Item {
  readonly id: string
  readonly sources: readonly { readonly region: string }[]
  readonly possibleDuplicates: readonly string[]
  readonly conflicts: readonly { readonly field: string }[]
  readonly retractedElsewhere: { readonly region: string } | null
  readonly [field: string]: unknown
}
// biome-ignore lint/suspicious/noExplicitAny: an answer of full-record.graphql, read by its schema
type Patient = any

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const rows = [...readme.matchAll(/^\| (\d{10}) \| (.+) \|$/gm)].map(([, nhsNumber = '', says = '']) => ({
  nhsNumber,
  says,
}))

const both = ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA']
const regionsOf = (items: readonly Item[]) =>
  new Set(items.flatMap(({ sources }) => sources.map(({ region }) => region)))
const nodes = (section: { nodes?: readonly Item[]; edges?: readonly { node: Item }[] }): readonly Item[] =>
  section.nodes ?? section.edges?.map(({ node }) => node) ?? []
const statuses = ({ completeness }: Patient) => completeness.regions.map(({ status }: { status: string }) => status)
const sections = [
  'alerts',
  'allergies',
  'problems',
  'medications',
  'immunisations',
  'procedures',
  'carePlans',
  'contacts',
  'appointments',
  'results',
  'encounters',
  'documents',
]
const named = (items: readonly Item[], field: string, text: RegExp) =>
  items.filter((item) => text.test((item[field] as { text: string }).text))

const attending = { access: { relationship: 'ATTENDING' } }
const titles = ({ documents }: Patient) =>
  nodes(documents)
    .map(({ title }) => title)
    .sort()

interface Asking {
  readonly birthDate?: string
  readonly access?: Readonly<Record<string, string>>
}

/**
 * The README's reader at the demo's GraphiQL: a consultant at Liverpool, who states nothing but what the README says.
 */
interface Reader {
  look(nhsNumber: string, asking?: Asking): Promise<Patient>
  /** Runs a published operation. */
  run(operation: string, variables: Readonly<Record<string, unknown>>): Promise<GraphQLAnswer['data']>
}

/** What must be seen of each person of the README's table. */
const seen: Readonly<Record<string, (patient: Patient, reader: Reader) => void | Promise<void>>> = {
  '9990000018': (patient) => {
    for (const name of sections) expect([...regionsOf(nodes(patient[name]))].sort(), name).toEqual(both)
  },
  '9990000026': ({ problems, medications }) => {
    expect(nodes(problems).filter(({ sources }) => sources.length === 2)).not.toEqual([])
    expect(nodes(medications).filter(({ sources }) => sources.length === 2)).not.toEqual([])
    expect(nodes(problems).some(({ sources }) => sources.length === 1)).toBe(true)
  },
  '9990000034': async (patient, { look }) => {
    expect(statuses(patient)).toEqual(['ANSWERED', 'RELATIONSHIP_REQUIRED'])
    expect(statuses(await look('9990000034', attending))).toEqual(['ANSWERED', 'NOT_KNOWN'])
    expect(statuses(await look('9990000042', attending))).toEqual(['NOT_KNOWN', 'ANSWERED'])
  },
  '9990000050': async (patient, { look }) => {
    expect(statuses(patient)).toEqual(['RELATIONSHIP_REQUIRED', 'RELATIONSHIP_REQUIRED'])
    const { presence, ...attended } = await look('9990000050', attending)
    expect([presence, ...statuses(attended)]).toEqual(['NOT_FOUND', 'NOT_KNOWN', 'NOT_KNOWN'])
  },
  '9990000077': ({ allergies }) => expect([allergies.message, nodes(allergies)]).toEqual(['No known allergies.', []]),
  '9990000093': ({ allergies }) => {
    expect(nodes(allergies)).toHaveLength(1)
    expect(allergies.message).toContain(
      'e-Xchange says that there are no known allergies, which the allergies below contradict.',
    )
  },
  '9990000115': async (_, { look }) => {
    const { allergies } = await look('9990000115', attending)
    expect(allergies.message).toBe(
      'e-Xchange: no known allergies. LPRES has no record it can show for this number; this does not mean that none exists.',
    )
  },
  '9990000123': ({ medications }) => {
    expect(nodes(medications)).toHaveLength(1)
    expect(nodes(medications)[0]?.sources).toHaveLength(2)
  },
  '9990000131': ({ medications }) => {
    expect(nodes(medications).filter(({ possibleDuplicates }) => possibleDuplicates.length === 1)).toHaveLength(4)
    expect([...regionsOf(nodes(medications))].sort()).toEqual(both)
  },
  '9990000174': ({ allergies, problems, medications }) => {
    for (const section of [allergies, problems, medications]) {
      const [one, other] = nodes(section)
      expect([one?.possibleDuplicates, other?.possibleDuplicates]).toEqual([[other?.id], [one?.id]])
    }
  },
  '9990000182': ({ medications }) =>
    expect(nodes(medications).flatMap(({ conflicts }) => conflicts.map(({ field }) => field))).toContain('dosage'),
  '9990000190': ({ problems }) => {
    expect(
      named(nodes(problems), 'code', /Epilepsy/).map(({ sources, retractedElsewhere }) => [
        sources.map(({ region }) => region),
        retractedElsewhere?.region,
      ]),
    ).toEqual([[['LANCASHIRE_SOUTH_CUMBRIA'], 'CHESHIRE_MERSEYSIDE']])
  },
  '9990000212': ({ documents }) => {
    expect(
      nodes(documents).map(({ sources, retractedElsewhere }) => [
        sources[0]?.region,
        retractedElsewhere?.region ?? null,
      ]),
    ).toContainEqual(['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'])
  },
  '9990000220': ({ demographics }) => {
    expect(demographics.conflicts.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining(['name', 'address', 'gpPractice']),
    )
  },
  '9990000247': async (patient, { look }) => {
    expect(statuses(patient)).toEqual(['IDENTITY_MISMATCH', 'IDENTITY_MISMATCH'])
    expect(patient.completeness.message).toContain("ask again with the patient's birth date")
    expect(statuses(await look('9990000247', { birthDate: '1967-04-08' })).sort()).toEqual([
      'ANSWERED',
      'IDENTITY_MISMATCH',
    ])
  },
  '9990000255': async (_, { look }) => {
    const { askedNhsNumber, nhsNumber, presence } = await look('9990009007')
    expect([askedNhsNumber, nhsNumber, presence]).toEqual(['9990009007', '9990000255', 'FOUND'])
  },
  '9990000271': (patient) => {
    for (const name of sections) expect(patient[name].answers[1].answer, name).toBe('NOT_KNOWN')
    expect(patient.demographics.sources.map(({ region }: { region: string }) => region)).toContain(
      'LANCASHIRE_SOUTH_CUMBRIA',
    )
    expect([
      patient.demographics.locationProtected,
      patient.demographics.address,
      patient.demographics.telecom,
      patient.demographics.gpPractice,
    ]).toEqual([true, null, [], null])
    expect(JSON.stringify(patient)).not.toMatch(/"odsCode":"/)
  },
  '9990000298': (patient) => {
    expect(nodes(patient.encounters)).not.toEqual([])
    for (const name of sections)
      expect(patient[name].answers[1].answer, name).toBe(name === 'documents' ? 'RECORDED' : 'NOT_KNOWN')
  },
  '9990000336': ({ documents }) => {
    expect(documents.message).toContain("withheld by e-Xchange's sharing rules")
    expect(nodes(documents).map(({ confidentiality }) => confidentiality)).not.toContain('VERY_RESTRICTED')
  },
  '9990000344': async (patient, { look }) => {
    const plain = ['Crisis plan', 'Crisis plan made in Liverpool', 'Discharge from the Broadoak Unit']
    expect(titles(patient)).toEqual(plain)
    expect(titles(await look('9990000344', { access: { reason: 'MENTAL_HEALTH_CARE' } }))).toEqual([
      'Community mental health team note',
      ...plain,
    ])
  },
  '9990000360': async (patient, { look }) => {
    expect(statuses(patient)).toEqual(['ANSWERED', 'REFUSED'])
    expect((await look('9990000379')).completeness.message).toMatch(
      /^Some of this is withheld by e-Xchange's sharing rules\./,
    )
  },
  '9990000395': async (patient, { look }) => {
    expect(nodes(patient.encounters)).toEqual([])
    const { encounters } = await look('9990000395', { access: { reason: 'SAFEGUARDING' } })
    expect(nodes(encounters).map(({ type, sources }) => [(type as { text: string }).text, sources[0]?.region])).toEqual(
      [['Contraception advice', 'LANCASHIRE_SOUTH_CUMBRIA']],
    )
  },
  '9990000409': (patient) => {
    expect(patient.completeness.message).toBe('Complete: e-Xchange and LPRES answered.')
    expect(JSON.stringify(patient)).not.toMatch(/withheld":true|fertili|terminat|chlamydia|sexual/i)
    expect(named(nodes(patient.procedures), 'code', /Caesarean/)).toHaveLength(1)
  },
  '9990000417': (patient) => {
    expect(nodes(patient.carePlans).map(({ title }) => title)).toEqual(['Memory service plan'])
    expect(patient.carePlans.message).toContain("withheld by e-Xchange's sharing rules")
  },
  '9990000425': (patient) => expect([...regionsOf(nodes(patient.results))].sort()).toEqual(both),
  '9990000441': async (patient, { look, run }) => {
    expect(statuses(patient)).toEqual(['PERMISSION_REQUIRED', 'ANSWERED'])
    const { recordPermission } = await run('record-permission', { nhsNumber: '9990000441', region: both[0] })
    expect(recordPermission.status).toBe('DONE')
    expect(statuses(await look('9990000441'))).toEqual(['ANSWERED', 'ANSWERED'])
    const { withdrawPermission } = await run('withdraw-permission', { nhsNumber: '9990000441', region: both[0] })
    expect(withdrawPermission.status).toBe('DONE')
    expect(statuses(await look('9990000441'))).toEqual(['PERMISSION_REQUIRED', 'ANSWERED'])
  },
  '9990000468': async (patient, { look }) => {
    expect(statuses(patient)).toEqual(['RELATIONSHIP_REQUIRED', 'RELATIONSHIP_REQUIRED'])
    expect(statuses(await look('9990000468', { access: { relationship: 'CLAIMED' } }))).toEqual([
      'ANSWERED',
      'ANSWERED',
    ])
  },
  '9990000476': (patient) => expect(statuses(patient)).toEqual(['RELATIONSHIP_REQUIRED', 'ANSWERED']),
  '9990000484': async (patient, { look, run }) => {
    expect(statuses(patient)).toEqual(['PERMISSION_REQUIRED', 'ANSWERED'])
    const { breakGlass } = await run('break-glass', {
      nhsNumber: '9990000484',
      region: both[0],
      barrier: 'PERMISSION',
      reason: 'EMERGENCY',
      justification: 'Unconscious, brought in by ambulance',
    })
    const { completeness, allergies } = await look('9990000484')
    expect(completeness.regions.map(({ decision }: Patient) => decision.grant)).toEqual([breakGlass.grant, null])
    expect(completeness.message).toContain("e-Xchange's part is shown because the glass was broken; this is reviewed.")
    expect(named(nodes(allergies), 'substance', /penicillin/)).toHaveLength(1)
  },
  '9990000492': ({ completeness }) => {
    expect(completeness.regions.map(({ decision }: Patient) => [decision.code, decision.breakGlass])).toEqual([
      ['REFUSED_OPT_OUT', [{ barrier: 'OPT_OUT', reasons: ['VITAL_INTERESTS', 'STATUTE', 'COURT_ORDER'] }]],
      ['REFUSED_OPT_OUT', [{ barrier: 'OPT_OUT', reasons: ['EMERGENCY'] }]],
    ])
  },
  '9990000514': async (_, { look }) => {
    const patient = await look('9990000514', attending)
    const { presence, ...unknown } = await look('9990000050', attending)
    expect(presence).toBe('NOT_FOUND')
    const exchange = ({ completeness }: Patient) => ({ ...completeness.regions[0], asOf: null })
    expect(exchange(patient)).toEqual(exchange(unknown))
    expect(statuses(patient)).toEqual(['NOT_KNOWN', 'ANSWERED'])
    const { name, locationProtected, address, telecom, gpPractice } = patient.demographics
    expect([name.full, locationProtected, address, telecom, gpPractice]).toEqual([
      'Mrs Nicola Ferris',
      true,
      null,
      [],
      null,
    ])
    for (const section of sections) expect(nodes(patient[section]), section).toEqual([])
  },
}

describe("the people of the README's table", () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem({ people: true })
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const run: Reader['run'] = async (operation, variables) => {
    const { data, errors } = await system.query(publishedOperation(operation), variables)
    expect(errors).toEqual([])
    return data
  }
  const look: Reader['look'] = async (nhsNumber, asking = {}) =>
    (await run('full-record', { nhsNumber, ...asking })).patient

  test('each has a test', () => {
    expect(rows.map(({ nhsNumber }) => nhsNumber)).toEqual(Object.keys(seen))
  })

  test.each(rows)('$nhsNumber: $says', async ({ nhsNumber }) => {
    await seen[nhsNumber]?.(await look(nhsNumber), { look, run })
  })

  test('9990000425: each of the 150 results and 60 encounters comes once, newest first, as the pages are turned', async () => {
    for (const [field, count] of [
      ['results', 150],
      ['encounters', 60],
    ] as const) {
      const ids: string[] = []
      let after: string | null = null
      do {
        const text = `query($after: String) { patient(nhsNumber: "9990000425") { ${field}(first: 40, after: $after, filter: { all: true }) { nodes { id sources { region } } pageInfo { hasNextPage endCursor } } } }`
        const { data }: Patient = await system.query(text, { after })
        const page = data.patient[field]
        ids.push(...page.nodes.map(({ id }: Item) => id))
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      } while (after !== null)
      expect([ids.length, new Set(ids).size], field).toEqual([count, count])
    }
  })
})
