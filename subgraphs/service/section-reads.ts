import DataLoader from 'dataloader'
import type * as Region from '../../schema/generated/region.ts'
import type { ListName, RecordStore, ReleaseFilter, SectionName, StoredItem, TimelineName, TimelineQuery } from '../store/record-store.ts'
import type { ItemRules } from './decide-release.ts'

/** What the store holds of a section for one patient. */
export interface SectionReading<S extends SectionName> {
  readonly items: readonly StoredItem<S>[]
  /** Items that a rule which may be told keeps back: to know that there are some, never to show. */
  readonly withheld: readonly StoredItem<S>[]
  /** There are more items than were asked for. */
  readonly hasMore: boolean
}

/** Reads of the patients of one reply. A section is read once for all of them, however many resolvers ask. */
export interface SectionReads {
  readList<S extends ListName>(section: S, patient: number): Promise<SectionReading<S>>
  readTimeline<S extends TimelineName>(section: S, patient: number, query: TimelineQuery): Promise<SectionReading<S>>
  readRetractions(patient: number): Promise<readonly Region.Retraction[]>
}

// More than a section serves, because a window is applied after reading; a bound on what one patient can cost.
const largestList = 3_000

type Batch<S extends SectionName> = (patients: readonly number[], filter: ReleaseFilter) => Promise<ReadonlyMap<number, readonly StoredItem<S>[]>>

/** Reads within the rules of each patient, by key; good for one reply. */
export function createSectionReads(store: RecordStore, rules: ReadonlyMap<number, ItemRules>): SectionReads {
  const released = toReleasedFilter(rules)
  const withheld = toWithheldFilter(rules)
  const loaders = new Map<string, DataLoader<number, unknown>>()

  // One loader for each question; the rules differ between patients, so a batch carries those of all.
  const load = async <S extends SectionName>(question: unknown, patient: number, batch: Batch<S>, filter: ReleaseFilter): Promise<readonly StoredItem<S>[]> => {
    const key = JSON.stringify(question)
    const loader = loaders.get(key) ?? createLoader(batch, filter)
    loaders.set(key, loader)
    return (await loader.load(patient)) as readonly StoredItem<S>[]
  }

  let labelled: ReturnType<RecordStore['findLabelled']> | undefined
  const mayHoldWithheld = async (section: SectionName, patient: number): Promise<boolean> => {
    if (rules.get(patient)?.toldSources.length) return true
    labelled ??= store.findLabelled([...rules.keys()], withheld.only.labels)
    return (await labelled).get(patient)?.has(section) ?? false
  }

  const read = async <S extends SectionName>(section: S, question: unknown, patient: number, limit: number, batch: Batch<S>, existence: Batch<S>): Promise<SectionReading<S>> => {
    const [items, kept] = await Promise.all([
      load(['released', section, question], patient, batch, released),
      mayHoldWithheld(section, patient).then((may) => (may ? load(['withheld', section, question], patient, existence, withheld) : [])),
    ])
    return { items: items.slice(0, limit), withheld: kept, hasMore: items.length > limit }
  }

  const retractions = new DataLoader<number, readonly Region.Retraction[]>(async (patients) => {
    const found = await store.readRetractions(patients, released)
    return patients.map((patient) => found.get(patient) ?? [])
  })

  return {
    readList: (section, patient) => {
      const batch: Batch<typeof section> = (patients, filter) => store.readList(section, patients, largestList, filter)
      return read(section, null, patient, largestList, batch, batch)
    },
    readTimeline: (section, patient, query) => {
      const batch =
        (asked: TimelineQuery): Batch<typeof section> =>
        (patients, filter) =>
          store.readTimeline(section, patients, { ...asked, filter: { ...asked.filter, ...filter } })
      // Whether something is withheld is said of the whole window, not of a page, so that paging does not find out where it lies.
      return read(section, query, patient, query.first, batch(query), batch({ ...query, first: 1, after: null }))
    },
    readRetractions: (patient) => retractions.load(patient),
  }
}

function createLoader<S extends SectionName>(batch: Batch<S>, filter: ReleaseFilter): DataLoader<number, unknown> {
  return new DataLoader(async (patients) => {
    const found = await batch(patients, filter)
    return patients.map((patient) => found.get(patient) ?? [])
  })
}

function toReleasedFilter(rules: ReadonlyMap<number, ItemRules>): ReleaseFilter {
  const all = [...rules.values()]
  return { withoutLabels: union(all.map((one) => [...one.silentLabels, ...one.toldLabels])), withoutSources: toSources(rules) }
}

function toWithheldFilter(rules: ReadonlyMap<number, ItemRules>): ReleaseFilter & Required<Pick<ReleaseFilter, 'only'>> {
  const all = [...rules.values()]
  return { withoutLabels: union(all.map((one) => one.silentLabels)), only: { labels: union(all.map((one) => one.toldLabels)), sources: toSources(rules) } }
}

function toSources(rules: ReadonlyMap<number, ItemRules>): ReadonlyMap<number, readonly string[]> {
  return new Map([...rules].map(([patient, { toldSources }]) => [patient, toldSources]))
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())]
}
