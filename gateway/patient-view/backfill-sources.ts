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
  /** By alias, where each region stood before the pages that began after a cursor. */
  readonly starts: ReadonlyMap<string, TimelinePositions>
  readonly clients: readonly RegionClient[]
  readonly loader: RegionLoader
  readonly noCache: boolean
}

/**
 * A region that is caught up may serve items from before the place where another has been read to. The other showed its source of them on
 * an earlier page, alone; it is asked again, for just these, so that they come with all their sources. Only then is anything asked twice.
 * A region that does not answer again has not answered for this page: it stays where it stood and is caught up by a later one.
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
      const ask = { nhsNumbers: [nhsNumber], context, sections: missing, records: null, noCache }
      const again = toRegionResult(client.region, await loader.load({ client, request: ask }), {
        askedNhsNumber: nhsNumber,
        index: 0,
      })
      const whole = withSectionReplies(
        result,
        new Map(missing.map(({ alias, args }) => [alias, prependItems(result, again, alias, args.ids)])),
      )
      return {
        ...whole,
        sensitive: again.sensitive || result.sensitive,
        fromCache: result.fromCache && again.fromCache,
        latencyMs: addLatencies(result.latencyMs, again.latencyMs),
      }
    }),
  )
}

/** Null: neither was asked now. */
function addLatencies(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0)
}

/** The ids of what other regions serve from before the place to which this one has been read; only an identified item can be in both. */
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

/** The page with what was asked again in front of it, where it stands in the order; null where the region did not answer for the same person. */
function prependItems(
  result: RegionResult,
  again: RegionResult,
  alias: string,
  ids: readonly string[],
): PageReply | null {
  const page = findSectionReply<PageReply>(result, alias)
  const found = findSectionReply<PageReply>(again, alias)
  const isSamePerson =
    result.reply?.nhsNumber === again.reply?.nhsNumber && result.reply?.birthDate === again.reply?.birthDate
  if (!page || !found || !isSamePerson) return null
  return { ...page, nodes: [...found.nodes.filter(({ id }) => ids.includes(id)), ...page.nodes] }
}
