import { loadRegions } from '../../schema/regions.ts'
import { createPeople } from './create-people.ts'

// npm run people: the demo's people worth looking at, one JSON object a line; regions as in the public schema.
const codes = new Map(loadRegions().map(({ slug, code }) => [slug, code]))
for (const { nhsNumber, story, regions } of createPeople(new Date())) {
  console.log(JSON.stringify({ nhsNumber, story, regions: regions.flatMap((slug) => codes.get(slug) ?? []) }))
}
