import { toPublication } from '../publishing/to-publication.ts'
import type { Publication, PublicationFault, RecordStore } from '../store/record-store.ts'
import { createPeople } from './create-people.ts'
import { type Bundle, publisherOf } from './vocabulary/bundle.ts'

export interface PublishPeopleOptions {
  readonly store: Pick<RecordStore, 'publish'>
  /** The region's slug. */
  readonly region: string
  /** What the people's dates are relative to. */
  readonly now: Date
}

/**
 * Publishes what a region holds of the demo's people, each Bundle as its own publisher; resolves with how many Bundles that were. Again on
 * the same day it changes nothing, on a later day it moves the dates along. Throws where a Bundle is refused: the stories are at fault.
 */
export async function publishPeople({ store, region, now }: PublishPeopleOptions): Promise<number> {
  const publications = createPeople(now).flatMap(({ bundles }) => (bundles.get(region) ?? []).flatMap(toPublications))
  for (const outcome of await store.publish(publications)) {
    if (outcome.status === 'refused') throw refusal(outcome.faults)
  }
  return publications.length
}

function toPublications(bundle: Bundle): readonly Publication[] {
  const mapping = toPublication(bundle, { publisher: publisherOf(bundle) })
  if (mapping.status === 'refused') throw refusal(mapping.faults)
  return mapping.publications
}

function refusal(faults: readonly PublicationFault[]): Error {
  return new Error(`A Bundle of the demo's people was refused:\n${faults.map(({ entry, path, fault }) => `entry ${entry}, ${path}: ${fault}`).join('\n')}`)
}
