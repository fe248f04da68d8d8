import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { answerInSteps } from './answer-in-steps.ts'
import type { FairTurns } from './fair-turns.ts'
import { type Release, type ReleaseQuestion, releaseRecords } from './release-records.ts'
import type { ReleasedRecord } from './released-record.ts'
import { createSectionReads, type SectionReads } from './section-reads.ts'

/** The most numbers that may be asked for at once. */
export const mostPatients = 50

/** The SDL's PatientReply, its retractions read when they are asked for and its record resolved section by section. */
type PatientReply = Omit<Region.PatientReply, 'record' | 'retractions'> & {
  readonly retractions: () => Promise<readonly Region.Retraction[]>
  readonly record: ReleasedRecord | null
}

type ViewReply = Omit<Region.ViewReply, 'patients'> & { readonly patients: readonly PatientReply[] }

/** One region's answer for a list of numbers. */
export async function readView(question: ReleaseQuestion & { readonly turns: FairTurns }): Promise<ViewReply> {
  const { nhsNumbers, store, turns, viewer, nowMs } = question
  if (nhsNumbers.length > mostPatients) throw fault('TOO_MANY_PATIENTS', `Expected at most ${mostPatients} numbers.`)
  // Before the data: whatever was committed up to this number is then in the reply.
  const sequence = await store.sequence()
  const releases = await answerInSteps(() => releaseRecords(question), showsNotAll)
  const rules = new Map([...releases.values()].flatMap(({ released }) => (released ? [[released.patient.key, released.items] as const] : [])))
  const reads = createSectionReads(store, rules, (piece) => turns.run(viewer.id, piece))
  const patients = [...releases].map(([asked, release]): readonly [string, PatientReply] => [asked, toPatientReply(asked, release, reads)])
  const byNumber = new Map(patients)
  return { sequence, readAt: new Date(nowMs).toISOString(), patients: nhsNumbers.flatMap((asked) => byNumber.get(asked) ?? []) }
}

function showsNotAll(releases: ReadonlyMap<string, Release>): boolean {
  return [...releases.values()].some(({ released }) => released === null)
}

function toPatientReply(askedNhsNumber: string, release: Release, reads: SectionReads): PatientReply {
  const { released, sensitive } = release
  const common = { askedNhsNumber, sensitive, decision: toReleaseDecision(release) }
  if (!released) return { ...common, nhsNumber: null, birthDate: null, demographicsWithheld: false, retractions: async () => [], record: null }
  const { patient, items } = released
  return {
    ...common,
    nhsNumber: patient.nhsNumber,
    birthDate: patient.demographics?.birthDate ?? null,
    demographicsWithheld: items.section('demographics') === 'withheld',
    retractions: async () => {
      const found = await reads.readRetractions(patient.key)
      return sensitive ? found.map((one) => ({ ...one, organisation: null })) : found
    },
    record: { patient, items, reads },
  }
}

/** The decision as the SDL has it. */
export function toReleaseDecision({ decision, permission, released }: Pick<Release, 'decision' | 'permission' | 'released'>): Region.ReleaseDecision {
  const { code, rules, policyVersion, breakGlass, grants, alert, standsForMs, cacheable } = decision
  return {
    code,
    rules: [...rules],
    policyVersion,
    breakGlass: breakGlass.map(({ barrier, reasons }) => ({ barrier, reasons: [...reasons] })),
    grants: [...grants],
    permission,
    itemRules: [...(released?.items.rules ?? [])],
    alert,
    standsForMs,
    cacheable: cacheable && released !== null && !released.items.showsVeryRestricted,
  }
}
