import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { PatientRow, RecordStore } from '../store/record-store.ts'
import { decideRelease, type Release } from './decide-release.ts'
import type { ReleasedRecord } from './released-record.ts'
import { createSectionReads } from './section-reads.ts'

/** The most numbers that may be asked for at once. */
export const mostPatients = 50

export interface ViewQuestion {
  readonly nhsNumbers: readonly string[]
  readonly viewer: TokenHolder
  readonly access: AccessContext
  readonly store: RecordStore
  readonly nowMs: number
}

/** The SDL's PatientReply, its retractions read when they are asked for and its record resolved section by section. */
type PatientReply = Omit<Region.PatientReply, 'record' | 'retractions'> & {
  readonly retractions: () => Promise<readonly Region.Retraction[]>
  readonly record: ReleasedRecord | null
}

type ViewReply = Omit<Region.ViewReply, 'patients'> & { readonly patients: readonly PatientReply[] }

/** One region's answer for a list of numbers. The access rules come before any patient is read, so they tell known and unknown numbers alike. */
export async function readView({ nhsNumbers, viewer, access, store, nowMs }: ViewQuestion): Promise<ViewReply> {
  if (nhsNumbers.length > mostPatients) throw fault('TOO_MANY_PATIENTS', `Expected at most ${mostPatients} numbers.`)
  const decision = decideRelease({ viewer, access, patient: null })
  // Before the data: whatever was committed up to this number is then in the reply.
  const sequence = await store.sequence()
  const readAt = new Date(nowMs).toISOString()
  if (decision.decision.code !== 'PERMITTED') return { sequence, readAt, patients: nhsNumbers.map((asked) => toReply(asked, decision, false)) }
  const found = await store.findPatients([...new Set(nhsNumbers)])
  const releases = new Map([...found].map(([asked, patient]) => [asked, decideRelease({ viewer, access, patient })]))
  const rules = new Map([...found].flatMap(([asked, patient]) => toRules(patient, releases.get(asked))))
  const reads = createSectionReads(store, rules)
  const patients = nhsNumbers.map((asked): PatientReply => {
    const patient = found.get(asked)
    const release = releases.get(asked) ?? decision
    if (!patient || !release.items) return toReply(asked, release, release.decision.code === 'REFUSED_OPT_OUT' && patient?.sensitive === true)
    return {
      ...toReply(asked, release, patient.sensitive),
      nhsNumber: patient.nhsNumber,
      birthDate: patient.demographics?.birthDate ?? null,
      retractions: () => reads.readRetractions(patient.key),
      record: { patient, reads },
    }
  })
  return { sequence, readAt, patients }
}

function toRules(patient: PatientRow, release: Release | undefined) {
  return release?.items ? [[patient.key, release.items] as const] : []
}

function toReply(askedNhsNumber: string, { decision }: Release, sensitive: boolean): PatientReply {
  return { askedNhsNumber, nhsNumber: null, birthDate: null, sensitive, decision, retractions: async () => [], record: null }
}
