import type { Decision } from '../../schema/policies/decision.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { RegionOutcome } from '../regions/region-reply.ts'
import { statusOf, toRegionDecision } from './region-decision.ts'
import type { RegionPart } from './region-part.ts'

/** Which patient of an ask. */
export interface AskedPatient {
  readonly askedNhsNumber: string
  /** Its place among the numbers of the ask. */
  readonly index: number
}

/** What one region comes to for one patient of an ask. What it answers for another number is not to be read at all. */
export function toRegionPart(region: RegionConfiguration, outcome: RegionOutcome, { askedNhsNumber, index }: AskedPatient): RegionPart {
  const readAt = outcome.status === 'REPLIED' ? outcome.kept?.get(askedNhsNumber) : undefined
  const fromCache = readAt !== undefined
  const latencyMs = fromCache || outcome.status === 'SUSPENDED' ? null : outcome.latencyMs
  const reply = outcome.status === 'REPLIED' ? outcome.view.patients[index] : undefined
  if (outcome.status !== 'REPLIED' || reply?.askedNhsNumber !== askedNhsNumber) {
    const failed = outcome.status === 'REPLIED' ? outcome.failures?.get(askedNhsNumber) : outcome
    const status = failed?.status ?? (reply ? 'IDENTITY_MISMATCH' : 'FAILED')
    const isTooLarge = failed?.smaller?.why === 'TOO_LARGE'
    return { region, status, latencyMs, fromCache, sensitive: null, decision: null, asOf: null, reply: null, isTooLarge }
  }
  const { decision, record, sensitive } = reply
  const status = statusOf[decision.code]
  if (status !== 'ANSWERED') return { region, status, latencyMs, fromCache, sensitive, decision, asOf: null, reply: null }
  if (!record) return { region, status: 'NOT_KNOWN', latencyMs, fromCache, sensitive, decision, asOf: null, reply: null }
  return { region, status, latencyMs, fromCache, sensitive, decision, asOf: readAt ?? outcome.view.readAt, reply: { ...reply, record } }
}

/** A region that is not asked: the client left it out, or its access rules refuse. */
export function toUnaskedPart(region: RegionConfiguration, refusal: Decision | null): RegionPart {
  return {
    region,
    status: refusal ? 'REFUSED' : 'NOT_ASKED',
    latencyMs: null,
    fromCache: false,
    sensitive: null,
    decision: refusal && toRegionDecision(refusal),
    asOf: null,
    reply: null,
  }
}
