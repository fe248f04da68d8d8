import type { CooperativeTask } from './cooperative-task.ts'
import { parseTallyKey, toTallyKey } from './day-tallies.ts'
import { type Flow, isSmall, suppress } from './suppress.ts'

/** How often one region's records were asked for and shown, by whom, as it may be published; null is suppressed. */
export interface ViewCounts {
  readonly asked: number | null
  /** The record was shown. */
  readonly views: number | null
  /**
   * By the region that the viewer's organisation is at home in; empty: in none that is configured. Rows that are not
   * there are zero. Null: withheld as a whole, as the following.
   */
  readonly homes: ReadonlyMap<string, number | null> | null
  readonly organisations:
    | readonly { readonly home: string; readonly organisation: string; readonly views: number | null }[]
    | null
  readonly roles: readonly { readonly role: string; readonly views: number | null }[] | null
  readonly outcomes:
    | readonly { readonly status: string; readonly decision: string; readonly views: number | null }[]
    | null
  /**
   * What was asked and not shown is small, and views are told: who knew how often the region was asked would know it.
   */
  readonly isAskedDisclosive: boolean
  /** Requests of the region without a complete result; never published. */
  readonly incompleteCount: number
  /** Whether that may be one more or one less, as far as the outcomes tell. */
  readonly isIncompleteCountHidden: boolean
}

/**
 * Two tables, for views are told by the trend of each week and so are fixed. Outcomes: what was asked, which every
 * region's looks tell, is its outcomes, and those ANSWERED are the views. Viewers: the views are those of each home,
 * each home's those of its organisations, and all organisations' those of all roles. Which homes an organisation may
 * have is no secret, so these are one table to suppress.
 */
export function* countViews(
  cells: ReadonlyMap<string, number>,
  region: string,
  configured: readonly string[],
): CooperativeTask<ViewCounts> {
  const rows = [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => ({ key: parseTallyKey(key), count }))
    .filter(({ key }) => key[1] === region)
  const views = cells.get(toTallyKey('VIEWS', region)) ?? 0
  return {
    views: isSmall(views) ? null : views,
    ...(yield* countOutcomes(rows, views)),
    ...(yield* countViewers(rows, views, configured)),
  }
}

type Rows = readonly { readonly key: readonly string[]; readonly count: number }[]

function* countOutcomes(
  rows: Rows,
  views: number,
): CooperativeTask<
  Pick<ViewCounts, 'asked' | 'outcomes' | 'isAskedDisclosive' | 'incompleteCount' | 'isIncompleteCountHidden'>
> {
  const outcomes = filterRows(rows, 'OUTCOME').map(({ key: [, , status = '', decision = ''], count }) => ({
    status,
    decision,
    count,
  }))
  const asked = sumCounts(outcomes)
  const notWholeOnes = outcomes.filter(({ status }) => !isCompleteStatus(status))
  const shown = yield* suppress([
    { from: 'asked', to: 'outcomes', count: asked, mustPublish: true },
    { from: 'answered', to: 'asked', count: views, mustPublish: true },
    ...outcomes.map(({ status, count }) => ({
      from: 'outcomes',
      to: status === 'ANSWERED' ? 'answered' : 'asked',
      count,
    })),
  ])
  const isHidden = (isIn: (status: string) => boolean) =>
    !shown || outcomes.some(({ status }, index) => isIn(status) && (shown[2 + index] ?? null) === null)
  return {
    asked: isSmall(asked) ? null : asked,
    outcomes:
      shown && outcomes.map(({ status, decision }, index) => ({ status, decision, views: shown[2 + index] ?? null })),
    isAskedDisclosive: !isSmall(views) && isSmall(asked - views),
    incompleteCount: sumCounts(notWholeOnes),
    isIncompleteCountHidden:
      isHidden((status) => !isCompleteStatus(status)) && isHidden((status) => status === 'NOT_KNOWN'),
  }
}

function* countViewers(
  rows: Rows,
  views: number,
  configured: readonly string[],
): CooperativeTask<Pick<ViewCounts, 'homes' | 'organisations' | 'roles'>> {
  const organisations = filterRows(rows, 'ORGANISATION').map(({ key: [, , home = '', organisation = ''], count }) => ({
    home: configured.includes(home) ? home : '',
    organisation,
    count,
  }))
  const roles = filterRows(rows, 'ROLE').map(({ key: [, , role = ''], count }) => ({ role, count }))
  const homes = new Map<string, number>()
  for (const { home, count } of organisations) homes.set(home, (homes.get(home) ?? 0) + count)

  const flows: Flow[] = []
  const publish = (flow: Flow) => flows.push(flow) - 1
  publish({ from: 'roles', to: 'views', count: views, mustPublish: true })
  const places = {
    homes: new Map([...homes].map(([home, count]) => [home, publish({ from: 'views', to: `home ${home}`, count })])),
    organisations: organisations.map(({ home, count }) => publish({ from: `home ${home}`, to: 'viewers', count })),
    roles: roles.map(({ count }) => publish({ from: 'viewers', to: 'roles', count })),
  }
  const shown = yield* suppress(flows)
  if (!shown) return { homes: null, organisations: null, roles: null }
  const at = (place: number | undefined) => (place === undefined ? null : (shown[place] ?? null))
  return {
    homes: new Map([...places.homes].map(([home, place]) => [home, at(place)])),
    organisations: organisations.map(({ home, organisation }, index) => ({
      home,
      organisation,
      views: at(places.organisations[index]),
    })),
    roles: roles.map(({ role }, index) => ({ role, views: at(places.roles[index]) })),
  }
}

function filterRows(rows: Rows, measure: string): Rows {
  return rows.filter(({ key }) => key[0] === measure)
}

function isCompleteStatus(status: string): boolean {
  return status === 'ANSWERED' || status === 'NOT_KNOWN'
}

function sumCounts(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}
