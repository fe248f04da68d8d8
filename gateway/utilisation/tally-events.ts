import { toLondonDay } from '../../schema/london-day.ts'
import type { AccessEvent, TrailEntry } from '../audit/audit-event.ts'
import { type DayTallies, toTallyKey } from './day-tallies.ts'
import { toLatencyBucket } from './latency-buckets.ts'

/** Adds up events of one writer, in their order. */
export interface EventTally {
  add(entry: Pick<TrailEntry, 'time' | 'event'>): void
  /** The last look is over. */
  finish(): void
}

/** A look is the views of one patient in one request; its regions' events lie next to each other. */
interface OpenPatientView {
  readonly requestId: string
  readonly nhsNumber: string | null
  readonly day: string
  readonly regions: Set<string>
  complete: boolean
}

/** The name of a role, and when an event had it last. */
export interface RoleName {
  readonly display: string
  readonly atMs: number
}

/**
 * Adds events to tallies by London's days: numbers, regions, organisations, roles and codes; nothing of a patient or a
 * person, and no text but roles' names, of which it keeps the most recent by code.
 */
export function createEventTally(tallies: DayTallies, roleNames = new Map<string, RoleName>()): EventTally {
  const count = (day: string, ...key: readonly string[]) => {
    const cells = tallies.get(day) ?? new Map<string, number>()
    tallies.set(day, cells)
    const name = toTallyKey(...key)
    cells.set(name, (cells.get(name) ?? 0) + 1)
  }
  let openView: OpenPatientView | null = null
  const finish = () => {
    if (openView) count(openView.day, openView.complete ? 'COMPLETE' : 'INCOMPLETE')
    openView = null
  }
  const addToOpenView = (event: AccessEvent, day: string, region: string) => {
    // The same region again: one request names the patient twice.
    if (
      openView &&
      (openView.requestId !== event.requestId || openView.nhsNumber !== event.nhsNumber || openView.regions.has(region))
    )
      finish()
    openView ??= { requestId: event.requestId, nhsNumber: event.nhsNumber, day, regions: new Set(), complete: true }
    openView.regions.add(region)
    if (!isCompleteEvent(event)) openView.complete = false
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
      addToOpenView(event, day, region)
      count(day, 'OUTCOME', region, status, decision.code)
      if (latencyMs !== null && answeredFrom === 'REGION')
        count(day, 'LATENCY', region, String(toLatencyBucket(latencyMs)))
      if (status !== 'ANSWERED') return
      count(day, 'VIEWS', region)
      // An organisation of several regions is at home in each; of none, in none.
      const home = organisation.regions.includes(region) ? region : (organisation.regions[0] ?? '')
      count(day, 'ORGANISATION', region, home, organisation.odsCode)
      count(day, 'ROLE', region, role.code)
      addRoleName(roleNames, role.code, role.display, Date.parse(time))
    },
    finish: finish,
  }
}

/** Adds the name of a role, where it is not older than the one known. */
export function addRoleName(names: Map<string, RoleName>, code: string, display: string | null, atMs: number): void {
  if (display !== null && atMs >= (names.get(code)?.atMs ?? 0)) names.set(code, { display, atMs })
}

function isCompleteEvent({ status, withheld }: AccessEvent): boolean {
  return (status === 'ANSWERED' || status === 'NOT_KNOWN') && withheld.length === 0
}
