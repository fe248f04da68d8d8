import { toLondonDay } from '../../schema/london-day.ts'
import type { AccessEvent, TrailEntry } from '../audit/audit-event.ts'
import { type DayTallies, tallyKey } from './day-tallies.ts'
import { toLatencyBucket } from './latency-buckets.ts'

/** Adds up events of one writer, in their order. */
export interface EventTally {
  add(entry: Pick<TrailEntry, 'time' | 'event'>): void
  /** The last look is over. */
  end(): void
}

/** A look is the views of one patient in one request; its regions' events lie next to each other. */
interface Look {
  readonly requestId: string
  readonly nhsNumber: string | null
  readonly day: string
  readonly regions: Set<string>
  complete: boolean
}

/** Adds events to tallies by London's days: numbers, regions, organisations, roles and codes; nothing of a patient, a person or a text. */
export function createEventTally(tallies: DayTallies): EventTally {
  const count = (day: string, ...key: readonly string[]) => {
    const cells = tallies.get(day) ?? new Map<string, number>()
    tallies.set(day, cells)
    const name = tallyKey(...key)
    cells.set(name, (cells.get(name) ?? 0) + 1)
  }
  let look: Look | null = null
  const end = () => {
    if (look) count(look.day, look.complete ? 'COMPLETE' : 'INCOMPLETE')
    look = null
  }
  const addToLook = (event: AccessEvent, day: string, region: string) => {
    // The same region again: the patient was asked for twice in one request.
    if (look && (look.requestId !== event.requestId || look.nhsNumber !== event.nhsNumber || look.regions.has(region))) end()
    look ??= { requestId: event.requestId, nhsNumber: event.nhsNumber, day, regions: new Set(), complete: true }
    look.regions.add(region)
    if (!isWhole(event)) look.complete = false
  }
  return {
    add({ time, event }) {
      if (event.kind !== 'VIEW' && event.kind !== 'DOCUMENT' && event.kind !== 'BREAK_GLASS') return
      const { kind, region, status, decision, organisation, role, latencyMs, answeredFrom } = event
      if (region === null) return
      const day = toLondonDay(Date.parse(time))
      if (kind === 'DOCUMENT' && status === 'ANSWERED') count(day, 'OPENED', region)
      if (kind === 'BREAK_GLASS' && status === 'DONE') count(day, 'GLASS', region)
      if (kind !== 'VIEW') return
      addToLook(event, day, region)
      count(day, 'OUTCOME', region, status, decision.code)
      if (latencyMs !== null && answeredFrom === 'REGION') count(day, 'LATENCY', region, String(toLatencyBucket(latencyMs)))
      if (status !== 'ANSWERED') return
      count(day, 'VIEWS', region)
      // An organisation of several regions is at home in each; of none, in none.
      const home = organisation.regions.includes(region) ? region : (organisation.regions[0] ?? '')
      count(day, 'ORGANISATION', region, home, organisation.odsCode)
      count(day, 'ROLE', region, role.code)
    },
    end,
  }
}

function isWhole({ status, withheld }: AccessEvent): boolean {
  return (status === 'ANSWERED' || status === 'NOT_KNOWN') && withheld.length === 0
}
