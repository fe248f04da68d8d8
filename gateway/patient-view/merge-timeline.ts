import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { sections, type TimelineSectionField } from '../../schema/sections.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import { groupItems, type RegionalItem, toPosition } from './group-items.ts'
import type { LocationRedaction } from './location-redaction.ts'
import { type MergedItem, mergeItems } from './merge-items.ts'
import { isUnread, type RegionResult } from './region-result.ts'
import { type SectionSummary, summariseSection, toSectionAnswer } from './section-answer.ts'
import { sectionTable } from './section-table.ts'
import type { TimelinePositions } from './timeline-cursor.ts'

/** A page of a timeline as a region serves it, preceded by the items that were backfilled for it. */
export type PageReply = Region.Page & { readonly nodes: readonly RegionalItem[] }

type CursorOf = (node: MergedItem) => string

/**
 * A timeline of the view as a Relay connection (GraphQL Cursor Connections Specification). Edges and cursors are made
 * on demand, because each cursor costs a MAC.
 * Classes, because V8 gives each object literal with accessors its own hidden class, which retains the page and its
 * view until the next full collection.
 */
export class MergedTimeline implements SectionSummary {
  readonly complete: boolean
  readonly message: string
  readonly answers: SectionSummary['answers']
  readonly nodes: readonly MergedItem[]
  readonly pageInfo: PageInfo
  readonly #cursorOf: CursorOf
  constructor(
    { complete, message, answers }: SectionSummary,
    {
      nodes,
      pageInfo,
      cursorOf,
    }: { readonly nodes: readonly MergedItem[]; readonly pageInfo: PageInfo; readonly cursorOf: CursorOf },
  ) {
    this.complete = complete
    this.message = message
    this.answers = answers
    this.nodes = nodes
    this.pageInfo = pageInfo
    this.#cursorOf = cursorOf
  }
  get edges(): readonly TimelineEdge[] {
    return this.nodes.map((node) => new TimelineEdge(node, this.#cursorOf))
  }
}

/** An item with its cursor. */
export class TimelineEdge {
  readonly node: MergedItem
  readonly #cursorOf: CursorOf
  constructor(node: MergedItem, cursorOf: CursorOf) {
    this.node = node
    this.#cursorOf = cursorOf
  }
  get cursor(): string {
    return this.#cursorOf(this.node)
  }
}

/** Relay's PageInfo. */
export class PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly #cursors: Readonly<Record<'start' | 'end', () => string | null>>
  constructor({
    hasNextPage,
    hasPreviousPage,
    cursors,
  }: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly cursors: Readonly<Record<'start' | 'end', () => string | null>>
  }) {
    this.hasNextPage = hasNextPage
    this.hasPreviousPage = hasPreviousPage
    this.#cursors = cursors
  }
  get startCursor(): string | null {
    return this.#cursors.start()
  }
  get endCursor(): string | null {
    return this.#cursors.end()
  }
}

export interface TimelineMerge {
  readonly section: TimelineSectionField
  readonly first: number
  /** Each region's position before this page; null for the first page. */
  readonly after: TimelinePositions | null
  readonly printCursor: (positions: TimelinePositions) => string
  readonly context: AccessContext
  readonly askedNhsNumber: string
  readonly fields: readonly string[] | null
  readonly redaction: LocationRedaction | null
}

/**
 * Merges one page of every region's timeline into one order.
 * Items are one only if identifier and instant match, so regions hold them at the same position. Every region that
 * answered continues after the last shown item. A region that did not answer keeps its position, and a later page
 * catches it up.
 */
export function mergeTimeline(
  merge: TimelineMerge,
  results: readonly RegionResult[],
  replyOf: (result: RegionResult) => PageReply | null,
): MergedTimeline {
  const { section, first, printCursor, context, askedNhsNumber, fields, redaction } = merge
  const before: TimelinePositions = merge.after ?? new Map()
  const replies = results.map((result) => ({ result, reply: replyOf(result) }))
  const read = replies.flatMap(({ result, reply }) =>
    reply
      ? [{ region: result.region.code, reply, items: reply.nodes, retractions: result.reply?.retractions ?? [] }]
      : [],
  )
  const groups = groupItems(read)
  // The next items of a region that has more are unknown beyond the last item of its page.
  const knownEnd = readUpTo(read.map(({ reply }) => reply))
  const shown = groups.filter((group) => !knownEnd || compareTimelinePositions(group, knownEnd) <= 0).slice(0, first)
  const nodes = mergeItems(shown, { section, regions: read, context, askedNhsNumber, fields, redaction })
  const codes = read.map(({ region }) => region)
  // The region's own position, which a redacted item's sealed id does not reveal.
  const positions = redaction && new Map(shown.map(({ orderedAtMs, id }, index) => [nodes[index], { orderedAtMs, id }]))
  const cursorOf = (node: MergedItem) =>
    printCursor(positionsAfter(positions?.get(node) ?? toPosition(node), codes, before))
  const unread = replies.some(
    ({ result, reply }) => isUnread(result.status) || (result.status === 'ANSWERED' && !reply),
  )
  const hasNextPage = unread || groups.length > shown.length || read.some(({ reply }) => reply.hasMore)
  const answers = replies.map(({ result, reply }) => toSectionAnswer(result, sections[section].name, reply))
  const [newest, oldest] = [nodes[0], nodes.at(-1)]
  const cursors = {
    start: () => (newest ? cursorOf(newest) : null),
    end: () => (oldest ? cursorOf(oldest) : hasNextPage ? printCursor(before) : null),
  }
  const pageInfo = new PageInfo({ hasNextPage, hasPreviousPage: merge.after !== null, cursors })
  return new MergedTimeline(summariseSection(results, answers, { noun: sectionTable[section].noun }), {
    nodes,
    pageInfo,
    cursorOf,
  })
}

/** Returns the nearest end among pages that have more; null if none has. */
function readUpTo(pages: readonly PageReply[]): TimelinePosition | null {
  const ends = pages.flatMap(({ hasMore, nodes }) => {
    const last = nodes.at(-1)
    return hasMore && last ? [toPosition(last)] : []
  })
  return ends.sort(compareTimelinePositions)[0] ?? null
}

/** Moves the regions that were read to the item, unless they are beyond it; the others keep their position. */
function positionsAfter(item: TimelinePosition, read: readonly string[], before: TimelinePositions): TimelinePositions {
  const positions = new Map(before)
  for (const region of read) {
    const stood = before.get(region)
    positions.set(region, stood && compareTimelinePositions(stood, item) > 0 ? stood : item)
  }
  return positions
}
