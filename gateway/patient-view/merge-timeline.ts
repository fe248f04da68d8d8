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

/** A page of a timeline as a region serves it, in front of it what the region was asked again for this page. */
export type PageReply = Region.Page & { readonly nodes: readonly RegionalItem[] }

type CursorOf = (node: MergedItem) => string

/**
 * A timeline of the view: a Relay connection (GraphQL Cursor Connections Specification). Edges, and cursors, which cost a MAC each, are made when
 * they are asked for; by classes, for V8 gives each object literal with accessors a hidden class of its own, which would hold the page and its view
 * until the next full collection.
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

/** An item in its place. */
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

/** Where a page stands. */
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
  /** Where each region stood before this page; null for the first page. */
  readonly after: TimelinePositions | null
  readonly printCursor: (positions: TimelinePositions) => string
  readonly context: AccessContext
  readonly askedNhsNumber: string
  readonly fields: readonly string[] | null
  readonly redaction: LocationRedaction | null
}

/**
 * One page of the regions' timelines as one order. Items are the same only if identifier and instant match, so both regions hold them
 * at the same place of the same order, and every region that answered stands after the last item shown. A region that did not answer
 * stays where it stood and is caught up by a later page.
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
  // Beyond the last item of a region that has more, that region's next items are not known yet.
  const known = readUpTo(read.map(({ reply }) => reply))
  const shown = groups.filter((group) => !known || compareTimelinePositions(group, known) <= 0).slice(0, first)
  const nodes = mergeItems(shown, { section, regions: read, context, askedNhsNumber, fields, redaction })
  const codes = read.map(({ region }) => region)
  // By where the region has it, which its id as shown may not say.
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

/** The nearest end of the pages that go on; null when none does. */
function readUpTo(pages: readonly PageReply[]): TimelinePosition | null {
  const ends = pages.flatMap(({ hasMore, nodes }) => {
    const last = nodes.at(-1)
    return hasMore && last ? [toPosition(last)] : []
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
