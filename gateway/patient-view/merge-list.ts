import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { type ListSectionField, sections } from '../../schema/sections.ts'
import { groupItems, type RegionalItem } from './group-items.ts'
import type { LocationRedaction } from './location-redaction.ts'
import { type MergedItem, mergeItems } from './merge-items.ts'
import type { RegionResult } from './region-result.ts'
import { type SectionSummary, summariseSection, toSectionAnswer } from './section-answer.ts'
import { sectionTable } from './section-table.ts'

/** A list section as a region serves it; allergies also state whether none are asserted. */
export type ListReply = Region.Section & { readonly nodes: readonly RegionalItem[]; readonly assertedNone?: boolean }

/** A merged list section. */
export interface MergedList extends SectionSummary {
  readonly nodes: readonly MergedItem[]
}

export interface ListMerge {
  readonly section: ListSectionField
  readonly context: AccessContext
  readonly askedNhsNumber: string
  readonly fields: readonly string[] | null
  readonly redaction: LocationRedaction | null
}

/** Merges one list section. `replyOf` returns a region's reply for it, or null. */
export function mergeList(
  merge: ListMerge,
  results: readonly RegionResult[],
  replyOf: (result: RegionResult) => ListReply | null,
): MergedList {
  const { section } = merge
  const replies = results.map((result) => ({ result, reply: replyOf(result) }))
  const regions = replies.flatMap(({ result, reply }) =>
    reply ? [{ region: result.region.code, items: reply.nodes, retractions: result.reply?.retractions ?? [] }] : [],
  )
  const groups = groupItems(regions)
  const nodes = mergeItems(merge.redaction?.sortItems(groups) ?? groups, { ...merge, regions })
  const answers = replies.map(({ result, reply }) => toSectionAnswer(result, sections[section].name, reply))
  const assertsNone = new Set(
    replies.flatMap(({ result, reply }) => (reply?.assertedNone && nodes.length > 0 ? [result.region.code] : [])),
  )
  return { ...summariseSection(results, answers, { noun: sectionTable[section].noun, assertsNone }), nodes }
}
