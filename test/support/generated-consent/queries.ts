import type { RegionCode } from './model.ts'
import { sections } from './sections.ts'

const itemParts = `fragment ItemParts on Item {
  id
  sources { region organisation { odsCode name } identifier { system value } }
  possibleDuplicates
  conflicts { field values { region value } }
  retractedElsewhere { region organisation { odsCode name } identifier { system value } }
}`
const answerParts =
  'fragment AnswerParts on Section { complete message answers { region section answer withheld truncated } }'
const completenessParts = `fragment CompletenessParts on Completeness {
  complete
  message
  regions { region { code } status message decision { code rules policyVersion grant breakGlass { barrier reasons } } }
}`

const sectionText = ({ field, args, mark, also }: (typeof sections)[number]): string => {
  const timeline = args.includes('$first') ? 'pageInfo { hasNextPage endCursor }' : ''
  const node = `${mark} ${field === 'contacts' ? 'organisation { odsCode name }' : ''} ${also} ${field === 'documents' ? 'content { sha256 url }' : ''}`
  return `${field}${args} { ...AnswerParts nodes { ...ItemParts ${node} } ${timeline} }`
}

// The same in a region's own words. Under an alias of its own, for the regions' enums have one name and two types.
const recordText = (region: RegionCode) =>
  sections
    .map(({ field, recordArgs, mark, also }) => {
      const own = field === 'contacts' ? 'worksFor { odsCode name }' : ''
      return `${recordAlias(region, field)}: ${field}${recordArgs} { answer withheld nodes { id organisation { odsCode name } identifier { value } ${mark} ${own} ${also} } }`
    })
    .join('\n')

/** Under which alias a region's record answers a section. */
export function recordAlias(region: RegionCode, field: string): string {
  return `${region.toLowerCase()}_${field}`
}

const demographicsText = `demographics {
  name { full }
  birthDate
  locationProtected
  address { lines city postcode }
  telecom { value }
  gpPractice { odsCode name }
  sources { region organisation { odsCode name } }
  conflicts { field values { region value } }
}`

/** Everything of a patient, through fragments within fragments. */
const fragments = `
fragment Everything on Patient { ...Head ... { ...Lists ... on Patient @include(if: true) { ...Timelines } } }
fragment Head on Patient { presence completeness { ...CompletenessParts } ${demographicsText} }
fragment Lists on Patient { ${sections
  .filter(({ args }) => !args.includes('$first'))
  .map(sectionText)
  .join('\n')} }
fragment Timelines on Patient { ${sections
  .filter(({ args }) => args.includes('$first'))
  .map(sectionText)
  .join('\n')} }
${itemParts}
${answerParts}
${completenessParts}`

const recordsText = `records {
  region { code }
  nhsNumber
  localIdentifiers { system value }
  ... on CheshireMerseysideRecord { organisationOptOuts { odsCode } ${recordText('CHESHIRE_MERSEYSIDE')} }
  ... on LancashireSouthCumbriaRecord { regionOptOut socialCarePlans { id title } ${recordText('LANCASHIRE_SOUTH_CUMBRIA')} }
}`

const variables =
  '$access: AccessContext, $regions: [RegionCode!], $first: Int, $after: String, $statuses: [ProblemStatus!], $results: ResultFilter, $encounters: EncounterFilter, $documents: DocumentFilter'
const args = 'access: $access, regions: $regions'

export const wholeQuery = `query Whole($number: NHSNumber!, ${variables}) { patient(nhsNumber: $number, ${args}) { ...Everything ${recordsText} } } ${fragments}`

export const wardQuery = `query Ward($numbers: [NHSNumber!]!, ${variables}) { patients(nhsNumbers: $numbers, ${args}) { askedNhsNumber ...Everything } } ${fragments}`

export const aliasesQuery = `query Aliases($number: NHSNumber!, $other: NHSNumber!, ${variables}) {
  one: patient(nhsNumber: $number, ${args}) { ...Everything }
  other: patient(nhsNumber: $other, ${args}) { ...Everything }
  again: patient(nhsNumber: $number, ${args}) { ...Head ...Timelines more: documents(first: 50, filter: $documents) { nodes { title } } }
} ${fragments}`

/** A page of one timeline. */
export function pageQuery(timeline: string): string {
  const text = sections.filter(({ field }) => field === timeline).map(sectionText)
  return `query Page($number: NHSNumber!, $access: AccessContext, $regions: [RegionCode!], $first: Int, $after: String, $filter: ${filterTypes[timeline]}) {
    patient(nhsNumber: $number, ${args}) { presence completeness { ...CompletenessParts } ${text.join('').replace(`$${timeline}`, '$filter')} }
  } ${itemParts} ${answerParts} ${completenessParts}`
}
const filterTypes: Readonly<Record<string, string>> = {
  results: 'ResultFilter',
  encounters: 'EncounterFilter',
  documents: 'DocumentFilter',
}

/** Documents by their ids, all at once. */
export function documentsQuery(count: number): string {
  const places = Array.from({ length: count }, (_, index) => index)
  const fields = places.map((index) => `d${index}: document(id: $d${index}, access: $access) { ...Found }`)
  return `query Documents($access: AccessContext, ${places.map((index) => `$d${index}: ID!`).join(', ')}) { ${fields.join(' ')} }
  fragment Found on DocumentAnswer { status message document { ...ItemParts title contentAnswer content { sha256 url } } } ${itemParts}`
}

export const permissionMutation =
  'mutation Permit($input: RecordPermissionInput!) { change: recordPermission(input: $input) { status message until } }'
export const glassMutation =
  'mutation Break($input: BreakGlassInput!) { change: breakGlass(input: $input) { status message grant until breakGlass { barrier reasons } } }'
