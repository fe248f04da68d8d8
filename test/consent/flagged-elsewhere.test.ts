import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { item, numberOf, patient, publication } from '../support/store/publications.ts'
import { type System, startSystem } from '../support/system.ts'

const flagging = 'lancashire-south-cumbria'
const showing = 'cheshire-merseyside'
const code = 'CHESHIRE_MERSEYSIDE'

let system: System
beforeAll(async () => {
  system = await startSystem()
  for (const n of [1, 2, 3, 4])
    await system
      .store(showing)
      .publish([
        publication({ patients: [patient(n)], items: [item('problems', `problem ${n}`, { nhsNumber: numberOf(n) })] }),
      ])
  // Known to e-Xchange by both numbers as well, under which LPRES may be asked.
  await system
    .store(flagging)
    .publish([1, 2, 3].map((n) => publication({ patients: [patient(n, { sensitive: n !== 3 })] })))
})
afterAll(() => system[Symbol.asyncDispose]())

let version = 1
/** Publishes the flag anew, as a newer version of the demographics. */
const flag = (n: number, sensitive: boolean) =>
  system.store(flagging).publish([
    publication({
      patients: [
        patient(n, {
          sensitive,
          fields: { version: ++version, lastUpdated: new Date(Date.now() + version).toISOString() },
        }),
      ],
    }),
  ])

const query = `query ($n: NHSNumber!, $regions: [RegionCode!]) { patient(nhsNumber: $n, regions: $regions, noCache: true) {
  completeness { regions { region { code } status } } demographics { locationProtected address { lines } gpPractice { name } telecom { value } }
  problems { nodes { sources { organisation { odsCode } } } } records { region { code } ... on CheshireMerseysideRecord { demographics { address { lines } } } } } }`

async function look(
  n: number,
  { regions = null, url = system.url }: { readonly regions?: readonly string[] | null; readonly url?: string } = {},
) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables: { n: numberOf(n), regions } }),
  })
  const { data } = JSON.parse(await response.text())
  return data.patient
}
const isShown = async (...asked: Parameters<typeof look>): Promise<boolean> => {
  const found = await look(...asked)
  expect(found.completeness.regions[0].status).toBe('ANSWERED')
  const text = JSON.stringify([found.demographics, found.problems, found.records])
  const isPlaced = text.includes('1 Secret Lane') && text.includes('A Practice') && text.includes('01632 960999')
  if (!isPlaced) expect(text).not.toMatch(/Secret|A Practice|01632/)
  expect(found.demographics.locationProtected).toBe(!isPlaced)
  return isPlaced
}
/** Looked at until it is so: a change is heard within milliseconds. */
const until = async (shown: boolean, ...asked: Parameters<typeof look>) => {
  while ((await isShown(...asked)) !== shown);
}

beforeEach(async () => {
  await until(false, 1, { regions: [code] })
})

test('the gateway shows no location of a patient whom any region flags, even when that region is not queried', async () => {
  expect(await isShown(1)).toBe(false)
  expect(await isShown(1, { regions: [code] })).toBe(false)
  expect(await isShown(3, { regions: [code] })).toBe(true)
  // Known to the other region alone.
  expect(await isShown(4, { regions: [code] })).toBe(true)
})

test('the gateway hides locations when the change feed reports a flag, and shows them when it reports its removal', async () => {
  await flag(3, true)
  await until(false, 3, { regions: [code] })
  await flag(3, false)
  await until(true, 3, { regions: [code] })
  expect(await isShown(2, { regions: [code] })).toBe(false)
})

test("the gateway hides the locations of flagged patients while the flagging region is away, and of everybody until it has read that region's flags", async () => {
  await system.stop(flagging)
  try {
    expect((await look(1)).completeness.regions[1].status).toBe('UNREACHABLE')
    expect([await isShown(1), await isShown(2), await isShown(3)]).toEqual([false, false, true])
    const url = await system.another({})
    expect([await isShown(1, { url }), await isShown(3, { url }), await isShown(4, { url, regions: [code] })]).toEqual([
      false,
      false,
      false,
    ])
    await system.restart(flagging)
    await until(true, 3, { url })
    expect(await isShown(1, { url, regions: [code] })).toBe(false)
  } finally {
    await system.restart(flagging).catch(() => {})
  }
})

test('the gateway receives more flags than one event holds, earlier numbers included', async () => {
  await system
    .store(flagging)
    .publish(
      Array.from({ length: 1200 }, (_, n) => publication({ patients: [patient(1000 + n, { sensitive: true })] })),
    )
  await system.store(showing).publish([1000, 2199, 3000].map((n) => publication({ patients: [patient(n)] })))
  await system
    .store(flagging)
    .publish([publication({ patients: [patient(3001, { sensitive: true, supersedes: [numberOf(3000)] })] })])
  const url = await system.another({})
  for (const n of [1000, 2199, 3000]) expect(await isShown(n, { url, regions: [code] })).toBe(false)
})
