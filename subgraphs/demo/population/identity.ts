import type { Organisation } from '../vocabulary/organisation.ts'
import { type Difference, differences, shares } from './figures.ts'
import { familyNames, givenNames, streets } from './names.ts'
import type { Outline } from './outlines.ts'
import { Random } from './random.ts'

/** Who a person is; the same for every region. */
export interface Identity {
  readonly sex: 'female' | 'male'
  readonly title: string
  readonly given: readonly string[]
  readonly family: string
  readonly address: Address
  readonly phone: string
  readonly practice: Organisation
  readonly sensitive: boolean
  /** Null while alive. */
  readonly diedDaysAgo: number | null
  readonly optedOutOf: { readonly lancashire: boolean; readonly organisation: boolean }
  /**
   * The regions of a person in both: the other one's feed gave the practice's items other identifiers; says otherwise
   * who this is.
   */
  readonly reminted: boolean
  readonly difference: Difference | null
  /** What is said otherwise there: an address, a name, a phone or a practice. */
  readonly otherwise: Pick<Identity, 'address' | 'family' | 'phone' | 'practice'>
}

export interface Address {
  readonly line: string
  readonly town: string
  readonly postcode: string
}

export function toIdentity(outline: Outline, seed: number): Identity {
  const random = new Random(seed, outline.ordinal, 2)
  const sex = random.chance(0.51) ? 'female' : 'male'
  const isInBoth = outline.documents.size > 1
  const said = () => ({
    family: random.pick(familyNames),
    address: toAddress(random, outline),
    phone: `07700 900${String(random.below(1000)).padStart(3, '0')}`,
    practice: random.pick(outline.place.practices),
  })
  return {
    ...said(),
    otherwise: said(),
    sex,
    title:
      outline.age < 16
        ? sex === 'female'
          ? 'Miss'
          : 'Master'
        : sex === 'male'
          ? 'Mr'
          : random.pick(['Mrs', 'Miss', 'Ms']),
    given: toGivenNames(random, sex, outline),
    sensitive: random.chance(shares.sensitive),
    diedDaysAgo: random.chance(outline.age < 40 ? 0 : shares.deceased * (outline.age < 80 ? 1 : 10))
      ? 3 + Math.floor(1000 * random.next() ** 2)
      : null,
    optedOutOf: {
      lancashire: random.chance(shares.optOutOfRegion),
      organisation: random.chance(shares.optOutOfOrganisation),
    },
    reminted: isInBoth && random.chance(shares.reminted),
    difference: isInBoth && random.chance(shares.differing) ? random.choose(differences) : null,
  }
}

function toGivenNames(random: Random, sex: 'female' | 'male', { birthDate }: Outline): readonly string[] {
  const born = Number(birthDate.slice(0, 4))
  const names = givenNames[sex].find(({ before }) => born < before)?.names ?? []
  const [first, second] = [random.pick(names), random.pick(names)]
  return first === second || random.chance(0.4) ? [first] : [first, second]
}

function toAddress(random: Random, { place }: Outline): Address {
  const letters = 'ABDEFGHJLNPQRSTUWXYZ'
  const letter = () => letters[random.below(letters.length)]
  return {
    line: `${random.between(1, 180)} ${random.pick(streets)}`,
    town: place.town,
    postcode: `${random.pick(place.outcodes)} ${random.between(1, 9)}${letter()}${letter()}`,
  }
}
