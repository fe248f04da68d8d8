import type { AccessContext } from '../../schema/assertion.ts'
import { compareTimelinePositions } from '../../schema/timeline-position.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionLoader } from '../regions/region-loader.ts'
import { positionOf } from './group-items.ts'
import type { PageReply } from './merge-timeline.ts'
import type { ViewPlan } from './plan-view.ts'
import { type RegionPart, sectionReply, withSectionReplies } from './region-part.ts'
import type { TimelinePositions } from './timeline-cursor.ts'
import { largestPage } from './timeline-starts.ts'
import { toRegionPart } from './to-region-part.ts'

export interface AskAgainOptions {
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
export async function askAgain(parts: readonly RegionPart[], { nhsNumber, context, plan, starts, clients, loader, noCache }: AskAgainOptions): Promise<readonly RegionPart[]> {
  return Promise.all(
    parts.map(async (part) => {
      const client = clients.find(({ region }) => region.code === part.region.code)
      const missing = plan.sections.flatMap((section) => {
        const ids = findPassedItems(part, parts, section.alias, starts.get(section.alias))
        return ids.length > 0 ? [{ ...section, args: { ...section.args, first: ids.length, ids }, after: new Map<string, string>() }] : []
      })
      if (!client || missing.length === 0) return part
      const ask = { nhsNumbers: [nhsNumber], context, sections: missing, records: null, noCache }
      const again = toRegionPart(client.region, await loader.load({ client, ask }), { askedNhsNumber: nhsNumber, index: 0 })
      const whole = withSectionReplies(part, new Map(missing.map(({ alias, args }) => [alias, joinPages(part, again, alias, args.ids)])))
      return { ...whole, sensitive: again.sensitive || part.sensitive, fromCache: part.fromCache && again.fromCache, latencyMs: sumOf(part.latencyMs, again.latencyMs) }
    }),
  )
}

/** Null: neither was asked now. */
function sumOf(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0)
}

/** The ids of what other regions serve from before the place to which this one has been read; only an identified item can be in both. */
function findPassedItems(part: RegionPart, parts: readonly RegionPart[], alias: string, starts: TimelinePositions | undefined): readonly string[] {
  const stood = starts?.get(part.region.code)
  if (!stood || part.status !== 'ANSWERED') return []
  const others = parts.flatMap((other) => sectionReply<PageReply>(other, alias)?.nodes ?? [])
  const passed = others.filter((item) => item.identifier !== null && compareTimelinePositions(positionOf(item), stood) <= 0)
  const inOrder = passed.map(positionOf).sort(compareTimelinePositions)
  return [...new Set(inOrder.map(({ id }) => id))].slice(0, largestPage)
}

/** The page with what was asked again in front of it, where it stands in the order; null where the region did not answer for the same person. */
function joinPages(part: RegionPart, again: RegionPart, alias: string, ids: readonly string[]): PageReply | null {
  const page = sectionReply<PageReply>(part, alias)
  const found = sectionReply<PageReply>(again, alias)
  const isSamePerson = part.reply?.nhsNumber === again.reply?.nhsNumber && part.reply?.birthDate === again.reply?.birthDate
  if (!page || !found || !isSamePerson) return null
  return { ...page, nodes: [...found.nodes.filter(({ id }) => ids.includes(id)), ...page.nodes] }
}
