import {
  isTimelineField,
  type ListSectionField,
  type SectionItems,
  sectionFields,
  type TimelineSectionField,
} from '../../../schema/sections.ts'
import type { PatientRow, RecordStore, StoredItem } from '../../store/record-store.ts'
import type { DemoRegion } from '../vocabulary/person.ts'
import {
  type HeldItem,
  type Holding,
  type Holdings,
  toComparable,
  toHeldDocument,
  toIdentifierText,
} from './holding.ts'
import { type Outline, type OutlinesOptions, outlines } from './outlines.ts'

export interface StoredHoldingsOptions extends OutlinesOptions {
  readonly stores: ReadonlyMap<DemoRegion, RecordStore>
}

const atOnce = 500
const more = 100_000
const lists = sectionFields.filter((section) => !isTimelineField(section))
const timelines = sectionFields.filter(isTimelineField)
const whole = {
  first: more,
  after: null,
  fromMs: null,
  toMs: null,
  filter: { lifecycles: ['current', 'superseded', 'retracted'] },
} as const

/** What the stores hold of each person of the population, by reading it; nobody for one whom no store knows. */
export async function* storedHoldings({
  stores,
  seed,
  scale,
}: StoredHoldingsOptions): AsyncGenerator<Holdings, void, undefined> {
  let people: Outline[] = []
  for (const outline of outlines({ seed, scale })) {
    people.push(outline)
    if (people.length < atOnce) continue
    yield* await readHoldings(stores, people)
    people = []
  }
  yield* await readHoldings(stores, people)
}

async function readHoldings(
  stores: StoredHoldingsOptions['stores'],
  people: readonly Outline[],
): Promise<readonly Holdings[]> {
  const byRegion = await Promise.all(
    [...stores].map(async ([region, store]) => [region, await readStore(store, people)] as const),
  )
  return people.map(
    ({ nhsNumber }) => new Map(byRegion.flatMap(([region, holdings]) => toEntry(region, holdings.get(nhsNumber)))),
  )
}

function toEntry(region: DemoRegion, holding: Holding | undefined): readonly (readonly [DemoRegion, Holding])[] {
  return holding ? [[region, holding]] : []
}

async function readStore(store: RecordStore, people: readonly Outline[]): Promise<ReadonlyMap<string, Holding>> {
  const patients = await store.findPatients(
    people.flatMap(({ nhsNumber, earlierNumber }) =>
      earlierNumber === null ? [nhsNumber] : [nhsNumber, earlierNumber],
    ),
  )
  const items = await readItems(
    store,
    [...patients.values()].map(({ key }) => key),
  )
  return new Map(
    people.flatMap(({ nhsNumber, earlierNumber }) => {
      const patient = patients.get(nhsNumber)
      const isRenumbered = earlierNumber !== null && patients.get(earlierNumber)?.nhsNumber === nhsNumber
      return patient ? [[nhsNumber, toHolding(patient, isRenumbered, items.get(patient.key) ?? [])]] : []
    }),
  )
}

/** By patient key. What is on the list of retractions and nowhere else was taken back, or replaced, among the lists. */
async function readItems(
  store: RecordStore,
  keys: readonly number[],
): Promise<ReadonlyMap<number, readonly HeldItem[]>> {
  const found = new Map<number, HeldItem[]>(keys.map((key) => [key, []]))
  const kinds = [...(await store.findReleaseClasses(keys)).values()].flat()
  const labelsOf = new Map(kinds.map(({ id, releaseClass }) => [id, releaseClass.labels ?? []]))
  const add = (key: number, items: readonly HeldItem[]) => found.get(key)?.push(...items)
  for (const section of lists)
    for (const [key, items] of await store.readList(section, keys, more))
      add(key, items.map(toHeldItem(section, labelsOf)))
  for (const section of timelines)
    for (const [key, items] of await store.readTimeline(section, keys, whole))
      add(key, items.map(toHeldItem(section, labelsOf)))
  for (const [key, retractions] of await store.readRetractions(keys)) {
    const known = new Set(found.get(key)?.map(({ identifier }) => identifier))
    const others = retractions
      .map(({ identifier }) => toIdentifierText(identifier))
      .filter((identifier) => !known.has(identifier))
    add(
      key,
      others.map((identifier) => ({ section: 'problems', identifier, lifecycle: 'retracted', document: null })),
    )
  }
  return found
}

function toHeldItem<S extends ListSectionField | TimelineSectionField>(
  section: S,
  labelsOf: ReadonlyMap<number, readonly string[]>,
) {
  return ({ item, releaseClass, lifecycle }: StoredItem<S>): HeldItem => ({
    section,
    identifier: toIdentifierText(item.identifier),
    lifecycle,
    document: isDocument(item) ? toHeldDocument(item, item.organisation, labelsOf.get(releaseClass) ?? []) : null,
  })
}

function isDocument(item: SectionItems[keyof SectionItems]): item is SectionItems['documents'] {
  return 'contentAnswer' in item
}

function toHolding(
  { verification, sensitive, demographics, optOuts }: PatientRow,
  renumbered: boolean,
  items: readonly HeldItem[],
): Holding {
  return {
    verified: verification === '01',
    sensitive,
    deceased: demographics?.deceased ?? false,
    renumbered,
    optedOut:
      optOuts[0] === undefined ? null : optOuts[0].organisation === null ? 'of the region' : 'of an organisation',
    birthDate: demographics?.birthDate ?? null,
    demographics: demographics ? toComparable(demographics) : '',
    items,
  }
}
