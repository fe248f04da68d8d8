import { describe, expect, test } from 'vitest'
import { isNhsNumber } from '../../schema/nhs-number.ts'
import { toInstantMs } from '../../schema/partial-date-time.ts'
import { daysSince, toMinAge } from '../../schema/policies/policy-dates.ts'
import { createPeople } from '../../subgraphs/demo/create-people.ts'
import type { Bundle } from '../../subgraphs/demo/vocabulary/bundle.ts'
import type { Resource } from '../../subgraphs/demo/vocabulary/resource.ts'

const now = new Date('2026-11-22T09:30:00Z')
const dayMs = 86_400_000
const people = createPeople(now)

const bundlesOf = (person: (typeof people)[number]) => [...person.bundles.values()].flat()
const resourcesOf = (bundles: readonly Bundle[]) =>
  bundles.flatMap(({ entry }) => entry.map(({ resource }) => resource))
const find = (nhsNumber: string) =>
  people.find((person) => person.nhsNumber === nhsNumber) ?? expect.fail(`nobody has ${nhsNumber}`)

describe('the people of the demo', () => {
  test('are a few dozen, each with a story of one paragraph', () => {
    expect(people.length).toBeGreaterThanOrEqual(30)
    expect(people.length).toBeLessThanOrEqual(60)
    for (const { story } of people) expect(story).toMatch(/^[A-Z].{40,250}\.$/i)
    expect(new Set(people.map(({ story }) => story)).size).toBe(people.length)
  })

  test('have valid numbers of their own in the 999 range, in order from the first', () => {
    const numbers = people.map(({ nhsNumber }) => nhsNumber)
    expect(numbers.filter((number) => !isNhsNumber(number))).toEqual([])
    expect(numbers[0]).toBe('9990000018')
    expect(numbers).toEqual([...new Set(numbers)].sort())
    expect(numbers.every((number) => number.startsWith('999'))).toBe(true)
  })

  test('are held where they say they are, and nobody holds the unknown number', () => {
    for (const person of people) {
      expect(person.regions).toEqual([...person.bundles.keys()])
      expect(bundlesOf(person).every(({ entry }) => entry.length > 0)).toBe(true)
    }
    expect(find('9990000050')).toMatchObject({ name: null, regions: [] })
  })

  test('have one demographic record in each region, with the number they are listed by', () => {
    for (const { nhsNumber, bundles } of people) {
      for (const held of bundles.values()) {
        const patients = resourcesOf(held).filter(({ resourceType }) => resourceType === 'Patient')
        expect(patients).toMatchObject([{ identifier: [{ value: nhsNumber }] }])
      }
    }
  })
})

describe('whose dates are partly known', () => {
  test.each([
    '2026-01-01',
    '2026-02-28',
    '2026-03-01',
    '2026-03-29',
    '2026-07-31',
    '2026-12-30',
    '2026-12-31',
    '2028-02-29',
    '2028-12-31',
  ])(
    'are on %s, by the reading that protects, under sixteen and dead for more than 28 days, whatever the rest of the date is',
    (day) => {
      const today = new Date(`${day}T12:00:00Z`)
      const patients = resourcesOf(createPeople(today).flatMap(bundlesOf)).filter(
        ({ resourceType }) => resourceType === 'Patient',
      )
      const patientOf = (nhsNumber: string) =>
        patients.find(({ identifier }) => JSON.stringify(identifier).includes(nhsNumber)) ??
        expect.fail(`nobody has ${nhsNumber}`)
      const { birthDate } = patientOf('9990000522')
      const { deceasedDateTime } = patientOf('9990000530')
      expect([birthDate, deceasedDateTime].map((date) => String(date).length)).toEqual([4, 7])
      expect(toMinAge(String(birthDate), today.getTime())).toBeLessThan(16)
      expect(daysSince(String(deceasedDateTime), today.getTime())).toBeGreaterThan(28)
    },
  )
})

