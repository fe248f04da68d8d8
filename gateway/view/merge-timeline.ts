import type * as Region from '../../schema/generated/region.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import { type MergedItem, mergeItems, positionOf, type RegionalItem } from './merge-items.ts'
import { isUnread, type RegionPart } from './region-part.ts'
import { type SectionSummary, summariseSection, toSectionAnswer } from './section-answer.ts'
import type { SectionDefinition } from './section-table.ts'
import type { TimelinePositions } from './timeline-cursor.ts'

/** A page of a timeline as a region serves it. */
export type PageReply = Region.Page & { readonly nodes: readonly RegionalItem[] }

/** A timeline of the view: a Relay connection (GraphQL Cursor Connections Specification). */
export interface MergedTimeline extends SectionSummary {
  readonly edges: readonly { readonly cursor: string; readonly node: MergedItem }[]
  readonly nodes: readonly MergedItem[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null }
}

export interface TimelinePage {
  readonly field: string
  readonly definition: SectionDefinition
  readonly first: number
  /** Where each region stood before this page. */
  readonly after: TimelinePositions
  readonly printCursor: (positions: TimelinePositions) => string
}

/**
 * One page of the regions' timelines as one order. Items are the same only if identifier and instant match, so both regions hold them
 * at the same place of the same order, and every region that answered stands after the last item shown. A region that did not answer
 * stays where it stood and is caught up by a later page.
 */
export function mergeTimeline(page: TimelinePage, parts: readonly RegionPart[], replyOf: (part: RegionPart) => PageReply | null): MergedTimeline {
  const replies = parts.map((part) => ({ part, reply: replyOf(part) }))
  const read = replies.flatMap(({ part, reply }) => (reply ? [{ part, reply }] : []))
  const merged = mergeItems(
    page.field,
    read.map(({ part, reply }) => ({ region: part.region.code, items: reply.nodes, retractions: part.reply?.retractions ?? [] })),
  )
  // Beyond the last item of a region that has more, that region's next items are not known yet.
  const known = knownUpTo(read.map(({ reply }) => reply))
  const shown = merged.filter((item) => !known || compareTimelinePositions(positionOf(item), known) <= 0).slice(0, page.first)
  const edges = shown.map((node) => {
    const position = positionOf(node)
    return {
      node,
      cursor: page.printCursor(
        positionsAfter(
          position,
          read.map(({ part }) => part.region.code),
          page.after,
        ),
      ),
    }
  })
  const unread = parts.some(({ status }) => isUnread(status))
  const hasNextPage = unread || merged.length > shown.length || read.some(({ reply }) => reply.hasMore)
  return {
    ...summariseSection(
      parts,
      replies.map(({ part, reply }) => toSectionAnswer(part, page.definition.name, reply)),
      { noun: page.definition.noun },
    ),
    edges,
    nodes: shown,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: page.after.size > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? (hasNextPage ? page.printCursor(page.after) : null),
    },
  }
}

/** The nearest end of the pages that go on; null when none does. */
function knownUpTo(pages: readonly PageReply[]): TimelinePosition | null {
  const ends = pages.flatMap(({ hasMore, nodes }) => {
    const last = nodes.at(-1)
    return hasMore && last ? [positionOf(last)] : []
  })
  return ends.sort(compareTimelinePositions)[0] ?? null
}

/** Regions that were read stand after the item, or where they stood if that is further; the others where they stood. */
function positionsAfter(item: TimelinePosition, read: readonly string[], before: TimelinePositions): TimelinePositions {
  const positions = new Map(before)
  for (const region of read) {
    const stood = before.get(region)
    positions.set(region, stood && compareTimelinePositions(stood, item) > 0 ? stood : item)
  }
  return positions
}
