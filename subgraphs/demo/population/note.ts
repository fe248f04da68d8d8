import { z } from 'zod'
import type { RecordStore, UnattributedPublication } from '../../store/record-store.ts'

/** What a store says of the population in it. */
export interface PopulationNote {
  readonly seed: number
  readonly scale: number
  /** The Monday that its dates are counted from. */
  readonly week: string
  /** False while it is being made. */
  readonly complete: boolean
}

/** The last number under the people's. */
const noteNumber = '9990099995'
const system = 'https://share2care.example/Id/population'
const form = z.object({ seed: z.number(), scale: z.number(), week: z.string(), complete: z.boolean() })

/**
 * The note as a patient without a name, whose local identifier it is: the stores' interface keeps nothing else. The
 * number is unverified, so no viewer is served it.
 */
export function toPopulationNotePublication(note: PopulationNote): UnattributedPublication {
  const fields = {
    name: null,
    birthDate: null,
    deceased: false,
    deceasedAt: null,
    gender: null,
    address: null,
    telecom: [],
    gpPractice: null,
  }
  const entry = { identifier: null, version: null, lastUpdated: null, organisation: null }
  const localIdentifiers = [{ system, value: JSON.stringify(note) }]
  const patient = {
    entry: 0,
    nhsNumber: noteNumber,
    verification: '02',
    supersedes: [],
    sensitive: false,
    localIdentifiers,
    fields: { ...fields, ...entry },
  }
  return { patients: [patient], items: [], optOuts: [], referrals: [], contents: [] }
}

/** Null where the store has no population. */
export async function findPopulationNote(store: Pick<RecordStore, 'findPatients'>): Promise<PopulationNote | null> {
  const patient = (await store.findPatients([noteNumber])).get(noteNumber)
  const value = patient?.localIdentifiers.find((identifier) => identifier.system === system)?.value
  return value === undefined ? null : form.parse(JSON.parse(value))
}
