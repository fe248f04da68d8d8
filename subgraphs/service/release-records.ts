import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { ReleaseDecision } from '../../schema/policies/decision.ts'
import type { PatientFacts, ReleaseFacts } from '../../schema/policies/facts.ts'
import { toAccessFacts } from '../../schema/policies/to-access-facts.ts'
import type { PatientRow, RecordStore, StoredKind, ViewerFacts } from '../store/record-store.ts'
import { decideItems, type ItemRules } from './item-rules.ts'
import { toPatientFacts } from './to-patient-facts.ts'

/** Who asks a region for whom, and by which rules it decides. */
export interface ReleaseQuestion {
  readonly nhsNumbers: readonly string[]
  readonly viewer: TokenHolder
  readonly access: AccessContext
  readonly store: RecordStore
  readonly policies: Policies
  readonly nowMs: number
  /** Told what was decided of each number. */
  readonly onRelease?: (code: ReleaseDecision['code']) => void
}

/** What was decided of one number. */
export interface Release {
  readonly decision: ReleaseDecision
  /** Id of the permission for the viewer's organisation that is in force. */
  readonly permission: string | null
  /** The patient is flagged: told to the gateway whatever was decided, for the places in other regions' answers. */
  readonly sensitive: boolean
  /** The record, and which of its items; null where none is shown. */
  readonly released: { readonly patient: PatientRow; readonly items: ItemRules } | null
}

/** A patient as asked for: what the store knows, and what the rules make of it. */
export interface KnownRecord {
  readonly patient: PatientRow
  readonly known: ViewerFacts
  readonly facts: PatientFacts
}

/** Decides steps 2 to 10 for each number, known or not. Where the access rules refuse, no patient is read. */
export async function releaseRecords(question: ReleaseQuestion): Promise<ReadonlyMap<string, Release>> {
  const releases = await decideRecords(question)
  for (const { decision } of releases.values()) question.onRelease?.(decision.code)
  return releases
}

async function decideRecords(question: ReleaseQuestion): Promise<ReadonlyMap<string, Release>> {
  const { nhsNumbers, viewer, access, store, policies, nowMs } = question
  const factsOf = createFacts(viewer, access, nowMs)
  if (policies.decideAccess(toAccessFacts(viewer, access, nowMs)).code !== 'PERMITTED') {
    return new Map(nhsNumbers.map((asked) => [asked, toUnknown(policies.decideRelease(factsOf(asked, null)))]))
  }
  const records = await readRecords(question)
  const decided = new Map([...records].map(([asked, { facts }]) => [asked, policies.decideRelease(factsOf(asked, facts))]))
  const shown = [...records].filter(([asked]) => isShown(decided.get(asked)))
  const kinds = await store.findKinds([...new Set(shown.map(([, { patient }]) => patient.key))])
  return new Map(
    nhsNumbers.map((asked): [string, Release] => {
      const record = records.get(asked)
      const decision = decided.get(asked)
      if (!record || !decision) return [asked, toUnknown(decideUnknown(policies, factsOf, asked))]
      return [asked, toRelease(record, decision, kinds.get(record.patient.key) ?? [], { policies, facts: factsOf(asked, record.facts) })]
    }),
  )
}

/** The patients that the store has for these numbers, with what it knows between each and the viewer. */
export async function readRecords({ nhsNumbers, viewer, store, nowMs }: ReleaseQuestion): Promise<ReadonlyMap<string, KnownRecord>> {
  const found = await store.findPatients([...new Set(nhsNumbers)])
  // An unknown number is looked up as far as one that must look like it.
  const keys = found.size < nhsNumbers.length ? [...found.values(), nobody] : [...found.values()]
  const known = await store.readViewerFacts(
    keys.map(({ key }) => key),
    { organisation: viewer.organisation.odsCode, person: viewer.id, nowMs },
  )
  return new Map(
    [...found].flatMap(([asked, patient]): [string, KnownRecord][] => {
      const facts = known.get(patient.key)
      return facts ? [[asked, { patient, known: facts, facts: toPatientFacts(patient, facts, { ownNumber: viewer.nhsNumber, nowMs }) }]] : []
    }),
  )
}

/** Everything that the rules read, for one number. */
export function createFacts(viewer: TokenHolder, access: AccessContext, nowMs: number): (asked: string, patient: PatientFacts | null) => ReleaseFacts {
  const shared = { ...toAccessFacts(viewer, access, nowMs), reason: access.reason, claim: access.relationship }
  return (asked, patient) => ({ ...shared, ownNumber: viewer.nhsNumber === asked, patient })
}

const nobody = { key: -1 }

function isShown(decision: ReleaseDecision | undefined): boolean {
  return decision !== undefined && !decision.concealed && (decision.code === 'PERMITTED' || decision.code === 'OVERRIDDEN')
}

function toUnknown(decision: ReleaseDecision): Release {
  return { decision, permission: null, sensitive: false, released: null }
}

function toRelease(
  { patient, known }: KnownRecord,
  decision: ReleaseDecision,
  kinds: readonly StoredKind[],
  { policies, facts }: { policies: Policies; facts: ReleaseFacts },
): Release {
  const { sensitive } = patient
  if (!isShown(decision)) return { ...toUnknown(decision), sensitive }
  const permission = known.permission !== null && known.permission.untilMs > facts.nowMs ? known.permission.id : null
  return { decision, permission, sensitive, released: { patient, items: decideItems(policies, facts, kinds) } }
}

/** Decided as a patient would be who must look like an unknown number, so that time does not tell the two apart. */
function decideUnknown(policies: Policies, factsOf: ReturnType<typeof createFacts>, asked: string): ReleaseDecision {
  const decoy = policies.decideRelease(factsOf(asked, unverified))
  return decoy.concealed ? decoy : policies.decideRelease(factsOf(asked, null))
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
