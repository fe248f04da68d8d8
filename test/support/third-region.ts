import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRegions, type RegionConfiguration } from '../../schema/regions.ts'

const schema = join(import.meta.dirname, '../../schema')

/** A region that the repository knows nothing of: neither its code, nor its fields, nor its organisations. */
export const manchester = {
  code: 'GREATER_MANCHESTER',
  slug: 'greater-manchester',
  typePrefix: 'GreaterManchester',
  name: 'Greater Manchester',
  applicationName: 'GM Care Record',
  organisation: { odsCode: 'QOP', name: 'NHS Greater Manchester Integrated Care Board' },
  viewField: 'careRecords',
  documentsField: 'careDocuments',
  countsField: 'careDocumentCounts',
  url: 'http://127.0.0.1:4103',
  timeMs: 2500,
} as const

/** A trust that belongs to Greater Manchester alone, by that region's own file. */
export const manchesterTrust = { odsCode: 'R0A', name: 'Manchester University NHS Foundation Trust' }

const sdl = `
type Query {
  "The records of these people."
  careRecords("The people asked for." nhsNumbers: [NHSNumber!]!): ViewReply!
  "Whose these documents are."
  careDocuments("The documents' public ids." ids: [ID!]!): [DocumentReply!]!
  "How many documents were published."
  careDocumentCounts("The week reported." week: String!, "Days are told from this one on." since: PartialDateTime!): DocumentCounts!
}

extend type Record {
  "The patient has opted out of sharing with the whole region."
  regionOptOut: Boolean!
}
`

/**
 * Writes all that three regions need into a folder: the list, the third region's SDL, rules and organisations, which
 * the list names by relative paths, and the publishers of all three. The third region's rules are those of LPRES, but
 * it shares for direct care alone, not in emergencies.
 */
export function writeThreeRegions(folder: string): {
  readonly regions: readonly RegionConfiguration[]
  readonly publishers: string
} {
  const own = join(folder, 'manchester')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'region.graphql'), sdl)
  writeFileSync(join(own, 'organisations.json'), JSON.stringify({ [manchesterTrust.odsCode]: manchesterTrust.name }))
  const rules = join(own, 'rules')
  cpSync(join(schema, 'policies/lancashire-south-cumbria'), rules, { recursive: true })
  for (const name of readdirSync(rules)) {
    const text = readFileSync(join(rules, name), 'utf8')
    writeFileSync(join(rules, name), toManchester(text))
  }
  const access = readFileSync(join(rules, 'access.cedar'), 'utf8')
  const changed = access.replace(
    'unless { [Purpose::"DIRECT_CARE", Purpose::"EMERGENCY"]',
    'unless { [Purpose::"DIRECT_CARE"]',
  )
  if (changed === access) throw new Error('Expected the rule gm-care-only to name both purposes')
  writeFileSync(join(rules, 'access.cedar'), changed)

  const listed = JSON.parse(readFileSync(join(schema, 'regions.json'), 'utf8'))
  const third = {
    ...manchester,
    sdl: 'manchester/region.graphql',
    policies: 'manchester/rules',
    organisations: 'manchester/organisations.json',
  }
  const list = join(folder, 'regions.json')
  writeFileSync(list, JSON.stringify([...listed, third]))
  const publishers = join(folder, 'publishers.json')
  const office = {
    ...manchester.organisation,
    actsFor: [{ organisation: '*', reason: 'Its people keep the store.' }],
  }
  const listedPublishers = JSON.parse(readFileSync(join(schema, 'publishers.json'), 'utf8'))
  writeFileSync(publishers, JSON.stringify({ ...listedPublishers, [manchester.code]: [office, manchesterTrust] }))
  return { regions: loadRegions(list), publishers }
}

function toManchester(text: string): string {
  return text
    .replaceAll('LANCASHIRE_SOUTH_CUMBRIA', manchester.code)
    .replaceAll('Lancashire & South Cumbria', manchester.name)
    .replaceAll('LPRES', manchester.applicationName)
    .replaceAll('lsc-', 'gm-')
}
