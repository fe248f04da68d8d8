import type { RegionConfiguration } from '../../schema/regions.ts'
import type { AccessDecision } from '../consent/decide-access.ts'
import type { RegionOutcome } from '../regions/region-reply.ts'
import type { RegionPart } from './region-part.ts'

/** What one region comes to for the patient at this place of an ask. */
export function toRegionPart(region: RegionConfiguration, outcome: RegionOutcome, index: number): RegionPart {
  const { latencyMs } = outcome
  if (outcome.status !== 'REPLIED') return { region, status: outcome.status, latencyMs, decision: null, asOf: null, reply: null }
  const reply = outcome.view.patients[index]
  if (!reply) return { region, status: 'FAILED', latencyMs, decision: null, asOf: null, reply: null }
  const { decision, record } = reply
  if (decision.code !== 'PERMITTED') return { region, status: 'REFUSED', latencyMs, decision, asOf: null, reply: null }
  if (!record) return { region, status: 'NOT_KNOWN', latencyMs, decision, asOf: null, reply: null }
  return { region, status: 'ANSWERED', latencyMs, decision, asOf: outcome.view.readAt, reply: { ...reply, record } }
}

/** A region that is not asked: the client left it out, or its access rules refuse. */
export function toUnaskedPart(region: RegionConfiguration, refusal: AccessDecision | null): RegionPart {
  return { region, status: refusal ? 'REFUSED' : 'NOT_ASKED', latencyMs: null, decision: refusal, asOf: null, reply: null }
}
