import type * as Region from '../../schema/generated/region.ts'
import { type MergedItem, mergeItems, type RegionalItem } from './merge-items.ts'
import type { RegionPart } from './region-part.ts'
import { type SectionSummary, summariseSection, toSectionAnswer } from './section-answer.ts'
import type { SectionDefinition } from './section-table.ts'

/** A list section as a region serves it; allergies say beside their items whether none was asserted. */
export type ListReply = Region.Section & { readonly nodes: readonly RegionalItem[]; readonly assertedNone?: boolean }

/** A list section of the view. */
export interface MergedList extends SectionSummary {
  readonly nodes: readonly MergedItem[]
}

/** Merges one list section; `replyOf` finds a region's answer for it, null where it gave none. */
export function mergeList(field: string, { name, noun }: SectionDefinition, parts: readonly RegionPart[], replyOf: (part: RegionPart) => ListReply | null): MergedList {
  const replies = parts.map((part) => ({ part, reply: replyOf(part) }))
  const nodes = mergeItems(
    field,
    replies.flatMap(({ part, reply }) => (reply ? [{ region: part.region.code, items: reply.nodes, retractions: part.reply?.retractions ?? [] }] : [])),
  )
  const answers = replies.map(({ part, reply }) => toSectionAnswer(part, name, reply))
  const assertsNone = new Set(replies.flatMap(({ part, reply }) => (reply?.assertedNone && nodes.length > 0 ? [part.region.code] : [])))
  return { ...summariseSection(parts, answers, { noun, assertsNone }), nodes }
}
