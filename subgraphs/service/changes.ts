import { randomUUID } from 'node:crypto'
import type * as Region from '../../schema/generated/region.ts'
import type { GrantDecision } from '../../schema/policies/decision.ts'
import type { Barrier, OverrideReason, PermissionBasis, ReleaseFacts } from '../../schema/policies/facts.ts'
import { toJustification } from '../../schema/reviewed-text.ts'
import type { AskedGrant, OverrideGrant } from '../store/record-store.ts'
import { createFacts, type KnownRecord, type ReleaseQuestion, readRecords } from './release-records.ts'

/** Who changes what for whom, and by which rules it is decided. */
export interface ChangeQuestion extends Omit<ReleaseQuestion, 'nhsNumbers'> {
  readonly nhsNumber: string
  /** The region's slug, with which the ids of its grants and permissions begin. */
  readonly slug: string
  /** Told of each grant from a person's tenth in an hour on. */
  readonly onFrequentGrants?: (grant: Pick<OverrideGrant, 'id'>) => void
}

const dayMs = 86_400_000
const hourMs = 3_600_000
/** So many grants of one person in an hour raise an alert. None is refused for it. */
const frequentGrants = 10

/** Records the patient's word that the viewer's organisation may look. Kept for a number never seen too, so that it is answered alike. */
export async function recordPermission(question: ChangeQuestion, basis: PermissionBasis): Promise<Region.PermissionReply> {
  const { nhsNumber, viewer, store, policies, slug, nowMs } = question
  const { facts } = await readFacts(question)
  const decision = policies.decidePermission(facts, basis)
  if (!decision.granted) return { decision: toChange(decision), permission: null, until: null }
  const permission = { id: `${slug}.${randomUUID()}`, nhsNumber, organisation: viewer.organisation.odsCode, person: viewer.id, basis, untilMs: nowMs + decision.lastsMs }
  await store.recordPermission(permission)
  return { decision: toChange(decision), permission: permission.id, until: new Date(permission.untilMs).toISOString() }
}

/** Takes it back: by anyone who could have recorded it. */
export async function withdrawPermission(question: ChangeQuestion): Promise<Region.PermissionReply> {
  const { nhsNumber, viewer, store, policies } = question
  const { facts } = await readFacts(question)
  const decision = policies.decidePermission(facts, 'CARE_EPISODE_24_HOURS')
  if (decision.granted) await store.withdrawPermission(nhsNumber, viewer.organisation.odsCode)
  return { decision: toChange({ ...decision, ...(decision.granted ? { says: 'No permission is recorded any more.' } : {}) }), permission: null, until: null }
}

export interface GlassQuestion {
  readonly barrier: Barrier
  readonly reason: OverrideReason
  readonly justification: string
}

/** Breaks the glass, where the rules let this viewer; opens the two reviews. Throws JUSTIFICATION_TOO_SHORT and JUSTIFICATION_TOO_LONG. */
export async function breakGlass(question: ChangeQuestion, { barrier, reason, justification }: GlassQuestion): Promise<Region.GrantReply> {
  const why = toJustification(justification)
  const { nhsNumber, viewer, store, policies, slug, nowMs, onFrequentGrants } = question
  const { facts, record } = await readFacts(question)
  const decision = policies.decideBreakGlass(facts, barrier, reason)
  if (!decision.granted || !record) {
    const { breakGlass: options } = policies.decideRelease(facts)
    return { decision: toChange(decision), grant: null, until: null, breakGlass: options.map((option) => ({ barrier: option.barrier, reasons: [...option.reasons] })) }
  }
  const asked: AskedGrant = { nhsNumber, person: viewer.id, organisation: viewer.organisation.odsCode, barrier, reason, justification: why }
  const repeated = await store.findSameGrant(asked, nowMs)
  if (repeated) return toGranted(decision, repeated)
  const grant: OverrideGrant = { ...asked, id: `${slug}.${randomUUID()}`, atMs: nowMs, untilMs: nowMs + decision.lastsMs }
  await store.recordGrant(grant, nowMs + policies.settings.reviewDays * dayMs)
  const isFrequent = (await store.countGrants(viewer.id, nowMs - hourMs, frequentGrants)) >= frequentGrants
  if (isFrequent) onFrequentGrants?.(grant)
  return toGranted({ ...decision, alert: decision.alert || isFrequent }, grant)
}

function toGranted(decision: GrantDecision, { id, untilMs }: OverrideGrant): Region.GrantReply {
  return { decision: toChange(decision), grant: id, until: new Date(untilMs).toISOString(), breakGlass: [] }
}

async function readFacts(question: ChangeQuestion): Promise<{ readonly facts: ReleaseFacts; readonly record: KnownRecord | undefined }> {
  const { nhsNumber, viewer, access, nowMs } = question
  const record = (await readRecords({ ...question, nhsNumbers: [nhsNumber] })).get(nhsNumber)
  return { facts: createFacts(viewer, access, nowMs)(nhsNumber, record?.facts ?? null), record }
}

function toChange({ granted, code, rules, says, policyVersion, alert }: GrantDecision): Region.ChangeDecision {
  return { done: granted, code, rules: [...rules], says, policyVersion, alert }
}
