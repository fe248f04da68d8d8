import { type DemoRegion, demoRegions } from '../vocabulary/person.ts'
import { ages, documentsAtScale, programmeDocuments, shares } from './figures.ts'
import { nhsNumbers } from './nhs-numbers.ts'
import { type Place, places } from './places.ts'
import { Random } from './random.ts'

/**
 * What decides who is in which store, and with how many documents; it does not depend on when the population is made.
 */
export interface Outline {
  readonly ordinal: number
  readonly nhsNumber: string
  /** The number that the person had before, where re-numbered. */
  readonly earlierNumber: string | null
  readonly age: number
  readonly birthDate: string
  readonly home: DemoRegion
  readonly place: Place
  /** How many documents each region holds; a region that is absent holds nothing of the person. */
  readonly documents: ReadonlyMap<DemoRegion, number>
}

export interface OutlinesOptions {
  readonly seed: number
  /** 1 is the programme's size. */
  readonly scale: number
}

/** People stand still: counted from today, they would be born on another day in a store that is made on another day. */
const countedFromMs = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000

/** The people, one after another, until each region has exactly the documents of its scale. */
export function* outlines({ seed, scale }: OutlinesOptions): Generator<Outline, void, undefined> {
  const numbers = nhsNumbers()
  const missing = new Map(demoRegions.map((region) => [region, documentsAtScale(region, scale)]))
  const isFull = (region: DemoRegion) => missing.get(region) === 0
  // The region that lacks the greater part of its documents is next, so both are full at the same time.
  const lacks = (region: DemoRegion) => (missing.get(region) ?? 0) / programmeDocuments[region]
  for (let ordinal = 1; !demoRegions.every(isFull); ordinal++) {
    const home = demoRegions.reduce((one, other) => (lacks(other) > lacks(one) ? other : one))
    const random = new Random(seed, ordinal, 1)
    const { from, meanDocuments } = random.choose(ages)
    const age = from + random.below(10)
    const wanted = splitDocuments(random, home, 1 + Math.round(-Math.log(1 - random.next()) * (meanDocuments - 1)))
    const isInBorder = wanted.size > 1 && random.chance(shares.border / (shares.border + shares.treatedAway))
    const documents = new Map([...wanted].map(([region, count]) => [region, Math.min(count, missing.get(region) ?? 0)]))
    for (const [region, count] of documents) missing.set(region, (missing.get(region) ?? 0) - count)
    yield {
      ordinal,
      nhsNumber: numbers.next().value,
      earlierNumber: random.chance(shares.renumbered) ? numbers.next().value : null,
      age,
      birthDate: new Date(countedFromMs - (age * 365.2425 + 1 + random.below(365)) * dayMs).toISOString().slice(0, 10),
      home,
      place: random.choose(isInBorder ? places[home].border : places[home].inland),
      documents,
    }
  }
}

/** Of a person in both regions, each has a part: the first document, the practice's, and a share of the others. */
function splitDocuments(random: Random, home: DemoRegion, count: number): ReadonlyMap<DemoRegion, number> {
  if (!random.chance(shares.border + shares.treatedAway)) return new Map([[home, count]])
  const away = Math.max(1, Math.round((count * random.between(15, 50)) / 100))
  return new Map(demoRegions.map((region) => [region, region === home ? Math.max(1, count - away) : away]))
}
