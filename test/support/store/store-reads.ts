import type { ReleaseClass } from '../../../schema/policies/facts.ts'
import type { ListSectionField, TimelineSectionField } from '../../../schema/sections.ts'
import { parseTimelinePosition, type TimelinePosition } from '../../../schema/timeline-position.ts'
import type { PublishEffect } from '../../../subgraphs/store/published-by.ts'
import type {
  PublicationOutcome,
  RecordStore,
  ReleaseFilter,
  StoredItem,
  TimelineFilter,
} from '../../../subgraphs/store/record-store.ts'
import { numberOf, type publication } from './publications.ts'

/** Publishes what must be stored; what became of each entry. */
export async function publishOne(
  store: RecordStore,
  one: ReturnType<typeof publication>,
): Promise<Record<number, PublishEffect>> {
  const [outcome]: readonly (PublicationOutcome | undefined)[] = await store.publish([one])
  if (outcome?.status !== 'stored') throw new Error(JSON.stringify(outcome))
  return Object.fromEntries(outcome.entries)
}

/** The store's key of a number; undefined where it has no record. */
export async function keyOf(store: RecordStore, nhsNumber: string): Promise<number | undefined> {
  return (await store.findPatients([nhsNumber])).get(nhsNumber)?.key
}

/** A list section of the nth patient. */
export async function readList<S extends ListSectionField>(
  store: RecordStore,
  section: S,
  n = 0,
): Promise<readonly StoredItem<S>[]> {
  const key = (await keyOf(store, numberOf(n))) ?? -1
  return (await store.readList(section, [key], 99)).get(key) ?? []
}

/** A timeline of the first patient. */
export async function readTimeline<S extends TimelineSectionField>(
  store: RecordStore,
  section: S,
  filter: TimelineFilter = {},
): Promise<readonly StoredItem<S>[]> {
  const key = (await keyOf(store, numberOf(0))) ?? -1
  return (
    (await store.readTimeline(section, [key], { first: 99, after: null, fromMs: null, toMs: null, filter })).get(key) ??
    []
  )
}

/** The kinds of a patient's items that are wanted, as a filter for reading them. */
export async function toFilter(
  store: RecordStore,
  key: number,
  isWanted: (kind: ReleaseClass) => boolean,
): Promise<ReleaseFilter> {
  const kinds = (await store.findReleaseClasses([key])).get(key) ?? []
  return {
    releaseClasses: new Map([[key, kinds.filter(({ releaseClass }) => isWanted(releaseClass)).map(({ id }) => id)]]),
  }
}

/** Wants what does not bear the label. */
export function without(label: string): (kind: ReleaseClass) => boolean {
  return ({ labels }) => !labels?.includes(label)
}

/**
 * Ids of what the first patient's record has retracted or replaced, of the kinds wanted; the identity of what was never
 * held.
 */
export async function readRetracted(
  store: RecordStore,
  isWanted: (kind: ReleaseClass) => boolean = () => true,
): Promise<readonly string[]> {
  const key = (await keyOf(store, numberOf(0))) ?? -1
  return ((await store.readRetractions([key], await toFilter(store, key, isWanted))).get(key) ?? []).map(
    ({ id, identity }) => id ?? identity,
  )
}

/** A printed position, read. */
export function positionOf(text: string): TimelinePosition {
  const position = parseTimelinePosition(text)
  if (!position) throw new Error(`no position: ${text}`)
  return position
}
