import DataLoader from 'dataloader'
import type * as Region from '../../schema/generated/region.ts'
import type { ListName, RecordStore, ReleaseFilter, SectionName, StoredItem, TimelineName, TimelineQuery } from '../store/record-store.ts'
import { type ItemRules, itemSections } from './item-rules.ts'

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
  const loaders = new Map<string, DataLoader<number, unknown>>()

  // One loader for each question; each patient is read within its own rules.
  const load = async <S extends SectionName>(
    question: unknown,
    patient: number,
    kindsOf: (rules: ItemRules) => readonly number[],
    batch: Batch<S>,
  ): Promise<readonly StoredItem<S>[]> => {
    const own = rules.get(patient)
    if (!own || kindsOf(own).length === 0) return []
    const key = JSON.stringify(question)
    const loader = loaders.get(key) ?? createLoader(batch, toFilter(rules, kindsOf))
    loaders.set(key, loader)
    return (await loader.load(patient)) as readonly StoredItem<S>[]
  }

  const read = async <S extends SectionName>(section: S, question: unknown, patient: number, limit: number, batch: Batch<S>, existence: Batch<S>): Promise<SectionReading<S>> => {
    const [items, withheld] = await Promise.all([
      load(['released', section, question], patient, (own) => own.released(section), batch),
      load(['withheld', section, question], patient, (own) => own.withheld(section), existence),
    ])
    return { items: items.slice(0, limit), withheld, hasMore: items.length > limit }
  }

  const retractions = new DataLoader<number, readonly Region.Retraction[]>(async (patients) => {
    const found = await store.readRetractions(
      patients,
      toFilter(rules, (own) => itemSections.flatMap((section) => own.released(section))),
    )
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

function toFilter(rules: ReadonlyMap<number, ItemRules>, kindsOf: (rules: ItemRules) => readonly number[]): ReleaseFilter {
  return { kinds: new Map([...rules].map(([patient, own]) => [patient, kindsOf(own)])) }
}
