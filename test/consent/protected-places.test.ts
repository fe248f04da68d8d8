import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { createIdSealer } from '../../gateway/opaque-tokens/id-sealer.ts'
import { groupItems, type RegionalItem } from '../../gateway/patient-view/group-items.ts'
import { createLocationRedaction } from '../../gateway/patient-view/location-redaction.ts'
import { mergeDemographics } from '../../gateway/patient-view/merge-demographics.ts'
import { mergeItems } from '../../gateway/patient-view/merge-items.ts'
import type * as Region from '../../schema/generated/region.ts'
import { readRegionalSdl } from '../../schema/sdl.ts'
import { resultItem } from '../support/patient-view/region-items.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'

const [one, two] = threeRegions
if (!one || !two) throw new Error('Expected two regions')
const sealer = createIdSealer(new Uint8Array(32))
const redaction = createLocationRedaction(
  [one, two].map((region) => buildSchema(readRegionalSdl(region))),
  sealer,
)
const hospital = { odsCode: 'REM', name: 'Liverpool' }
const elsewhere = { odsCode: 'RXN', name: 'Preston' }

function encounter(name: string, region: string, provider: Region.Organisation): RegionalItem {
  const { id, identifier, version, lastUpdated, organisation, recordedAt, orderedAt } = resultItem({
    kind: 'encounters',
    name,
    region,
    at: 0,
  })
  return {
    id,
    identifier,
    version,
    lastUpdated,
    organisation,
    recordedAt,
    orderedAt,
    class: 'AMBULATORY',
    start: orderedAt,
    provider,
  }
}

test('the gateway shows an item of several regions once, and no conflict or possible duplicate reveals a protected location', () => {
  const regions = [
    {
      region: one.code,
      items: [encounter('a', one.code, hospital), encounter('b', one.code, hospital)],
      retractions: [],
    },
    { region: two.code, items: [encounter('a', two.code, elsewhere)], retractions: [] },
  ]
  const merged = mergeItems(groupItems(regions), {
    section: 'encounters',
    regions,
    context: { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null },
    askedNhsNumber: '9990000018',
    fields: null,
    redaction,
  })
  expect(merged).toHaveLength(2)
  for (const item of merged) {
    expect(item.possibleDuplicates).toEqual([])
    expect(item.conflicts).toEqual([])
  }
  expect(JSON.stringify(merged)).not.toMatch(/Liverpool|Preston|REM|RXN/)
  expect(merged.map(({ id }) => sealer.unseal(id)).toSorted()).toEqual(
    [...new Set(regions.flatMap(({ items }) => items.map(({ id }) => id)))].toSorted(),
  )
})

test('the gateway names possible duplicates of a protected patient by their shown ids, for sections that compare no location', () => {
  const items = ['a', 'b'].map((name) => ({
    ...resultItem({ kind: 'results', name, region: one.code, at: 0 }),
    code: { text: 'Sodium', codings: [] },
    effective: '2026',
    components: [],
  }))
  const regions = [{ region: one.code, items, retractions: [] }]
  const merged = mergeItems(groupItems(regions), {
    section: 'results',
    regions,
    context: { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null },
    askedNhsNumber: '9990000018',
    fields: null,
    redaction,
  })
  const ids = merged.map(({ id }) => id)
  expect(merged.map(({ possibleDuplicates }) => possibleDuplicates)).toEqual([[ids[1]], [ids[0]]])
})

test('the gateway shows no protected location in demographics, nor in the differences between regions', () => {
  const record = (gpPractice: Region.Organisation, city: string): Region.Demographics => ({
    name: null,
    birthDate: '1980',
    deceased: false,
    deceasedAt: null,
    gender: 'FEMALE',
    address: { lines: ['1 Road'], city, postcode: null },
    telecom: [{ system: 'phone', value: '01632 960000', use: null }],
    gpPractice,
    identifier: null,
    version: null,
    lastUpdated: null,
    organisation: gpPractice,
    recordedAt: '2026-01-01T00:00:00Z',
  })
  const merged = mergeDemographics({ redaction, fields: null }, [
    { region: one.code, item: record(hospital, 'Liverpool') },
    { region: two.code, item: { ...record(elsewhere, 'Preston'), gender: 'OTHER' } },
  ])
  expect(merged?.conflicts.map(({ field }) => field)).toEqual(['gender'])
  expect(JSON.stringify(merged)).not.toMatch(/Liverpool|Preston|REM|RXN|01632/)
})
