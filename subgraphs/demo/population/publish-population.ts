import { randomUUID } from 'node:crypto'
import { loadPublishers, type Publishers } from '../../../schema/publishers.ts'
import { loadRegion } from '../../service/store-settings.ts'
import { type PublishedBy, toPublishedBy } from '../../store/published-by.ts'
import type { RecordStore, UnattributedPublication } from '../../store/record-store.ts'
import type { DemoRegion } from '../vocabulary/person.ts'
import { toWeekStart } from './days.ts'
import { documentsAtScale } from './figures.ts'
import { findPopulationNote, type PopulationNote, toPopulationNotePublication } from './note.ts'
import { population } from './population.ts'

export interface PublishPopulationOptions {
  readonly store: Pick<RecordStore, 'findPatients' | 'publish'>
  /** The region's slug. */
  readonly region: DemoRegion
  /** 1 is the programme's size; 0 is nobody. @default 0.01 */
  readonly scale?: number
  /** @default 1 */
  readonly seed?: number
  /** What the dates are relative to. */
  readonly now: Date
  /** Who publishes in the region: all of the population is its office's, as an import is. @default the region's of schema/publishers.json */
  readonly publishers?: Pick<Publishers, 'office'>
  /** After every batch. */
  readonly onProgress?: (progress: PopulationProgress) => void
}

export interface PopulationProgress {
  readonly people: number
  readonly documents: number
  readonly totalDocuments: number
}

/**
 * made: published now. there: it was, less than four weeks old. another: the store has one of another seed or scale,
 * which is left as it is.
 */
export type PopulationOutcome = { readonly status: 'made' | 'there' | 'another'; readonly note: PopulationNote }

const freshDays = 28
/** Items to a transaction: enough that its fsync costs little, few enough that their memory does not show. */
const batchItems = 10_000

/**
 * Publishes what a region holds of the population, unless it is there. One that is older than four weeks is moved
 * along, one that was interrupted is completed. Throws where a publication is refused: the population is at fault, or
 * another import has its numbers.
 */
export async function publishPopulation({
  store,
  region,
  scale = 0.01,
  seed = 1,
  now,
  publishers = loadPublishers(loadRegion(region)),
  onProgress,
}: PublishPopulationOptions): Promise<PopulationOutcome> {
  const there = await findPopulationNote(store)
  const asked: PopulationNote = { seed, scale, week: toWeekStart(now), complete: true }
  if (there && (there.seed !== seed || there.scale !== scale)) return { status: 'another', note: there }
  if (documentsAtScale(region, scale) === 0) return { status: 'there', note: asked }
  const isFresh = there !== null && Date.parse(asked.week) - Date.parse(there.week) < freshDays * 86_400_000
  if (isFresh && there.complete) return { status: 'there', note: there }
  const note = isFresh ? { ...there, complete: true } : asked
  const by = toPublishedBy(publishers.office, { via: 'demo', person: null, requestId: randomUUID() })
  await publishAll(store, by, [toPopulationNotePublication({ ...note, complete: false })])
  let progress: PopulationProgress = { people: 0, documents: 0, totalDocuments: documentsAtScale(region, scale) }
  for (const batch of batches(population({ region, seed, scale, now: new Date(`${note.week}T12:00:00Z`) }))) {
    await publishAll(store, by, batch)
    progress = {
      ...progress,
      people: progress.people + batch.length,
      documents: progress.documents + countDocuments(batch),
    }
    onProgress?.(progress)
  }
  await publishAll(store, by, [toPopulationNotePublication(note)])
  return { status: 'made', note }
}

function* batches(
  publications: Iterable<UnattributedPublication>,
): Generator<readonly UnattributedPublication[], void, undefined> {
  let batch: UnattributedPublication[] = []
  let items = 0
  for (const publication of publications) {
    batch.push(publication)
    items += publication.items.length
    if (items < batchItems) continue
    yield batch
    batch = []
    items = 0
  }
  if (batch.length > 0) yield batch
}

async function publishAll(
  store: Pick<RecordStore, 'publish'>,
  by: PublishedBy,
  publications: readonly UnattributedPublication[],
): Promise<void> {
  for (const outcome of await store.publish(publications.map((publication) => ({ ...publication, by })))) {
    if (outcome.status === 'refused')
      throw new Error(
        `A publication of the population was refused: ${outcome.faults.map(({ path, fault }) => `${path}: ${fault}`).join(' ')}`,
      )
  }
}

function countDocuments(publications: readonly UnattributedPublication[]): number {
  return publications.reduce(
    (sum, { items }) => sum + items.reduce((count, { section }) => count + Number(section === 'documents'), 0),
    0,
  )
}
