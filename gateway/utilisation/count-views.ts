import { parseTallyKey, tallyKey } from './day-tallies.ts'
import { type Flow, suppress } from './suppress.ts'

/** How often one region's records were asked for and shown, by whom, as it may be published; null is suppressed. */
export interface ViewCounts {
  readonly asked: number | null
  /** The record was shown. */
  readonly views: number | null
  /** By the region that the viewer's organisation is at home in; empty: in none that is configured. Rows that are not there are zero. Null: withheld as a whole, as the following. */
  readonly homes: ReadonlyMap<string, number | null> | null
  readonly organisations: readonly { readonly home: string; readonly organisation: string; readonly views: number | null }[] | null
  readonly roles: readonly { readonly role: string; readonly views: number | null }[] | null
  readonly outcomes: readonly { readonly status: string; readonly decision: string; readonly views: number | null }[] | null
}

/**
 * The sums: what was asked is its outcomes; those ANSWERED are the views; the views are those of each home, each home's those of its
 * organisations, and all organisations' those of all roles. Which homes an organisation may have is no secret, so these are one table to suppress.
 */
export function countViews(cells: ReadonlyMap<string, number>, region: string, configured: readonly string[]): ViewCounts {
  const rows = [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => ({ key: parseTallyKey(key), count }))
    .filter(({ key }) => key[1] === region)
  const rowsOf = (measure: string) => rows.filter(({ key }) => key[0] === measure)
  const views = cells.get(tallyKey('VIEWS', region)) ?? 0
  const outcomes = rowsOf('OUTCOME').map(({ key: [, , status = '', decision = ''], count }) => ({ status, decision, count }))
  const organisations = rowsOf('ORGANISATION').map(({ key: [, , home = '', organisation = ''], count }) => ({ home: configured.includes(home) ? home : '', organisation, count }))
  const roles = rowsOf('ROLE').map(({ key: [, , role = ''], count }) => ({ role, count }))
  const homes = new Map<string, number>()
  for (const { home, count } of organisations) homes.set(home, (homes.get(home) ?? 0) + count)
  const asked = outcomes.reduce((sum, { count }) => sum + count, 0)

  const flows: Flow[] = []
  const publish = (flow: Flow) => flows.push(flow) - 1
  const places = {
    asked: publish({ from: 'asked', to: 'outcomes', count: asked }),
    outcomes: outcomes.map(({ status, count }) => publish({ from: 'outcomes', to: status === 'ANSWERED' ? 'answered' : 'asked', count })),
    views: publish({ from: 'answered', to: 'views', count: views, kept: true }),
    homes: new Map([...homes].map(([home, count]) => [home, publish({ from: 'views', to: `home ${home}`, count })])),
    organisations: organisations.map(({ home, count }) => publish({ from: `home ${home}`, to: 'viewers', count })),
    roles: roles.map(({ count }) => publish({ from: 'viewers', to: 'asked', count })),
  }
  const shown = suppress(flows)
  if (!shown) return { asked: null, views: suppress([{ from: '', to: '', count: views, kept: true }])?.[0] ?? null, homes: null, organisations: null, roles: null, outcomes: null }
  const at = (place: number | undefined) => (place === undefined ? null : (shown[place] ?? null))
  return {
    asked: shown[places.asked] ?? null,
    views: shown[places.views] ?? null,
    homes: new Map([...places.homes].map(([home, place]) => [home, at(place)])),
    organisations: organisations.map(({ home, organisation }, index) => ({ home, organisation, views: at(places.organisations[index]) })),
    roles: roles.map(({ role }, index) => ({ role, views: at(places.roles[index]) })),
    outcomes: outcomes.map(({ status, decision }, index) => ({ status, decision, views: at(places.outcomes[index]) })),
  }
}
