import { randomUUID } from 'node:crypto'
import type * as Region from '../../schema/generated/region.ts'
import type { GrantDecision } from '../../schema/policies/decision.ts'
import type { Barrier, OverrideReason, PermissionBasis, ReleaseFacts } from '../../schema/policies/facts.ts'
import { toJustification } from '../../schema/reviewed-text.ts'
import {
  createReleaseFacts,
  type KnownRecord,
  type RecordReleaseRequest,
  readRecords,
} from '../release/release-records.ts'
import type { GrantRequest, OverrideGrant } from '../store/record-store.ts'

/** A viewer's request to change consent for a patient, and the rules that decide it. */
export interface PatientRequest extends Omit<RecordReleaseRequest, 'nhsNumbers'> {
  readonly nhsNumber: string
  /** The region's slug, the prefix of its grants' and permissions' ids. */
  readonly slug: string
  /** Is called for each grant from a person's tenth in an hour on. */
  readonly onFrequentGrants?: (grant: Pick<OverrideGrant, 'id'>) => void
}

const dayMs = 86_400_000
const hourMs = 3_600_000
/** Number of one person's grants in an hour from which each raises an alert. None is refused for it. */
const frequentGrantThreshold = 10

/**
 * Records the patient's permission for the viewer's organisation. An unknown number gets one too, so that the answer is
 * the same.
 */
export async function recordPermission(
  request: PatientRequest,
  basis: PermissionBasis,
): Promise<Region.PermissionReply> {
  const { nhsNumber, viewer, store, policies, slug, nowMs } = request
  const { facts } = await readReleaseFacts(request)
  const decision = policies.decidePermission(facts, basis)
  if (!decision.granted) return { decision: toPermissionChange(decision), permission: null, until: null }
  const permission = {
    id: `${slug}.${randomUUID()}`,
    nhsNumber,
    organisation: viewer.organisation.odsCode,
    person: viewer.id,
    basis,
    untilMs: nowMs + decision.lastsMs,
  }
  await store.recordPermission(permission)
  return {
    decision: toPermissionChange(decision),
    permission: permission.id,
    until: new Date(permission.untilMs).toISOString(),
  }
}

/** Withdraws a permission, for any viewer who may record one. */
export async function withdrawPermission(request: PatientRequest): Promise<Region.PermissionReply> {
  const { nhsNumber, viewer, store, policies } = request
  const { facts } = await readReleaseFacts(request)
  const decision = policies.decidePermission(facts, 'CARE_EPISODE_24_HOURS')
  if (decision.granted) await store.withdrawPermission(nhsNumber, viewer.organisation.odsCode)
  return {
    decision: toPermissionChange({
      ...decision,
      ...(decision.granted ? { says: 'No permission is recorded any more.' } : {}),
    }),
    permission: null,
    until: null,
  }
}

export interface BreakGlassRequest {
  readonly barrier: Barrier
  readonly reason: OverrideReason
  readonly justification: string
}

/**
 * Breaks the glass if the rules let this viewer, and opens two reviews. Throws JUSTIFICATION_TOO_SHORT and
 * JUSTIFICATION_TOO_LONG.
 */
export async function breakGlass(
  request: PatientRequest,
  { barrier, reason, justification }: BreakGlassRequest,
): Promise<Region.GrantReply> {
  const why = toJustification(justification)
  const { nhsNumber, viewer, store, policies, slug, nowMs, onFrequentGrants } = request
  const { facts, record } = await readReleaseFacts(request)
  const decision = policies.decideBreakGlass(facts, barrier, reason)
  if (!decision.granted || !record) {
    const { breakGlass: options } = policies.decideRelease(facts)
    return {
      decision: toPermissionChange(decision),
      grant: null,
      until: null,
      breakGlass: options.map((option) => ({ barrier: option.barrier, reasons: [...option.reasons] })),
    }
  }
  const asked: GrantRequest = {
    nhsNumber,
    person: viewer.id,
    organisation: viewer.organisation.odsCode,
    barrier,
    reason,
    justification: why,
  }
  const repeated = await store.findSameGrant(asked, nowMs)
  if (repeated) return toGranted(decision, repeated)
  const grant: OverrideGrant = {
    ...asked,
    id: `${slug}.${randomUUID()}`,
    atMs: nowMs,
    untilMs: nowMs + decision.lastsMs,
  }
  await store.recordGrant(grant, nowMs + policies.settings.reviewDays * dayMs)
  const isFrequent =
    (await store.countGrants(viewer.id, nowMs - hourMs, frequentGrantThreshold)) >= frequentGrantThreshold
  if (isFrequent) onFrequentGrants?.(grant)
  return toGranted({ ...decision, alert: decision.alert || isFrequent }, grant)
}

function toGranted(decision: GrantDecision, { id, untilMs }: OverrideGrant): Region.GrantReply {
  return { decision: toPermissionChange(decision), grant: id, until: new Date(untilMs).toISOString(), breakGlass: [] }
}

async function readReleaseFacts(
  request: PatientRequest,
): Promise<{ readonly facts: ReleaseFacts; readonly record: KnownRecord | undefined }> {
  const { nhsNumber, viewer, access, nowMs } = request
  const record = (await readRecords({ ...request, nhsNumbers: [nhsNumber] })).get(nhsNumber)
  return { facts: createReleaseFacts(viewer, access, nowMs)(nhsNumber, record?.facts ?? null), record }
}

function toPermissionChange({
  granted,
  code,
  rules,
  says,
  policyVersion,
  alert,
}: GrantDecision): Region.ChangeDecision {
  return { done: granted, code, rules: [...rules], says, policyVersion, alert }
}
