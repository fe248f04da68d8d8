import { fault } from '../../schema/graphql-errors.ts'
import { toLondonDay } from '../../schema/london-day.ts'
import {
  listPeriodsUntil,
  parseWeek,
  type ReportingPeriod,
  toPeriodBounds,
  toWeek,
} from '../../schema/reporting-period.ts'
import { gatewayRoutes } from '../../schema/service/routes.ts'
import { toDefaultContext } from '../consent/default-context.ts'
import type { Page } from '../pages/render-page.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { Resolvers } from '../request/resolvers.ts'
import { buildReport, type RegionCounts } from './build-report.ts'
import { toFirstDayOfTrend } from './build-trend.ts'
import { runInSlices } from './cooperative-task.ts'
import type { TrailTallies } from './trail-tallies.ts'

export interface UtilisationResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly tallies: TrailTallies
  readonly now: () => number
}

/**
 * The weekly report; its field asks for the scope `reports`. Throws BAD_WEEK. The report names a region that does not
 * send its counts.
 */
export function createUtilisationResolvers({ clients, tallies, now }: UtilisationResolversOptions): Resolvers {
  return {
    Query: {
      utilisation: async (_, { week: name }: { readonly week?: string | null }, request: RequestContext) => {
        const nowMs = now()
        const week = toReportWeek(name, nowMs)
        const since = toFirstDayOfTrend(week)
        const [trail, regions] = await Promise.all([
          tallies.read(),
          Promise.all(clients.map((client) => countDocuments(client, { week, since }, request))),
        ])
        return runInSlices(buildReport({ week, nowMs, trail, regions }))
      },
    },
  }
}

async function countDocuments(
  client: RegionClient,
  { week, since }: { readonly week: ReportingPeriod; readonly since: string },
  request: RequestContext,
): Promise<RegionCounts> {
  const { region } = client
  const credentials = await request.credentialsFor(region.code, toDefaultContext(request.holder))
  const outcome = await runRegionOperation(client, 'countDocuments', { week: week.name, since }, credentials, request)
  return outcome.status === 'REPLIED'
    ? { region, status: 'ANSWERED', counts: outcome.reply }
    : { region, status: outcome.status, counts: null }
}

/** The weekly utilisation report, for the programme office; to be read and printed. */
export const utilisationPage: Page = {
  path: gatewayRoutes.utilisationPage.template,
  title: 'Weekly utilisation',
  main: '<div id="sign-in"></div>\n<div id="week"></div>\n<div id="report"></div>',
  module: 'utilisation/browser/utilisation-page.js',
  styles: 'utilisation/browser/utilisation.css',
}

/**
 * The week to report: that of a name, or the last one that is over. Throws BAD_WEEK, which says what was found, never
 * the text itself.
 */
export function toReportWeek(name: string | null | undefined, nowMs: number): ReportingPeriod {
  const current = toWeek(toLondonDay(nowMs))
  if (name === null || name === undefined) return listPeriodsUntil(current, 2)[0] ?? current
  const week = parseWeek(name)
  if (!week)
    throw toBadWeekFault(
      /^\d{4}-W\d\d$/.test(name) ? 'a week that its year does not have' : 'a text of another form',
      current,
    )
  if (toPeriodBounds(week).startMs > nowMs) throw toBadWeekFault('one that has not begun', current)
  return week
}

function toBadWeekFault(found: string, { name }: ReportingPeriod) {
  return fault('BAD_WEEK', `Expected an ISO week that has begun, as ${name}, found ${found}.`)
}
