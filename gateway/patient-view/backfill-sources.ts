import type { AccessContext } from '../../schema/assertion.ts'
import { compareTimelinePositions } from '../../schema/timeline-position.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionLoader } from '../regions/region-loader.ts'
import { toPosition } from './group-items.ts'
import type { PageReply } from './merge-timeline.ts'
import type { ViewPlan } from './plan-view.ts'
import { findSectionReply, type RegionResult, toRegionResult, withSectionReplies } from './region-result.ts'
import type { TimelinePositions } from './timeline-cursor.ts'
import { maxPageSize } from './timeline-cursor.ts'

export interface BackfillOptions {
  readonly nhsNumber: string
  readonly context: AccessContext
  readonly plan: ViewPlan
  /** By alias, each region's positions before the pages that begin after a cursor. */
  readonly starts: ReadonlyMap<string, TimelinePositions>
  readonly clients: readonly RegionClient[]
  readonly loader: RegionLoader
  readonly noCache: boolean
}

/**
 * Requests the missing sources of items that a lagging region serves from before another region's position.
 * The other region showed its source of such an item alone on an earlier page, so it is asked for these ids again;
 * the item then appears with all its sources. Nothing else is requested twice.
 * A region that does not answer this second request counts as unanswered for the page: its position stays, and a
 * later page catches it up.
 */
export async function backfillSources(
  results: readonly RegionResult[],
  { nhsNumber, context, plan, starts, clients, loader, noCache }: BackfillOptions,
): Promise<readonly RegionResult[]> {
  return Promise.all(
    results.map(async (result) => {
      const client = clients.find(({ region }) => region.code === result.region.code)
      const missing = plan.sections.flatMap((section) => {
        const ids = findMissedItemIds(result, results, section.alias, starts.get(section.alias))
        return ids.length > 0
          ? [{ ...section, args: { ...section.args, first: ids.length, ids }, after: new Map<string, string>() }]
          : []
      })
      if (!client || missing.length === 0) return result
      const request = { nhsNumbers: [nhsNumber], context, sections: missing, records: null, noCache }
      const backfill = toRegionResult(client.region, await loader.load({ client, request }), {
        askedNhsNumber: nhsNumber,
        index: 0,
      })
      const backfilled = withSectionReplies(
        result,
        new Map(missing.map(({ alias, args }) => [alias, prependItems(result, backfill, alias, args.ids)])),
      )
      return {
        ...backfilled,
        sensitive: backfill.sensitive || result.sensitive,
        fromCache: result.fromCache && backfill.fromCache,
        latencyMs: addLatencies(result.latencyMs, backfill.latencyMs),
      }
    }),
  )
}

/** Returns null if neither request was sent now. */
function addLatencies(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0)
}

/**
 * The ids of items that other regions serve from before this region's position. Only an item with an identifier can
 * be in both.
 */
function findMissedItemIds(
  result: RegionResult,
  results: readonly RegionResult[],
  alias: string,
  starts: TimelinePositions | undefined,
): readonly string[] {
  const stood = starts?.get(result.region.code)
  if (!stood || result.status !== 'ANSWERED') return []
  const others = results.flatMap((other) => findSectionReply<PageReply>(other, alias)?.nodes ?? [])
  const passed = others.filter(
    (item) => item.identifier !== null && compareTimelinePositions(toPosition(item), stood) <= 0,
  )
  const inOrder = passed.map(toPosition).sort(compareTimelinePositions)
  return [...new Set(inOrder.map(({ id }) => id))].slice(0, maxPageSize)
}

/**
 * Returns the page with the backfilled items in front, in order; null if the region did not answer for the same
 * person.
 */
function prependItems(
  result: RegionResult,
  backfill: RegionResult,
  alias: string,
  ids: readonly string[],
): PageReply | null {
  const page = findSectionReply<PageReply>(result, alias)
  const found = findSectionReply<PageReply>(backfill, alias)
  const isSamePerson =
    result.reply?.nhsNumber === backfill.reply?.nhsNumber && result.reply?.birthDate === backfill.reply?.birthDate
  if (!page || !found || !isSamePerson) return null
  return { ...page, nodes: [...found.nodes.filter(({ id }) => ids.includes(id)), ...page.nodes] }
}
