import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { ReleaseDecision } from '../../schema/policies/decision.ts'
import type { PatientFacts, ReleaseFacts } from '../../schema/policies/facts.ts'
import { toAccessFacts } from '../../schema/policies/to-access-facts.ts'
import type { PatientRow, RecordStore, StoredReleaseClass, ViewerFacts } from '../store/record-store.ts'
import { decideItemReleases, type ItemReleases } from './item-releases.ts'
import { toPatientFacts } from './to-patient-facts.ts'

/** The viewer's request for some numbers, and the rules that decide it. */
export interface RecordReleaseRequest {
  readonly nhsNumbers: readonly string[]
  readonly viewer: TokenHolder
  readonly access: AccessContext
  readonly store: RecordStore
  readonly policies: Policies
  readonly nowMs: number
  /** Is called with the decision on each number. */
  readonly onRelease?: (code: ReleaseDecision['code']) => void
}

/** The decision on one number. */
export interface RecordRelease {
  readonly decision: ReleaseDecision
  /** Id of the permission in force for the viewer's organisation. */
  readonly permission: string | null
  /**
   * Whether the patient is flagged. The gateway gets this whatever was decided, to redact places in other regions'
   * answers.
   */
  readonly sensitive: boolean
  /** The record and the release of its items; null if none is shown. */
  readonly released: { readonly patient: PatientRow; readonly items: ItemReleases } | null
}

/** A requested patient: the store's facts, and the rules' decision. */
export interface KnownRecord {
  readonly patient: PatientRow
  readonly viewerFacts: ViewerFacts
  readonly facts: PatientFacts
}

/** Decides steps 2 to 10 for each number, known or not. If the access rules refuse, no patient is read. */
export async function releaseRecords(request: RecordReleaseRequest): Promise<ReadonlyMap<string, RecordRelease>> {
  const releases = await decideRecords(request)
  for (const { decision } of releases.values()) request.onRelease?.(decision.code)
  return releases
}

async function decideRecords(request: RecordReleaseRequest): Promise<ReadonlyMap<string, RecordRelease>> {
  const { nhsNumbers, viewer, access, store, policies, nowMs } = request
  const factsOf = createReleaseFacts(viewer, access, nowMs)
  if (policies.decideAccess(toAccessFacts(viewer, access, nowMs)).code !== 'PERMITTED') {
    return new Map(nhsNumbers.map((asked) => [asked, toUnknown(policies.decideRelease(factsOf(asked, null)))]))
  }
  const records = await readRecords(request)
  const decided = new Map(
    [...records].map(([asked, { facts }]) => [asked, policies.decideRelease(factsOf(asked, facts))]),
  )
  const shown = [...records].filter(([asked]) => isShown(decided.get(asked)))
  const kinds = await store.findReleaseClasses([...new Set(shown.map(([, { patient }]) => patient.key))])
  return new Map(
    nhsNumbers.map((asked): [string, RecordRelease] => {
      const record = records.get(asked)
      const decision = decided.get(asked)
      if (!record || !decision) return [asked, toUnknown(decideUnknown(policies, factsOf, asked))]
      return [
        asked,
        toRelease(record, decision, kinds.get(record.patient.key) ?? [], {
          policies,
          facts: factsOf(asked, record.facts),
        }),
      ]
    }),
  )
}

/** Reads the records of these numbers, and the facts between each patient and the viewer. */
export async function readRecords({
  nhsNumbers,
  viewer,
  store,
  nowMs,
}: RecordReleaseRequest): Promise<ReadonlyMap<string, KnownRecord>> {
  const found = await store.findPatients([...new Set(nhsNumbers)])
  // An unknown number costs the same reads as a concealed one.
  const keys = found.size < nhsNumbers.length ? [...found.values(), noViewerFacts] : [...found.values()]
  const known = await store.readViewerFacts(
    keys.map(({ key }) => key),
    { organisation: viewer.organisation.odsCode, person: viewer.id, nowMs },
  )
  return new Map(
    [...found].flatMap(([asked, patient]): [string, KnownRecord][] => {
      const facts = known.get(patient.key)
      return facts
        ? [
            [
              asked,
              {
                patient,
                viewerFacts: facts,
                facts: toPatientFacts(patient, facts, { ownNumber: viewer.nhsNumber, nowMs }),
              },
            ],
          ]
        : []
    }),
  )
}

/** Creates a function that gathers the facts that rules read, for one number. */
export function createReleaseFacts(
  viewer: TokenHolder,
  access: AccessContext,
  nowMs: number,
): (asked: string, patient: PatientFacts | null) => ReleaseFacts {
  const shared = { ...toAccessFacts(viewer, access, nowMs), reason: access.reason, claim: access.relationship }
  return (asked, patient) => ({ ...shared, ownNumber: viewer.nhsNumber === asked, patient })
}

const noViewerFacts = { key: -1 }

function isShown(decision: ReleaseDecision | undefined): boolean {
  return (
    decision !== undefined && !decision.concealed && (decision.code === 'PERMITTED' || decision.code === 'OVERRIDDEN')
  )
}

function toUnknown(decision: ReleaseDecision): RecordRelease {
  return { decision, permission: null, sensitive: false, released: null }
}

function toRelease(
  { patient, viewerFacts }: KnownRecord,
  decision: ReleaseDecision,
  kinds: readonly StoredReleaseClass[],
  { policies, facts }: { policies: Policies; facts: ReleaseFacts },
): RecordRelease {
  const { sensitive } = patient
  if (!isShown(decision)) return { ...toUnknown(decision), sensitive }
  const permission =
    viewerFacts.permission !== null && viewerFacts.permission.untilMs > facts.nowMs ? viewerFacts.permission.id : null
  return { decision, permission, sensitive, released: { patient, items: decideItemReleases(policies, facts, kinds) } }
}

/** Decides an unknown number by the same steps as a concealed patient, so that timing does not tell the two apart. */
function decideUnknown(
  policies: Policies,
  toFacts: ReturnType<typeof createReleaseFacts>,
  asked: string,
): ReleaseDecision {
  const decoy = policies.decideRelease(toFacts(asked, unverified))
  return decoy.concealed ? decoy : policies.decideRelease(toFacts(asked, null))
}

const unverified: PatientFacts = {
  relationship: { encounterDays: null, referralDays: null, registrationDays: null, inpatient: false },
  verified: false,
  sensitive: false,
  deceased: false,
  deceasedDays: null,
  age: null,
  optOuts: { whole: false, sources: [] },
  permissionUntilMs: null,
  grants: [],
  viewersOwn: false,
}
