import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import type { FairScheduler } from './fair-scheduler.ts'
import { padResponseTime } from './pad-response-time.ts'
import { type RecordRelease, type RecordReleaseRequest, releaseRecords } from './release-records.ts'
import type { ReleasedRecord } from './released-record.ts'
import { createSectionLoaders, type SectionLoaders } from './section-loaders.ts'

/** Most NHS numbers in one request. */
export const maxPatientsPerRequest = 50

/** The SDL's PatientReply before resolving: retractions are read if selected, and the record section by section. */
type PatientReply = Omit<Region.PatientReply, 'record' | 'retractions'> & {
  readonly retractions: () => Promise<readonly Region.Retraction[]>
  readonly record: ReleasedRecord | null
}

type ViewReply = Omit<Region.ViewReply, 'patients'> & { readonly patients: readonly PatientReply[] }

/** Answers a list of NHS numbers for one region. */
export async function readView(request: RecordReleaseRequest & { readonly turns: FairScheduler }): Promise<ViewReply> {
  const { nhsNumbers, store, turns, viewer, nowMs } = request
  if (nhsNumbers.length > maxPatientsPerRequest)
    throw fault('TOO_MANY_PATIENTS', `Expected at most ${maxPatientsPerRequest} numbers.`)
  // The sequence is read before the data, so that the reply contains every change up to it.
  const sequence = await store.sequence()
  const releases = await padResponseTime(() => releaseRecords(request), hidesSomeRecord)
  const itemReleases = new Map(
    [...releases.values()].flatMap(({ released }) =>
      released ? [[released.patient.key, released.items] as const] : [],
    ),
  )
  const loaders = createSectionLoaders(store, itemReleases, (piece) => turns.run(viewer.id, piece))
  const patients = [...releases].map(([asked, release]): readonly [string, PatientReply] => [
    asked,
    toPatientReply(asked, release, loaders),
  ])
  const byNumber = new Map(patients)
  return {
    sequence,
    readAt: new Date(nowMs).toISOString(),
    patients: nhsNumbers.flatMap((asked) => byNumber.get(asked) ?? []),
  }
}

function hidesSomeRecord(releases: ReadonlyMap<string, RecordRelease>): boolean {
  return [...releases.values()].some(({ released }) => released === null)
}

function toPatientReply(askedNhsNumber: string, release: RecordRelease, loaders: SectionLoaders): PatientReply {
  const { released, sensitive } = release
  const common = { askedNhsNumber, sensitive, decision: toSdlReleaseDecision(release) }
  if (!released)
    return {
      ...common,
      nhsNumber: null,
      birthDate: null,
      demographicsWithheld: false,
      retractions: async () => [],
      record: null,
    }
  const { patient, items } = released
  return {
    ...common,
    nhsNumber: patient.nhsNumber,
    birthDate: patient.demographics?.birthDate ?? null,
    demographicsWithheld: items.sectionOutcome('demographics') === 'withheld',
    retractions: async () => {
      const found = await loaders.readRetractions(patient.key)
      return sensitive ? found.map((one) => ({ ...one, organisation: null })) : found
    },
    record: { patient, items, loaders },
  }
}

/** Converts a decision to the SDL's type. */
export function toSdlReleaseDecision({
  decision,
  permission,
  released,
}: Pick<RecordRelease, 'decision' | 'permission' | 'released'>): Region.ReleaseDecision {
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
