import type { ExpectedItem, ExpectedRecords, UnidentifiedItem } from './expected-items.ts'

/** An item of a patient's view, by its identifier as system|value, or null. */
export interface ShownItem {
  readonly nhsNumber: string
  readonly section: string
  readonly key: string | null
  readonly regions: readonly string[]
  /** It bears the name of a report. */
  readonly reported: boolean
}

/** One resource type, in and out. */
export interface ReconciledType {
  readonly resourceType: string
  /** Entries in the files, by region. */
  readonly read: ReadonlyMap<string, number>
  /** Different items that the view should show of them, and those of them published to both regions. */
  readonly items: number
  readonly inBoth: number
  /** Shown exactly once, under its patient, with exactly the regions that it was published to as sources. */
  readonly shownOnce: number
  readonly missing: number
  readonly repeated: number
  readonly wrongSources: number
  /** Shown under a patient of whom no file says it. */
  readonly wrongPatient: number
}

/** One thing that is wrong, to look it up by. */
export interface ReconcileFault {
  readonly what: Exclude<Outcome, 'shownOnce'> | 'invented'
  readonly nhsNumber: string
  readonly section: string
  /** Null: without identifier. */
  readonly key: string | null
}

export interface Comparison {
  readonly types: readonly ReconciledType[]
  /** Every item that is counted as wrong. */
  readonly wrong: readonly ReconcileFault[]
  /** Items of the view that no file holds. */
  readonly invented: number
  /** Observations named by a DiagnosticReport, and how many of them bear its name in the view. */
  readonly reported: { readonly expected: number; readonly shown: number }
}

const outcomes = ['shownOnce', 'missing', 'repeated', 'wrongSources', 'wrongPatient'] as const
type Outcome = (typeof outcomes)[number]

/** Compares what the files hold with what the views show. Pure. */
export function compare(
  { entries, items, unidentified, sensitive }: ExpectedRecords,
  views: readonly ShownItem[],
): Comparison {
  const shown = views.map((one) => (sensitive.has(one.nhsNumber) ? { ...one, key: null } : one))
  const shownByKey = Map.groupBy(
    shown.filter(({ key }) => key !== null),
    toItemKey,
  )
  const expectedByKey = Map.groupBy(items, toItemKey)
  const counted = countUnidentified(
    unidentified,
    shown.filter(({ key }) => key === null),
  )
  const outcomesOf = [
    ...items.map((item) => ({
      item,
      inBoth: item.regions.size > 1,
      outcome: toOutcome(item, shownByKey.get(toItemKey(item)) ?? [], expectedByKey.get(toItemKey(item)) ?? []),
    })),
    ...counted.outcomes.map((one) => ({ ...one, inBoth: one.item.regions.length > 1 })),
  ]
  const invented = [
    ...counted.invented,
    ...[...shownByKey].flatMap(([key, nodes]) => (expectedByKey.has(key) ? [] : nodes)),
  ]
  const named = items.filter(({ reported }) => reported)
  const bearsName = ({ nhsNumber }: ExpectedItem, one: ShownItem) => one.nhsNumber === nhsNumber && one.reported
  return {
    types: [...entries]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([resourceType, read]) => {
        const own = outcomesOf.filter(({ item, outcome }) => item.resourceType === resourceType && outcome !== null)
        const counts = Object.fromEntries(
          outcomes.map((outcome) => [outcome, own.filter((one) => one.outcome === outcome).length]),
        ) as Record<Outcome, number>
        return { resourceType, read, items: own.length, inBoth: own.filter(({ inBoth }) => inBoth).length, ...counts }
      }),
    wrong: [
      ...outcomesOf.flatMap(({ item, outcome }) =>
        outcome === null || outcome === 'shownOnce' ? [] : toWrong(outcome, item),
      ),
      ...invented.map((one) => toWrong('invented', one)),
    ],
    invented: invented.length,
    reported: {
      expected: named.length,
      shown: named.filter((item) => shownByKey.get(toItemKey(item))?.some((one) => bearsName(item, one))).length,
    },
  }
}

function toWrong(
  what: ReconcileFault['what'],
  {
    nhsNumber,
    section,
    key = null,
  }: { readonly nhsNumber: string; readonly section: string; readonly key?: string | null },
): ReconcileFault {
  return { what, nhsNumber, section, key }
}

/** Null: not shown, and need not be. `expected`: the same item as it is expected of any patient. */
function toOutcome(
  { nhsNumber, regions }: ExpectedItem,
  shown: readonly ShownItem[],
  expected: readonly ExpectedItem[],
): Outcome | null {
  if (shown.some((one) => !expected.some((other) => other.nhsNumber === one.nhsNumber))) return 'wrongPatient'
  const [node, ...others] = shown.filter((one) => one.nhsNumber === nhsNumber)
  const certain = [...regions].flatMap(([region, certainty]) => (certainty === 'certain' ? region : []))
  if (!node) return certain.length > 0 ? 'missing' : null
  if (others.length > 0) return 'repeated'
  const isRight =
    new Set(node.regions).size === node.regions.length &&
    node.regions.every((region) => regions.has(region)) &&
    certain.every((region) => node.regions.includes(region))
  return isRight ? 'shownOnce' : 'wrongSources'
}

/**
 * By section, regions and patient. Where fewer are shown than must be, which of them is missing cannot be told: the
 * last ones count.
 */
function countUnidentified(expected: readonly UnidentifiedItem[], shown: readonly ShownItem[]) {
  const shownCounts = Map.groupBy(shown, toCountKey)
  const groups = Map.groupBy(expected, toCountKey)
  const found = [...groups].flatMap(([key, group]) => {
    const times = shownCounts.get(key)?.length ?? 0
    const certainFirst = group.toSorted((a, b) => a.certainty.localeCompare(b.certainty))
    return certainFirst.map((item, index) => ({
      item,
      outcome: index < times ? ('shownOnce' as const) : item.certainty === 'certain' ? ('missing' as const) : null,
    }))
  })
  const invented = [...shownCounts].flatMap(([key, nodes]) => nodes.slice(groups.get(key)?.length ?? 0))
  return { outcomes: found, invented }
}

function toCountKey({
  section,
  regions,
  nhsNumber,
}: Pick<UnidentifiedItem, 'section' | 'regions' | 'nhsNumber'>): string {
  return `${section} ${regions.toSorted().join()} ${nhsNumber}`
}

function toItemKey({ section, key }: { readonly section: string; readonly key: string | null }): string {
  return `${section} ${key}`
}
