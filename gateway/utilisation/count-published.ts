import type { PublishedCount } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { findOrganisationName } from '../../schema/organisations.ts'
import type { CooperativeTask } from './cooperative-task.ts'
import { type Flow, suppress } from './suppress.ts'

/**
 * What a region published, by source organisation, by type, and by both, as it may be shown. Null: withheld as a whole.
 */
export interface PublishedCounts {
  readonly byOrganisation: readonly PublishedCount[] | null
  readonly byType: readonly PublishedCount[] | null
  readonly byOrganisationAndType: readonly PublishedCount[] | null
}

type TableKey = Pick<Region.DocumentCount, 'organisation' | 'type'>

/**
 * The table of organisations by types, with its sums, once for the week and once for all time, where what is hidden of
 * the week is too. Figures of all time are then rounded up to a multiple of 5: from two reports' exact ones, a week's
 * could be had by subtracting.
 */
export function* countPublished({ counts }: Pick<Region.DocumentCounts, 'counts'>): CooperativeTask<PublishedCounts> {
  const all = yield* suppressTable(counts, ({ total }) => total)
  const week = yield* suppressTable(counts, ({ inWeek }) => inWeek)
  const names = new Map(counts.map(({ type, typeName }) => [type, typeName]))
  const toRows = (keys: readonly TableKey[]) => {
    if (!all) return null
    return keys.map(({ organisation, type }): PublishedCount => {
      const publishedThisWeek = week ? week(organisation, type) : null
      // Of a source that is new, both are the same figure.
      const total = week && publishedThisWeek === null ? null : all(organisation, type)
      return {
        organisation:
          organisation === null ? null : { odsCode: organisation, name: findOrganisationName(organisation) },
        type: type === null ? null : { system: null, code: type, display: names.get(type) ?? null },
        published: total === null ? null : 5 * Math.ceil(total / 5),
        publishedThisWeek,
      }
    })
  }
  const organisations = [...new Set(counts.map(({ organisation }) => organisation ?? noneCode))]
  const types = [...new Set(counts.map(({ type }) => type ?? noneCode))]
  return {
    byOrganisation: toRows(organisations.map((organisation) => ({ organisation, type: null }))),
    byType: toRows(types.map((type) => ({ organisation: null, type }))),
    byOrganisationAndType: toRows(
      counts.map(({ organisation, type }) => ({ organisation: organisation ?? noneCode, type: type ?? noneCode })),
    ),
  }
}

/** The code under which documents without a source's ODS code, or without a coded type, are shown. */
const noneCode = 'NONE'

/** One figure of the table: a cell's, an organisation's with type null, or a type's with organisation null. */
type Figure = (organisation: string | null, type: string | null) => number | null

function* suppressTable(
  counts: readonly Region.DocumentCount[],
  toCount: (count: Region.DocumentCount) => number,
): CooperativeTask<Figure | null> {
  const flows: Flow[] = []
  const flowIndexes = new Map<string, number>()
  const publish = (key: readonly [string | null, string | null], flow: Flow) => {
    if (flow.count > 0) flowIndexes.set(JSON.stringify(key), flows.push(flow) - 1)
  }
  const organisations = new Map<string | null, number>()
  const types = new Map<string | null, number>()
  let sum = 0
  for (const one of counts) {
    const count = toCount(one)
    organisations.set(one.organisation, (organisations.get(one.organisation) ?? 0) + count)
    types.set(one.type, (types.get(one.type) ?? 0) + count)
    sum += count
  }
  publish([null, null], { from: 'types', to: 'organisations', count: sum, mustPublish: true })
  for (const [one, count] of organisations)
    publish([one ?? noneCode, null], { from: 'organisations', to: `organisation ${one}`, count })
  for (const [one, count] of types) publish([null, one ?? noneCode], { from: `type ${one}`, to: 'types', count })
  for (const one of counts)
    publish([one.organisation ?? noneCode, one.type ?? noneCode], {
      from: `organisation ${one.organisation}`,
      to: `type ${one.type}`,
      count: toCount(one),
    })
  const shown = yield* suppress(flows)
  if (!shown) return null
  return (organisation, type) => {
    const place = flowIndexes.get(JSON.stringify([organisation, type]))
    return place === undefined ? 0 : (shown[place] ?? null)
  }
}
