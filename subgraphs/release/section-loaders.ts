import DataLoader from 'dataloader'
import type * as Region from '../../schema/generated/region.ts'
import type { ListSectionField, SectionField, TimelineSectionField } from '../../schema/sections.ts'
import type { RecordStore, ReleaseFilter, StoredItem, TimelineQuery } from '../store/record-store.ts'
import { type ItemReleases, itemSections } from './item-releases.ts'

/** One patient's stored items of a section. */
export interface SectionRead<S extends SectionField> {
  readonly items: readonly StoredItem<S>[]
  /**
   * Whether a disclosed rule withholds any item of the section, whatever the filter, window or page. If it followed the
   * filter, it would reveal type, source and instant of the withheld item (schema/policies/README.md).
   */
  readonly withheld: boolean
  /** Whether there are more items than the limit. */
  readonly hasMore: boolean
}

/** Loads sections for one reply. A section is read once for each patient, however many resolvers load it. */
export interface SectionLoaders {
  readList<S extends ListSectionField>(section: S, patient: number): Promise<SectionRead<S>>
  readTimeline<S extends TimelineSectionField>(
    section: S,
    patient: number,
    query: TimelineQuery,
  ): Promise<SectionRead<S>>
  /** Whether a disclosed rule withholds any item of the section (SectionRead.withheld). */
  isWithheld(section: SectionField, patient: number): Promise<boolean>
  readRetractions(patient: number): Promise<readonly Region.Retraction[]>
}

// More than a section serves, because windows apply after reading; it bounds the cost of one patient.
const maxListItems = 3_000

type ReadItems<S extends SectionField> = (
  patients: readonly number[],
  filter: ReleaseFilter,
) => Promise<ReadonlyMap<number, readonly StoredItem<S>[]>>

/** Runs a task of this viewer when its turn comes. */
export type RunTask = <Result>(piece: () => Promise<Result>) => Promise<Result>

/**
 * Creates loaders that read within each patient's release, for one reply. Each section of a patient is a task, because
 * the store reads synchronously.
 */
export function createSectionLoaders(
  store: RecordStore,
  releases: ReadonlyMap<number, ItemReleases>,
  runTask: RunTask = (piece) => piece(),
): SectionLoaders {
  const loaders = new Map<string, DataLoader<number, boolean>>()
  const pages = new Map<string, Promise<readonly StoredItem<SectionField>[]>>()

  const load = <S extends SectionField>(
    section: S,
    question: unknown,
    patient: number,
    readItems: ReadItems<S>,
  ): Promise<readonly StoredItem<S>[]> => {
    const key = JSON.stringify([section, question, patient])
    const reading = pages.get(key) as Promise<readonly StoredItem<S>[]> | undefined
    if (reading) return reading
    const kinds = releases.get(patient)?.releasedClasses(section) ?? []
    const read = async () =>
      (await readItems([patient], { releaseClasses: new Map([[patient, kinds]]) })).get(patient) ?? []
    const items = kinds.length > 0 ? runTask(read) : Promise.resolve([])
    pages.set(key, items)
    return items
  }

  const createHolderLoader = (section: SectionField): DataLoader<number, boolean> => {
    const filter = toReleaseFilter(releases, ({ withheldClasses }) => withheldClasses(section))
    return new DataLoader(async (patients: readonly number[]) => {
      const holders = await store.findHolders(section, patients, filter)
      return patients.map((one) => holders.has(one))
    })
  }
  const isWithheld = async (section: SectionField, patient: number): Promise<boolean> => {
    const own = releases.get(patient)
    if (own?.sectionOutcome(section) === 'withheld') return true
    if (!own?.withheldClasses(section).length) return false
    const loader = loaders.get(section) ?? createHolderLoader(section)
    loaders.set(section, loader)
    return loader.load(patient)
  }

  const read = async <S extends SectionField>(
    section: S,
    question: unknown,
    patient: number,
    limit: number,
    readItems: ReadItems<S>,
  ): Promise<SectionRead<S>> => {
    const [items, withheld] = await Promise.all([
      load(section, question, patient, readItems),
      isWithheld(section, patient),
    ])
    return { items: items.slice(0, limit), withheld, hasMore: items.length > limit }
  }

  const retractions = new DataLoader<number, readonly Region.Retraction[]>(async (patients) => {
    const found = await store.readRetractions(
      patients,
      toReleaseFilter(releases, (own) => itemSections.flatMap((section) => own.releasedClasses(section))),
    )
    return patients.map((patient) => found.get(patient) ?? [])
  })

  return {
    readList: (section, patient) =>
      read(section, null, patient, maxListItems, (patients, filter) =>
        store.readList(section, patients, maxListItems, filter),
      ),
    readTimeline: (section, patient, query) =>
      read(section, query, patient, query.first, (patients, filter) =>
        store.readTimeline(section, patients, { ...query, filter: { ...query.filter, ...filter } }),
      ),
    isWithheld,
    readRetractions: (patient) => retractions.load(patient),
  }
}

function toReleaseFilter(
  releases: ReadonlyMap<number, ItemReleases>,
  toClassIds: (rules: ItemReleases) => readonly number[],
): ReleaseFilter {
  return { releaseClasses: new Map([...releases].map(([patient, own]) => [patient, toClassIds(own)])) }
}
