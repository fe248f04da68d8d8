import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { grantAccess } from '../support/grant-access.ts'
import {
  nhsNumberSystem,
  odsCodeSystem,
  patient as samplePatient,
  snomed,
  toPatient,
  transaction,
} from '../support/publishing/bundle.ts'
import { type RunningProgram, runProgram } from '../support/run-program.ts'
import { createServiceProcesses, type ServiceProcesses } from '../support/service-processes.ts'
import { item, numberOf, patient, publication, publisher } from '../support/store/publications.ts'
import { manchester, manchesterTrust, writeThreeRegions } from '../support/third-region.ts'

const codes = ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA', 'GREATER_MANCHESTER']
const nhsNumber = numberOf(0)
/** Results of one region alone. */
const ownResults = 25
/** Results that every region holds. */
const sharedResults = 10

let folder: string
let system: ServiceProcesses
let stores: Map<string, RunningProgram>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'three-regions-'))
  const { regions, publishers } = writeThreeRegions(folder)
  system = await createServiceProcesses({ regions, environment: { PUBLISHERS: publishers } })
  for (const [index, { code, slug }] of regions.entries()) await fillStore(code, slug, index)
  const slugs = regions.map(({ slug }) => slug)
  const running = await Promise.all(slugs.map(async (slug) => [slug, await system.startStore(slug)] as const))
  stores = new Map(running)
  await system.startGateway()
}, 60_000)
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/**
 * A patient known to the viewer, with an allergy and results of the region's own, and results that all regions hold.
 */
async function fillStore(code: string, slug: string, index: number): Promise<void> {
  mkdirSync(join(system.folder, slug), { mode: 0o700 })
  const store = createSqliteRecordStore({ region: code, file: system.databaseFile(slug) })
  const result = (name: string, minute: number) => {
    const at = new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString()
    return item('results', name, { at, fields: { effective: at } })
  }
  const own = Array.from({ length: ownResults }, (_, n) => result(`${slug}-${n}`, 3 * n + index))
  const shared = Array.from({ length: sharedResults }, (_, n) => result(`shared-${n}`, 7 * n))
  const allergy = item('allergies', `allergy-${slug}`)
  await grantAccess(store).publish([
    publication({ patients: [patient(0)], items: [allergy, ...own, ...shared], by: publisher('REM') }),
  ])
  store.close()
}

interface AskOptions {
  readonly organisation?: string
  readonly variables?: Readonly<Record<string, unknown>>
}

// biome-ignore lint/suspicious/noExplicitAny: tests read answers by the schema
async function ask(query: string, { organisation = 'REM', variables = {} }: AskOptions = {}): Promise<any> {
  const response = await fetch(`${system.gatewayUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await system.token({ organisation })}` },
    body: JSON.stringify({ query, variables: { nhsNumber, ...variables } }),
  })
  const { data, errors } = await response.json()
  expect(errors).toBeUndefined()
  return data
}

const completeness = 'completeness { complete message regions { region { code } status decision { code rules } } }'

test('the gateway publishes the three regions as values of RegionCode, and says which of them a viewer belongs to', async () => {
  const { __type, viewer, regions } = await ask(
    '{ __type(name: "RegionCode") { enumValues { name } } viewer { regions } regions { code applicationName } }',
    { organisation: manchesterTrust.odsCode },
  )
  expect(__type.enumValues.map(({ name }: { name: string }) => name)).toEqual(codes)
  expect(viewer.regions).toEqual([manchester.code])
  expect(regions[2]).toEqual({ code: manchester.code, applicationName: manchester.applicationName })
})

const view = `query ($nhsNumber: NHSNumber!, $access: AccessContext) { patient(nhsNumber: $nhsNumber, access: $access, noCache: true) {
  ${completeness} allergies { complete nodes { sources { region identifier { value } } } }
  records { ... on ${manchester.typePrefix}Record { regionOptOut } } } }`

/** The region of every source of every item, sorted. */
function listSourceRegions(nodes: readonly { readonly sources: readonly { readonly region: string }[] }[]) {
  return nodes.flatMap(({ sources }) => sources.map(({ region }) => region)).sort()
}

test('a view merges what the three regions hold, and shows the third in its own words', async () => {
  const { patient: shown } = await ask(view)
  expect(shown.completeness).toMatchObject({ complete: true, regions: codes.map(() => ({ status: 'ANSWERED' })) })
  expect(listSourceRegions(shown.allergies.nodes)).toEqual(codes.toSorted())
  expect(shown.records).toContainEqual({ regionOptOut: false })
})

test("the third region's own rule refuses what the others allow, and the view says by which rule", async () => {
  const { patient: shown } = await ask(view, {
    variables: { access: { purpose: 'EMERGENCY', relationship: 'ATTENDING' } },
  })
  const statuses = shown.completeness.regions.map(({ status }: { status: string }) => status)
  expect(statuses).toEqual(['ANSWERED', 'ANSWERED', 'REFUSED'])
  expect(shown.completeness.regions[2].decision).toEqual({ code: 'REFUSED_PURPOSE', rules: ['gm-care-only'] })
  expect(shown.completeness.message).toContain(manchester.applicationName)
  expect(JSON.stringify(shown.allergies)).not.toContain(manchester.code)
})

