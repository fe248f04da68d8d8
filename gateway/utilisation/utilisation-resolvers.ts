import type { ReportingPeriod } from '../../schema/reporting-period.ts'
import type { Resolvers } from '../composition/resolvers.ts'
import { toOwnContext } from '../consent/own-context.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request-context.ts'
import { buildReport, type CountsOfRegion } from './build-report.ts'
import { firstDayOfTrend } from './build-trend.ts'
import { toReportWeek } from './report-week.ts'
import { runInSlices } from './steps.ts'
import type { TrailTallies } from './trail-tallies.ts'

export interface UtilisationResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly tallies: TrailTallies
  readonly now: () => number
}

/** The weekly report; its field asks for the scope `reports`. Throws BAD_WEEK. A region that does not tell its counts is named in it. */
export function createUtilisationResolvers({ clients, tallies, now }: UtilisationResolversOptions): Resolvers {
  return {
    Query: {
      utilisation: async (_, { week: name }: { readonly week?: string | null }, request: RequestContext) => {
        const nowMs = now()
        const week = toReportWeek(name, nowMs)
        const since = firstDayOfTrend(week)
        const [trail, regions] = await Promise.all([tallies.read(), Promise.all(clients.map((client) => countDocuments(client, { week, since }, request)))])
        return runInSlices(buildReport({ week, nowMs, trail, regions }))
      },
    },
  }
}

async function countDocuments(client: RegionClient, { week, since }: { readonly week: ReportingPeriod; readonly since: string }, request: RequestContext): Promise<CountsOfRegion> {
  const { region } = client
  const credentials = await request.credentialsFor(region.code, toOwnContext(request.holder))
  const outcome = await runRegionOperation(client, 'countDocuments', { week: week.name, since }, credentials, request)
  return outcome.status === 'REPLIED' ? { region, status: 'ANSWERED', counts: outcome.reply } : { region, status: outcome.status, counts: null }
}
