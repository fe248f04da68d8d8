import { accessStories } from './stories/access.ts'
import { allergies } from './stories/allergies.ts'
import { borderPatients } from './stories/border-patients.ts'
import { consentStories } from './stories/consent.ts'
import { documentStories } from './stories/documents.ts'
import { duplicatesAndRetractions } from './stories/duplicates-and-retractions.ts'
import { identityStories } from './stories/identity.ts'
import { medicineStories } from './stories/medicines.ts'
import { timelines } from './stories/timelines.ts'
import { type Bundle, toBundles } from './vocabulary/bundle.ts'
import { Calendar } from './vocabulary/moment.ts'
import { viewersOrganisation } from './vocabulary/organisation.ts'
import { type DemoRegion, demoRegions, type Person } from './vocabulary/person.ts'

/** A made-up person of the demo, and what is to be published of them. */
export interface DemoPerson {
  readonly nhsNumber: string
  /** Null for a number that nobody knows. */
  readonly name: string | null
  /** What to see, in a plain sentence. */
  readonly story: string
  /** The slugs of the regions that hold something. */
  readonly regions: readonly DemoRegion[]
  /** By region slug: FHIR R4 transaction Bundles, one for each organisation that publishes. */
  readonly bundles: ReadonlyMap<string, readonly Bundle[]>
  /** By slug of the regions that ask for it: ODS codes of the organisations that the person permits to look. */
  readonly permits: ReadonlyMap<string, readonly string[]>
}

/**
 * The demo's people, all in the 999 range, with dates relative to the day of `now` in Europe/London. The same day makes
 * the same Bundles; on a later day every item is a newer version of itself, so publishing again moves the dates along.
 */
export function createPeople(now: Date): readonly DemoPerson[] {
  const calendar = new Calendar(now)
  return stories.map((person) => toDemoPerson(person, calendar))
}

const stories: readonly Person[] = [
  ...borderPatients,
  ...allergies,
  ...medicineStories,
  ...duplicatesAndRetractions,
  ...identityStories,
  ...documentStories,
  ...consentStories,
  ...timelines,
  ...accessStories,
]

/** They ask for the patient's permission to view. */
const asking: readonly DemoRegion[] = ['cheshire-merseyside']

function toDemoPerson(person: Person, calendar: Calendar): DemoPerson {
  const { nhsNumber, story, identity, permits = [viewersOrganisation] } = person
  const regions = demoRegions.filter((slug) => person.holds[slug] !== undefined)
  return {
    nhsNumber,
    name: identity === null ? null : `${identity.title} ${identity.given} ${identity.family}`,
    story,
    regions,
    bundles: new Map(regions.map((slug) => [slug, toBundles(person, slug, calendar)])),
    permits: new Map(
      regions.filter((slug) => asking.includes(slug)).map((slug) => [slug, permits.map(({ odsCode }) => odsCode)]),
    ),
  }
}