test("a clinician of the third region's own organisation is refused by the two others, which have no agreement with it", async () => {
  const { patient: shown } = await ask(view, {
    organisation: manchesterTrust.odsCode,
    variables: { access: { purpose: 'DIRECT_CARE', relationship: 'CLAIMED' } },
  })
  const decisions = shown.completeness.regions.map(
    ({ decision }: { decision: { code: string } | null }) => decision?.code,
  )
  expect(decisions).toEqual(['REFUSED_AGREEMENT', 'REFUSED_AGREEMENT', 'PERMITTED'])
})

test('a timeline paged over three regions shows every item once, newest first, and equals what was published', async () => {
  const page = `query ($nhsNumber: NHSNumber!, $after: String) { patient(nhsNumber: $nhsNumber) {
    results(first: 7, after: $after, filter: { all: true }) { complete nodes { effective sources { region identifier { value } } }
      pageInfo { hasNextPage endCursor } } } }`
  const shown: { readonly effective: string; readonly sources: readonly { identifier: { value: string } }[] }[] = []
  let after: string | null = null
  for (let more = true; more; ) {
    const { patient: read } = await ask(page, { variables: { after } })
    expect(read.results.complete).toBe(true)
    shown.push(...read.results.nodes)
    after = read.results.pageInfo.endCursor
    more = read.results.pageInfo.hasNextPage
  }
  const published = [
    ...Array.from({ length: sharedResults }, (_, n) => `shared-${n}`),
    ...system.regions.flatMap(({ slug }) => Array.from({ length: ownResults }, (_, n) => `${slug}-${n}`)),
  ]
  const values = shown.map(({ sources }) => [...new Set(sources.map(({ identifier }) => identifier.value))].join())
  expect(values.toSorted()).toEqual(published.toSorted())
  for (const [index, { sources }] of shown.entries())
    expect(sources, values[index]).toHaveLength(values[index]?.startsWith('shared') ? codes.length : 1)
  expect(shown).toEqual(shown.toSorted((a, b) => Date.parse(b.effective) - Date.parse(a.effective)))
})

test("a Bundle that names an organisation by its code alone is shown with the name of the third region's file", async () => {
  const number = numberOf(1)
  const response = await fetch(`${system.storeUrl(manchester.slug)}/fhir`, {
    method: 'POST',
    headers: {
      'content-type': 'application/fhir+json',
      authorization: `Bearer ${await system.token({ scope: 'publish', organisation: manchesterTrust.odsCode })}`,
    },
    body: JSON.stringify(
      transaction(
        {
          resourceType: 'Patient',
          id: 'p1',
          identifier: [
            {
              system: nhsNumberSystem,
              value: number,
              extension: [
                {
                  url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
                  valueCodeableConcept: { coding: [{ code: '01' }] },
                },
              ],
            },
          ],
          name: [{ family: 'Person', given: ['Example'] }],
          birthDate: '1980-05-01',
        },
        {
          resourceType: 'Encounter',
          identifier: [{ system: 'urn:test', value: 'visit' }],
          status: 'finished',
          class: { code: 'AMB' },
          type: [snomed('185389009', 'Follow-up')],
          subject: toPatient,
          serviceProvider: {
            type: 'Organization',
            identifier: { system: odsCodeSystem, value: manchesterTrust.odsCode },
          },
          period: { start: '2026-01-01T10:00:00Z' },
        },
      ),
    ),
  })
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
  const { patient: shown } = await ask(
    `query ($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber, access: { purpose: DIRECT_CARE, relationship: CLAIMED }) {
      encounters(filter: { all: true }) { nodes { provider { odsCode name } } } } }`,
    { organisation: manchesterTrust.odsCode, variables: { nhsNumber: number } },
  )
  expect(shown.encounters.nodes).toEqual([{ provider: manchesterTrust }])
})

test('the commands serve the third region by the list that REGIONS names', async () => {
  const list = { REGIONS: join(folder, 'regions.json'), PUBLISHERS: join(folder, 'publishers.json') }
  const run = async (program: string, ...args: readonly string[]) => {
    await using running = runProgram(program, args, { ...list, DATA_DIR: join(folder, 'commands') })
    return [await running.ended, running.out() + running.err()]
  }
  const bundle = join(folder, 'bundle.json')
  writeFileSync(bundle, JSON.stringify(transaction(samplePatient)))
  const ofThird = ['--region', manchester.slug]
  const [code, said] = await run('subgraphs/publishing/import.ts', ...ofThird, '--publisher', 'R0A', bundle)
  expect([code, said]).toEqual([0, expect.stringContaining('1 Bundles of 1 files read')])
  expect(await run('subgraphs/publishing/publications.ts', ...ofThird)).toEqual([0, expect.stringContaining('R0A')])
  const explained = await run('schema/policies/explain.ts', 'explain', ...ofThird)
  expect(explained).toEqual([
    0,
    expect.stringContaining(`consultant, ${manchester.name}: PERMITTED (gm-relationship-known)`),
  ])
})

test('a view names the third region where its store is down, and keeps what the others hold', async () => {
  const store = stores.get(manchester.slug)
  store?.child.kill('SIGTERM')
  await store?.ended
  const { patient: shown } = await ask(view)
  expect(shown.completeness).toMatchObject({
    complete: false,
    message: `${manchester.applicationName} did not answer; what it holds is missing below.`,
    regions: [
      { status: 'ANSWERED' },
      { status: 'ANSWERED' },
      { region: { code: manchester.code }, status: 'UNREACHABLE' },
    ],
  })
  expect(listSourceRegions(shown.allergies.nodes)).toEqual(codes.slice(0, 2))
  // The other tests find it running, in whichever order they run.
  stores.set(manchester.slug, await system.startStore(manchester.slug))
})