describe('the Bundles of the demo', () => {
  test('are the same whenever they are made on one day', () => {
    expect(toText(createPeople(new Date('2026-11-22T23:59:00Z')))).toBe(toText(people))
  })

  test('are on the next day the same items, every version newer', () => {
    const tomorrow = versionsOf(createPeople(new Date(now.getTime() + dayMs)))
    const today = versionsOf(people)
    expect([...tomorrow.keys()]).toEqual([...today.keys()])
    for (const [item, version] of today)
      expect(Date.parse(tomorrow.get(item) ?? '')).toBeGreaterThan(Date.parse(version))
  })

  test('keep the time of day when the clocks change', () => {
    const summer = createPeople(new Date('2026-07-01T08:00:00Z'))
    const times = summer
      .flatMap(bundlesOf)
      .flatMap((bundle) => JSON.stringify(bundle).match(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\+0\d:00/g) ?? [])
    for (const time of times) {
      const inLondon = new Date(time).toLocaleTimeString('en-GB', {
        timeZone: 'Europe/London',
        hour: '2-digit',
        minute: '2-digit',
      })
      expect(time.slice(11, 16)).toBe(inLondon)
    }
    expect(times.some((time) => time.endsWith('+01:00'))).toBe(true)
  })

  test('say nothing of the future but what is planned', () => {
    for (const resource of resourcesOf(people.flatMap(bundlesOf))) {
      if (resource.resourceType === 'Appointment' || resource.status === 'planned') continue
      // The end of a course of medicine is planned when it is prescribed.
      const { dispenseRequest: _planned, ...said } = resource
      const future = datesIn(said).filter((date) => (toInstantMs(date) ?? 0) > now.getTime())
      expect(future, `${resource.resourceType}/${resource.id}`).toEqual([])
    }
  })

  test('have appointments to come in both regions', () => {
    for (const held of find('9990000018').bundles.values()) {
      const starts = resourcesOf(held).flatMap(({ resourceType, start }) =>
        resourceType === 'Appointment' ? [String(start)] : [],
      )
      expect(starts.length).toBeGreaterThan(0)
      for (const start of starts) expect(Date.parse(start)).toBeGreaterThan(now.getTime())
    }
  })

  test('name each resource once', () => {
    for (const bundle of people.flatMap(bundlesOf)) {
      const urls = bundle.entry.map(({ fullUrl }) => fullUrl)
      expect(new Set(urls).size).toBe(urls.length)
    }
  })

  test('refer only to what is in them, or by identifier', () => {
    for (const bundle of people.flatMap(bundlesOf)) {
      const urls = new Set(bundle.entry.map(({ fullUrl }) => fullUrl))
      const references = JSON.stringify(bundle).match(/(?<="(?:reference|url)":")urn:uuid:[^"]+/g) ?? []
      expect(references.filter((reference) => !urls.has(reference))).toEqual([])
    }
  })
})

describe('the stories', () => {
  test('share items of the practice between regions under the same identifiers, and re-mint them where that is the story', () => {
    expect(sharedItems('9990000026')).toBeGreaterThanOrEqual(6)
    expect(sharedItems('9990000174')).toBe(0)
  })

  test('give the long timeline 150 results and 60 encounters, split over both regions', () => {
    const resources = resourcesOf(bundlesOf(find('9990000425')))
    const count = (type: string) => resources.filter(({ resourceType }) => resourceType === type).length
    expect([count('Observation'), count('Encounter')]).toEqual([150, 60])
  })

  test('replace a document of one region by one of the other', () => {
    const [merseyside = [], lancashire = []] = [...find('9990000212').bundles.values()].map(resourcesOf)
    const [letter] = merseyside
      .filter(({ resourceType }) => resourceType === 'DocumentReference')
      .flatMap(({ identifier }) => identifier)
    const replaced = lancashire.flatMap(({ relatesTo }) => relatesTo ?? [])
    expect(letter).toBeDefined()
    expect(replaced).toMatchObject([{ code: 'replaces', target: { identifier: letter } }])
  })

  test('fill every section of the first person in both regions', () => {
    const needed =
      'AllergyIntolerance Appointment CarePlan Condition DocumentReference Encounter Flag Immunization MedicationRequest Observation Patient Procedure RelatedPerson'
    for (const held of find('9990000018').bundles.values()) {
      const types = new Set(resourcesOf(held).map(({ resourceType }) => resourceType))
      expect(needed.split(' ').filter((type) => !types.has(type))).toEqual([])
    }
  })
})

function toText(made: typeof people): string {
  return JSON.stringify(made.map((person) => ({ ...person, bundles: [...person.bundles] })))
}

function versionsOf(made: typeof people): ReadonlyMap<string, string> {
  return new Map(
    made.flatMap(({ bundles }) =>
      [...bundles].flatMap(([region, held]) =>
        resourcesOf(held)
          .filter(({ resourceType }) => resourceType !== 'Binary')
          .map(({ id, meta }) => [`${region} ${id}`, (meta as { readonly lastUpdated: string }).lastUpdated] as const),
      ),
    ),
  )
}

function sharedItems(nhsNumber: string): number {
  const [first = [], second = []] = [...find(nhsNumber).bundles.values()].map(
    (held) =>
      new Set(
        resourcesOf(held)
          .filter(isItem)
          .map(({ id }) => id),
      ),
  )
  return [...first].filter((id) => new Set(second).has(id)).length
}

function isItem({ resourceType }: Resource): boolean {
  return !['Patient', 'Practitioner', 'PractitionerRole', 'ServiceRequest'].includes(resourceType)
}

/** Every text in the resource that is a date or dateTime, content of documents apart. */
function datesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^\d{4}-\d{2}(-\d{2}(T.*)?)?$/.test(value) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(datesIn) : []
}
