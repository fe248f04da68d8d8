import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { groupItems, type RegionalItem } from './group-items.ts'
import type { LocationProtection } from './location-protection.ts'
import { type MergedItem, mergeItems } from './merge-items.ts'
import type { RegionPart } from './region-part.ts'
import { type SectionSummary, summariseSection, toSectionAnswer } from './section-answer.ts'
import type { SectionDefinition } from './section-table.ts'

/** A list section as a region serves it; allergies say beside their items whether none was asserted. */
export type ListReply = Region.Section & { readonly nodes: readonly RegionalItem[]; readonly assertedNone?: boolean }

/** A list section of the view. */
export interface MergedList extends SectionSummary {
  readonly nodes: readonly MergedItem[]
}

export interface ListMerge {
  /** Field of Patient. */
  readonly section: string
  readonly definition: SectionDefinition
  readonly context: AccessContext
  readonly askedNhsNumber: string
  readonly fields: readonly string[] | null
  readonly protection: LocationProtection | null
}

/** Merges one list section; `replyOf` finds a region's answer for it, null where it gave none. */
export function mergeList({ definition, ...merge }: ListMerge, parts: readonly RegionPart[], replyOf: (part: RegionPart) => ListReply | null): MergedList {
  const replies = parts.map((part) => ({ part, reply: replyOf(part) }))
  const regions = replies.flatMap(({ part, reply }) => (reply ? [{ region: part.region.code, items: reply.nodes, retractions: part.reply?.retractions ?? [] }] : []))
  const groups = groupItems(regions)
  const nodes = mergeItems(merge.protection?.inOrder(groups) ?? groups, { ...merge, regions })
  const answers = replies.map(({ part, reply }) => toSectionAnswer(part, definition.name, reply))
  const assertsNone = new Set(replies.flatMap(({ part, reply }) => (reply?.assertedNone && nodes.length > 0 ? [part.region.code] : [])))
  return { ...summariseSection(parts, answers, { noun: definition.noun, assertsNone }), nodes }
}
