import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedOperation } from '../support/published-operation.ts'
import { type System, startSystem } from '../support/system.ts'

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
const rows = [...readme.matchAll(/^\| (\d{10}) \| (.+) \|$/gm)].map(([, nhsNumber = '', says = '']) => ({ nhsNumber, says }))

const both = ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA']
const regionsOf = (items: readonly Item[]) => new Set(items.flatMap(({ sources }) => sources.map(({ region }) => region)))
const nodes = (section: { nodes?: readonly Item[]; edges?: readonly { node: Item }[] }): readonly Item[] => section.nodes ?? section.edges?.map(({ node }) => node) ?? []
const statuses = ({ completeness }: Patient) => completeness.regions.map(({ status }: { status: string }) => status)
const sections = ['alerts', 'allergies', 'problems', 'medications', 'immunisations', 'procedures', 'carePlans', 'contacts', 'appointments', 'results', 'encounters', 'documents']
const named = (items: readonly Item[], field: string, text: RegExp) => items.filter((item) => text.test((item[field] as { text: string }).text))

/** What must be seen of each person of the README's table. */
const seen: Readonly<Record<string, (patient: Patient, look: (nhsNumber: string, birthDate?: string) => Promise<Patient>) => void | Promise<void>>> = {
  '9990000018': (patient) => {
    for (const name of sections) expect([...regionsOf(nodes(patient[name]))].sort(), name).toEqual(both)
  },
  '9990000026': ({ problems, medications }) => {
    expect(nodes(problems).filter(({ sources }) => sources.length === 2)).not.toEqual([])
    expect(nodes(medications).filter(({ sources }) => sources.length === 2)).not.toEqual([])
    expect(nodes(problems).some(({ sources }) => sources.length === 1)).toBe(true)
  },
  '9990000034': async (patient, look) => {
    expect(statuses(patient)).toEqual(['ANSWERED', 'NOT_KNOWN'])
    expect(statuses(await look('9990000042'))).toEqual(['NOT_KNOWN', 'ANSWERED'])
  },
  '9990000050': (patient) => expect([patient.presence, ...statuses(patient)]).toEqual(['NOT_FOUND', 'NOT_KNOWN', 'NOT_KNOWN']),
  '9990000077': ({ allergies }) => expect([allergies.message, nodes(allergies)]).toEqual(['No known allergies.', []]),
  '9990000093': ({ allergies }) => {
    expect(nodes(allergies)).toHaveLength(1)
    expect(allergies.message).toContain('e-Xchange says that there are no known allergies, which the allergies below contradict.')
  },
  '9990000115': ({ allergies }) => {
    expect(allergies.message).toBe('e-Xchange: no known allergies. LPRES has no record it can show for this number; this does not mean that none exists.')
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
  '9990000182': ({ medications }) => expect(nodes(medications).flatMap(({ conflicts }) => conflicts.map(({ field }) => field))).toContain('dosage'),
  '9990000190': ({ problems }) => {
    expect(named(nodes(problems), 'code', /Epilepsy/).map(({ sources, retractedElsewhere }) => [sources.map(({ region }) => region), retractedElsewhere?.region])).toEqual([
      [['LANCASHIRE_SOUTH_CUMBRIA'], 'CHESHIRE_MERSEYSIDE'],
    ])
  },
  '9990000212': ({ documents }) => {
    expect(nodes(documents).map(({ sources, retractedElsewhere }) => [sources[0]?.region, retractedElsewhere?.region ?? null])).toContainEqual([
      'CHESHIRE_MERSEYSIDE',
      'LANCASHIRE_SOUTH_CUMBRIA',
    ])
  },
  '9990000220': ({ demographics }) => {
    expect(demographics.conflicts.map(({ field }: { field: string }) => field)).toEqual(expect.arrayContaining(['name', 'address', 'gpPractice']))
  },
  '9990000247': async (patient, look) => {
    expect(statuses(patient)).toEqual(['IDENTITY_MISMATCH', 'IDENTITY_MISMATCH'])
    expect(patient.completeness.message).toContain("ask again with the patient's birth date")
    expect(statuses(await look('9990000247', '1967-04-08')).sort()).toEqual(['ANSWERED', 'IDENTITY_MISMATCH'])
  },
  '9990000255': async (_, look) => {
    const { askedNhsNumber, nhsNumber, presence } = await look('9990009007')
    expect([askedNhsNumber, nhsNumber, presence]).toEqual(['9990009007', '9990000255', 'FOUND'])
  },
  '9990000271': (patient) => {
    expect([patient.demographics.locationProtected, patient.demographics.address, patient.demographics.telecom, patient.demographics.gpPractice]).toEqual([true, null, [], null])
    expect(JSON.stringify(patient)).not.toMatch(/"odsCode":"/)
  },
  '9990000336': ({ documents }) => {
    expect(documents.message).toContain("withheld by e-Xchange's sharing rules")
    expect(nodes(documents).map(({ confidentiality }) => confidentiality)).not.toContain('VERY_RESTRICTED')
  },
  '9990000360': async (patient, look) => {
    expect(statuses(patient)).toEqual(['ANSWERED', 'REFUSED'])
    expect((await look('9990000379')).completeness.message).toMatch(/^Some of this is withheld by e-Xchange's sharing rules\./)
  },
  '9990000425': (patient) => expect([...regionsOf(nodes(patient.results))].sort()).toEqual(both),
}

describe("the people of the README's table", () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem({ people: true })
  })
  afterAll(() => system[Symbol.asyncDispose]())

  const look = async (nhsNumber: string, birthDate: string | null = null): Promise<Patient> => {
    const { data, errors } = await system.query(publishedOperation('full-record'), { nhsNumber, birthDate, access: { relationship: 'ATTENDING' } })
    expect(errors).toEqual([])
    return data.patient
  }

  test('each has a test', () => {
    expect(rows.map(({ nhsNumber }) => nhsNumber)).toEqual(Object.keys(seen))
  })

  test.each(rows)('$nhsNumber: $says', async ({ nhsNumber }) => {
    await seen[nhsNumber]?.(await look(nhsNumber), look)
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
