import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { printTimelinePosition } from '../../schema/timeline-position.ts'
import { decideAccess } from '../consent/decide-access.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionLoader } from '../regions/region-loader.ts'
import type { ViewAsk } from '../regions/view-ask.ts'
import type { LocationProtection } from './location-protection.ts'
import { createPatientView, type PatientView, readCursor } from './patient-view.ts'
import type { ViewPlan } from './plan-view.ts'
import { sectionTable } from './section-table.ts'
import type { CursorCodec } from './timeline-cursor.ts'
import { toRegionPart, toUnaskedPart } from './to-region-part.ts'

export interface ViewPatientsOptions {
  readonly nhsNumbers: readonly string[]
  /** What the viewer holds the birth date to be; for one patient. */
  readonly birthDate: string | null
  readonly context: AccessContext
  /** Codes of the regions to ask; null for all. */
  readonly regions: readonly string[] | null
  readonly holder: TokenHolder
  readonly plan: ViewPlan
  readonly clients: readonly RegionClient[]
  readonly loader: RegionLoader
  readonly cursors: CursorCodec
  readonly protectLocation: LocationProtection
}

const largestPage = 100

/** Asks every region that may be asked, at once, and makes a view of each number, in the order asked. */
export async function viewPatients(options: ViewPatientsOptions): Promise<readonly PatientView[]> {
  const { nhsNumbers, birthDate, context, regions, holder, plan, clients, loader, cursors, protectLocation } = options
  const distinct = [...new Set(nhsNumbers)]
  const ask: ViewAsk = { nhsNumbers: distinct, context, sections: plan.sections.map((section) => withPositions(section, distinct, cursors)), records: plan.records }
  const decision = decideAccess(holder, context)
  const partsOf = await Promise.all(
    clients.map(async (client) => {
      const unasked = whyUnasked(client.region, regions, decision.code !== 'PERMITTED')
      if (unasked) return () => toUnaskedPart(client.region, unasked === 'refused' ? decision : null)
      const outcome = await loader.load({ client, ask })
      return (index: number) => toRegionPart(client.region, outcome, index)
    }),
  )
  const views = new Map(
    distinct.map((askedNhsNumber, index) => [
      askedNhsNumber,
      createPatientView({ askedNhsNumber, birthDate, plan, parts: partsOf.map((partOf) => partOf(index)), cursors, protectLocation }),
    ]),
  )
  return nhsNumbers.flatMap((nhsNumber) => views.get(nhsNumber) ?? [])
}

function whyUnasked(region: RegionConfiguration, regions: readonly string[] | null, refused: boolean): 'left out' | 'refused' | null {
  if (regions && !regions.includes(region.code)) return 'left out'
  return refused ? 'refused' : null
}

/** A timeline's page size checked, and its cursor read into the position of each region. */
function withPositions(section: ViewPlan['sections'][number], nhsNumbers: readonly string[], cursors: CursorCodec): ViewAsk['sections'][number] {
  const { field, args } = section
  if (sectionTable[field]?.form !== 'timeline') return { ...section, after: new Map() }
  const first = Number(args.first)
  if (!(first >= 1 && first <= largestPage)) throw fault('FIRST_OUT_OF_RANGE', `${field}: expected first between 1 and ${largestPage}.`)
  if (args.after === null || args.after === undefined) return { ...section, after: new Map() }
  const [nhsNumber, ...others] = nhsNumbers
  if (nhsNumber === undefined || others.length > 0) throw fault('BAD_CURSOR', `${field}: a cursor belongs to one patient; ask for that patient alone.`)
  const positions = readCursor(cursors, nhsNumber, field, args)
  return { ...section, after: new Map([...positions].map(([region, position]) => [region, printTimelinePosition(position)])) }
}
