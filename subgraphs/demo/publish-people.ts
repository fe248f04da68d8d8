import { randomUUID } from 'node:crypto'
import { toPublication } from '../publishing/to-publication.ts'
import type { Publication, PublicationFault, RecordedPermission, RecordStore } from '../store/record-store.ts'
import { createPeople, type DemoPerson } from './create-people.ts'
import { type Bundle, publisherOf } from './vocabulary/bundle.ts'

export interface PublishPeopleOptions {
  readonly store: Pick<RecordStore, 'publish' | 'recordPermission'>
  /** The region's slug. */
  readonly region: string
  /** What the people's dates are relative to. */
  readonly now: Date
}

/**
 * Publishes what a region holds of the demo's people, each Bundle as its own publisher, and records anew whom they permit to look, for a
 * week from now; resolves with how many Bundles that were. Again on the same day it changes no record, on a later day it moves the dates
 * along. Throws where a Bundle is refused: the stories are at fault.
 */
export async function publishPeople({ store, region, now }: PublishPeopleOptions): Promise<number> {
  const people = createPeople(now)
  const publications = people.flatMap(({ bundles }) => (bundles.get(region) ?? []).flatMap(toPublications))
  for (const outcome of await store.publish(publications)) {
    if (outcome.status === 'refused') throw refusal(outcome.faults)
  }
  await Promise.all(people.flatMap((person) => toPermissions(person, region, now)).map((permission) => store.recordPermission(permission)))
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

function toPublications(bundle: Bundle): readonly Publication[] {
  const mapping = toPublication(bundle, { publisher: publisherOf(bundle) })
  if (mapping.status === 'refused') throw refusal(mapping.faults)
  return mapping.publications
}

function refusal(faults: readonly PublicationFault[]): Error {
  return new Error(`A Bundle of the demo's people was refused:\n${faults.map(({ entry, path, fault }) => `entry ${entry}, ${path}: ${fault}`).join('\n')}`)
}
