import { randomUUID } from 'node:crypto'
import { loadPublishers, type Publishers } from '../../schema/publishers.ts'
import { toPublication } from '../publishing/to-publication.ts'
import { loadRegion } from '../service/store-settings.ts'
import { toPublishedBy } from '../store/published-by.ts'
import type { Publication, PublicationFault, RecordedPermission, RecordStore } from '../store/record-store.ts'
import { createPeople, type DemoPerson } from './create-people.ts'
import { type Bundle, publisherOf } from './vocabulary/bundle.ts'

export interface PublishPeopleOptions {
  readonly store: Pick<RecordStore, 'publish' | 'recordPermission'>
  /** The region's slug. */
  readonly region: string
  /** What the people's dates are relative to. */
  readonly now: Date
  /** Who publishes in the region. @default the region's of schema/publishers.json */
  readonly publishers?: Pick<Publishers, 'find'>
}

/**
 * Publishes what a region holds of the demo's people, each Bundle as its own publisher, and records anew whom they
 * permit to look, for a week from now; resolves with how many Bundles that were. Again on the same day it changes no
 * record, on a later day it moves the dates along. Throws where a Bundle is refused or its publisher is not listed: the
 * stories are at fault.
 */
export async function publishPeople({
  store,
  region,
  now,
  publishers = loadPublishers(loadRegion(region)),
}: PublishPeopleOptions): Promise<number> {
  const requestId = randomUUID()
  const people = createPeople(now)
  const publications = people.flatMap(({ bundles }) =>
    (bundles.get(region) ?? []).flatMap((bundle) => toPublications(bundle, publishers, requestId)),
  )
  for (const outcome of await store.publish(publications)) {
    if (outcome.status === 'refused') throw refusal(outcome.faults)
  }
  await Promise.all(
    people
      .flatMap((person) => toPermissions(person, region, now))
      .map((permission) => store.recordPermission(permission)),
  )
  return publications.length
}

/** NHS CIS2 user id of nobody: what people said before the demo began. */
const recordedBy = '555000000000'
const weekMs = 7 * 86_400_000

function toPermissions({ nhsNumber, permits }: DemoPerson, region: string, now: Date): readonly RecordedPermission[] {
  return (permits.get(region) ?? []).map((organisation) => ({
    id: randomUUID(),
    nhsNumber,
    organisation,
    person: recordedBy,
    basis: 'INPATIENT_STAY_7_DAYS',
    untilMs: now.getTime() + weekMs,
  }))
}

function toPublications(
  bundle: Bundle,
  publishers: Pick<Publishers, 'find'>,
  requestId: string,
): readonly Publication[] {
  const organisation = publisherOf(bundle)
  const publisher = publishers.find(organisation.odsCode)
  if (publisher === null)
    throw new Error(
      `The demo's people: expected publishers that are listed, found ${organisation.odsCode}, which is not`,
    )
  const mapping = toPublication(bundle, { publisher: organisation })
  if (mapping.status === 'refused') throw refusal(mapping.faults)
  const by = toPublishedBy(publisher, { via: 'demo', person: null, requestId })
  return mapping.publications.map((publication) => ({ ...publication, by }))
}

function refusal(faults: readonly PublicationFault[]): Error {
  return new Error(
    `A Bundle of the demo's people was refused:\n${faults.map(({ entry, path, fault }) => `entry ${entry}, ${path}: ${fault}`).join('\n')}`,
  )
}
