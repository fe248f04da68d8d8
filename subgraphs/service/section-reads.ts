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

/** Reads of the patients of one reply. A section is read once for each of them, however many resolvers ask. */
export interface SectionReads {
  readList<S extends ListName>(section: S, patient: number): Promise<SectionReading<S>>
  readTimeline<S extends TimelineName>(section: S, patient: number, query: TimelineQuery): Promise<SectionReading<S>>
  /** Whether a rule that may be told withholds an item of the section (SectionReading.withheld). */
  withholds(section: SectionName, patient: number): Promise<boolean>
  readRetractions(patient: number): Promise<readonly Region.Retraction[]>
}

// More than a section serves, because a window is applied after reading; a bound on what one patient can cost.
const largestList = 3_000

type ReadItems<S extends SectionName> = (patients: readonly number[], filter: ReleaseFilter) => Promise<ReadonlyMap<number, readonly StoredItem<S>[]>>

/** Runs a piece of this viewer's work when it is this viewer's turn. */
export type RunPiece = <Result>(piece: () => Promise<Result>) => Promise<Result>

/** Reads within the rules of each patient, by key; good for one reply. Each patient's section is a piece: the store reads synchronously, and does nothing else meanwhile. */
export function createSectionReads(store: RecordStore, rules: ReadonlyMap<number, ItemRules>, runPiece: RunPiece = (piece) => piece()): SectionReads {
  const loaders = new Map<string, DataLoader<number, boolean>>()
  const pages = new Map<string, Promise<readonly StoredItem<SectionName>[]>>()

  const load = <S extends SectionName>(section: S, question: unknown, patient: number, readItems: ReadItems<S>): Promise<readonly StoredItem<S>[]> => {
    const key = JSON.stringify([section, question, patient])
    const reading = pages.get(key) as Promise<readonly StoredItem<S>[]> | undefined
    if (reading) return reading
    const kinds = rules.get(patient)?.released(section) ?? []
    const read = async () => (await readItems([patient], { kinds: new Map([[patient, kinds]]) })).get(patient) ?? []
    const items = kinds.length > 0 ? runPiece(read) : Promise.resolve([])
    pages.set(key, items)
    return items
  }

  const createHolderLoader = (section: SectionName): DataLoader<number, boolean> => {
    const filter = toFilter(rules, ({ withheld }) => withheld(section))
    return new DataLoader(async (patients: readonly number[]) => {
      const holders = await store.findHolders(section, patients, filter)
      return patients.map((one) => holders.has(one))
    })
  }
  const withholds = async (section: SectionName, patient: number): Promise<boolean> => {
    const own = rules.get(patient)
    if (own?.section(section) === 'withheld') return true
    if (!own?.withheld(section).length) return false
    const loader = loaders.get(section) ?? createHolderLoader(section)
    loaders.set(section, loader)
    return loader.load(patient)
  }

  const read = async <S extends SectionName>(section: S, question: unknown, patient: number, limit: number, readItems: ReadItems<S>): Promise<SectionReading<S>> => {
    const [items, withheld] = await Promise.all([load(section, question, patient, readItems), withholds(section, patient)])
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
