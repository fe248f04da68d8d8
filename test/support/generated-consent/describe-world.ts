import { type Holding, type ItemModel, type PatientModel, regions, type ViewerModel, type World } from './model.ts'

/** A world in words, a line for each fact that is out of the ordinary. @0 and @1 are the viewers' organisations. */
export function describeWorld({ patients, viewers, changes, asks }: World): string {
  return [
    ...viewers.map(tellViewer),
    ...patients.flatMap(tellPatient),
    ...changes.map(
      (change) =>
        `First: viewer ${change.viewer} ${change.kind === 'glass' ? `breaks the glass (${change.barrier}, ${change.reason})` : `records permission (${change.basis})`} for patient ${change.patient} in ${change.region}`,
    ),
    ...asks.map(
      (ask, index) =>
        `Ask ${index}: viewer ${ask.viewer}, ${ask.shape} of patient ${ask.patient}${tellFacts({ regions: ask.regions, ...ask.filters, ...(ask.shape === 'pages' ? { timeline: ask.timeline, first: ask.first } : {}) })}`,
    ),
  ].join('\n')
}

function tellViewer(
  { person, role, organisation, areaOfWork, tokenPurpose, self, access }: ViewerModel,
  index: number,
): string {
  return `Viewer ${index}: ${index === 1 && person === 0 ? 'the same person, ' : ''}${role} at ${organisation}${tellFacts({ areaOfWork, tokenPurpose, self, ...access })}`
}

function tellPatient({ asked, born, holdings, items }: PatientModel, index: number): readonly string[] {
  return [
    `Patient ${index}: born ${born.yearsAgo} years ago today and ${born.daysLater} days${asked === 'earlier' ? ', asked by the earlier number' : ''}`,
    ...regions.map(({ code, name }) => `  ${name} holds it under ${tellHolding(holdings[code])}`),
    ...items.map((item, place) => `  item ${place}: ${tellItem(item)}`),
  ]
}

function tellHolding({ under, demographics, ...holding }: Holding): string {
  const { verification = '01', ...others } = demographics ?? {}
  return `${under}${demographics ? '' : ', without demographics'}${tellFacts({ ...(verification === '01' ? {} : { verification }), ...others, ...holding })}`
}

function tellItem({ section, daysAgo, versions }: ItemModel): string {
  const held = regions.flatMap(({ code, name }) => {
    const version = versions[code]
    if (!version) return []
    const { source, lifecycle, ...facts } = version
    return `${lifecycle === 'current' ? '' : `${lifecycle} `}in ${name} from ${source || 'nobody known'}${tellFacts(facts)}`
  })
  return `${section}, ${daysAgo === null ? 'undated' : `${daysAgo} days ago`}, ${held.join('; ')}`
}

/** The facts that say something: not null, false or empty. */
function tellFacts(facts: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(facts).filter(
    ([, value]) =>
      value !== null && value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
  )
  return said.map(([name, value]) => `, ${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('')
}
