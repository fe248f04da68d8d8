import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseFhirJson } from '../../subgraphs/publishing/parse-fhir-json.ts'
import { toPublication } from '../../subgraphs/publishing/to-publication.ts'
import { expectPublication, publisher } from '../support/publishing/bundle.ts'

const folder = fileURLToPath(new URL('../../../shared/data', import.meta.url))
const missing = !existsSync(folder)
if (missing) console.warn(`\nNOT TESTED: real input. Expected FHIR Bundles in ${folder}, found none there.\n`)

const filesOf = (name: string) => readdirSync(`${folder}/${name}`).filter((file) => file.endsWith('.json'))
const publishFile = (path: string) =>
  toPublication(parseFhirJson(readFileSync(`${folder}/${path}`, 'utf8'))?.value, { publisher, renumber: true })

describe.skipIf(missing)('real Bundles from ../shared/data', () => {
  const items = [
    'AllergyIntolerance',
    'Condition',
    'MedicationRequest',
    'Immunization',
    'Procedure',
    'Observation',
    'Encounter',
    'CarePlan',
  ]

  test.each(['cheshire-merseyside', 'lancashire-south-cumbria'])(
    '40 real R4 patients for %s are accepted, and every resource that the view covers becomes an item',
    (region) => {
      const files = filesOf(`fhir-r4/${region}`)
      expect(files).toHaveLength(40)
      for (const file of files) {
        const mapping = publishFile(`fhir-r4/${region}/${file}`)
        const publication = expectPublication(mapping)
        if (mapping.status === 'refused') continue
        const published = Map.groupBy(publication.items, (item) => item.resourceType)
        for (const type of items)
          expect([file, type, published.get(type)?.length ?? 0]).toEqual([
            file,
            type,
            mapping.counts.get(type)?.understood ?? 0,
          ])
        expect(publication.patients).toHaveLength(1)
        expect(new Set(publication.items.map((item) => item.nhsNumber))).toEqual(
          new Set(publication.patients.map((one) => one.nhsNumber)),
        )
        expect(publication.items.filter((item) => item.identifier === null || item.orderedAtMs === null)).toEqual([])
      }
    },
  )

  test('a real patient has one number in both regions, and no two patients share one', () => {
    const numbers = ['cheshire-merseyside', 'lancashire-south-cumbria'].map((region) =>
      filesOf(`fhir-r4/${region}`).map(
        (file) => expectPublication(publishFile(`fhir-r4/${region}/${file}`)).patients[0]?.nhsNumber,
      ),
    )
    expect(numbers[0]).toEqual(numbers[1])
    expect(new Set(numbers[0]).size).toBe(40)
  })

  test('12 real GP Connect Bundles are refused as STU3', () => {
    const files = filesOf('gp-connect-structured')
    expect(files).toHaveLength(12)
    for (const file of files) {
      expect(publishFile(`gp-connect-structured/${file}`)).toEqual({
        status: 'refused',
        faults: [
          { entry: -1, path: 'Bundle', code: 'not-supported', fault: 'expected FHIR R4, found STU3 (meta.profile)' },
        ],
      })
    }
  })

  test('real demographic records that are not Bundles are refused as such', () => {
    for (const file of filesOf('pds'))
      expect(publishFile(`pds/${file}`)).toMatchObject({
        status: 'refused',
        faults: [{ fault: 'expected a Bundle, found a resource of type Patient' }],
      })
  })
})
