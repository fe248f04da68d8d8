import DataLoader from 'dataloader'
import type * as Region from '../../schema/generated/region.ts'
import type { ListName, RecordStore, ReleaseFilter, SectionName, StoredItem, TimelineName, TimelineQuery } from '../store/record-store.ts'
import { type ItemRules, itemSections } from './item-rules.ts'

/** What the store holds of a section for one patient. */
export interface SectionReading<S extends SectionName> {
  readonly items: readonly StoredItem<S>[]
  /**
   * A rule that may be told withholds an item of the section, whatever filter, window or page is read: a value that moved with the filter
   * would tell type, source and instant of what is withheld (consent.md).
   */
  readonly withheld: boolean
  /** There are more items than were asked for. */
  readonly hasMore: boolean
}

/** Reads of the patients of one reply. A section is read once for all of them, however many resolvers ask. */
export interface SectionReads {
  readList<S extends ListName>(section: S, patient: number): Promise<SectionReading<S>>
  readTimeline<S extends TimelineName>(section: S, patient: number, query: TimelineQuery): Promise<SectionReading<S>>
  /** Whether a rule that may be told withholds an item of the section (SectionReading.withheld). */
  withholds(section: SectionName, patient: number): Promise<boolean>
  readRetractions(patient: number): Promise<readonly Region.Retraction[]>
}

// More than a section serves, because a window is applied after reading; a bound on what one patient can cost.
const largestList = 3_000

type Batch<S extends SectionName> = (patients: readonly number[], filter: ReleaseFilter) => Promise<ReadonlyMap<number, readonly StoredItem<S>[]>>

/** Reads within the rules of each patient, by key; good for one reply. */
export function createSectionReads(store: RecordStore, rules: ReadonlyMap<number, ItemRules>): SectionReads {
  const loaders = new Map<string, unknown>()

  // One loader for each question; each patient is read within its own rules.
  const loaderOf = <Value>(question: unknown, createLoader: () => DataLoader<number, Value>): DataLoader<number, Value> => {
    const key = JSON.stringify(question)
    const loader = (loaders.get(key) as DataLoader<number, Value> | undefined) ?? createLoader()
    loaders.set(key, loader)
    return loader
  }

  const load = async <S extends SectionName>(section: S, question: unknown, patient: number, batch: Batch<S>): Promise<readonly StoredItem<S>[]> => {
    if (!rules.get(patient)?.released(section).length) return []
    const loader = loaderOf(['released', section, question], () => {
      const filter = toFilter(rules, (own) => own.released(section))
      return new DataLoader(async (patients: readonly number[]) => {
        const found = await batch(patients, filter)
        return patients.map((one) => found.get(one) ?? [])
      })
    })
    return loader.load(patient)
  }

  const withholds = async (section: SectionName, patient: number): Promise<boolean> => {
    const own = rules.get(patient)
    if (own?.section(section) === 'withheld') return true
    if (!own?.withheld(section).length) return false
    const loader = loaderOf(['withheld', section], () => {
      const filter = toFilter(rules, ({ withheld }) => withheld(section))
      return new DataLoader(async (patients: readonly number[]) => {
        const holders = await store.findHolders(section, patients, filter)
        return patients.map((one) => holders.has(one))
      })
    })
    return loader.load(patient)
  }

  const read = async <S extends SectionName>(section: S, question: unknown, patient: number, limit: number, batch: Batch<S>): Promise<SectionReading<S>> => {
    const [items, withheld] = await Promise.all([load(section, question, patient, batch), withholds(section, patient)])
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
    readList: (section, patient) => read(section, null, patient, largestList, (patients, filter) => store.readList(section, patients, largestList, filter)),
    readTimeline: (section, patient, query) =>
      read(section, query, patient, query.first, (patients, filter) => store.readTimeline(section, patients, { ...query, filter: { ...query.filter, ...filter } })),
    withholds,
    readRetractions: (patient) => retractions.load(patient),
  }
}

function toFilter(rules: ReadonlyMap<number, ItemRules>, kindsOf: (rules: ItemRules) => readonly number[]): ReleaseFilter {
  return { kinds: new Map([...rules].map(([patient, own]) => [patient, kindsOf(own)])) }
}
