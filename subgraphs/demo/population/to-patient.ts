import type { PublishedPatient } from '../../store/record-store.ts'
import type { DemoRegion } from '../vocabulary/person.ts'
import { identifierSystem, nhsNumberSystem } from '../vocabulary/resource.ts'
import type { Days } from './days.ts'
import { shares } from './figures.ts'
import type { Identity } from './identity.ts'
import type { Outline } from './outlines.ts'
import type { Random } from './random.ts'

export interface ToPatientOptions {
  readonly outline: Outline
  readonly identity: Identity
  readonly region: DemoRegion
  readonly days: Days
  /** The region's own. */
  readonly random: Random
}

/** The demographic record as a region has it, which in the region that is not the person's own may differ. */
export function toPatient({ outline, identity, region, days, random }: ToPatientOptions): PublishedPatient {
  const { nhsNumber, earlierNumber, birthDate, home, place } = outline
  const { difference } = identity
  const differs = (what: Identity['difference']) => region !== home && difference === what
  const { family } = differs('family name') ? identity.otherwise : identity
  const { address } = differs('address') ? identity.otherwise : identity
  const { phone } = differs('phone') ? identity.otherwise : identity
  const { practice } = differs('practice') ? identity.otherwise : identity
  const gender = identity.sex === 'female' ? 'FEMALE' : 'MALE'
  return {
    entry: 0,
    nhsNumber,
    verification: random.chance(shares.unverified) ? random.pick(['02', '03', '04', '05']) : '01',
    supersedes: earlierNumber === null ? [] : [earlierNumber],
    sensitive: identity.sensitive,
    localIdentifiers: [
      {
        system: identifierSystem(place.acute).replace('record', 'patient'),
        value: String(1_000_000 + outline.ordinal),
      },
    ],
    fields: {
      name: {
        full: [identity.title, ...identity.given, family].join(' '),
        family,
        given: identity.given,
        prefix: [identity.title],
      },
      birthDate: differs('birth date') ? otherDay(birthDate) : birthDate,
      deceased: identity.diedDaysAgo !== null,
      deceasedAt: identity.diedDaysAgo === null ? null : days.on(identity.diedDaysAgo).text,
      gender: differs('gender') ? 'UNKNOWN' : gender,
      address: { lines: [address.line], city: address.town, postcode: address.postcode },
      telecom: [{ system: 'phone', value: phone, use: 'mobile' }],
      gpPractice: practice,
      identifier: { system: nhsNumberSystem, value: nhsNumber },
      version: null,
      lastUpdated: new Date(days.at(2, 720).ms).toISOString(),
      organisation: practice,
    },
  }
}

/** As mistyped: the tens of the day or its units. */
function otherDay(date: string): string {
  const day = Number(date.slice(8))
  return date.slice(0, 8) + String(day > 10 ? day - 10 : day + 10).padStart(2, '0')
}
