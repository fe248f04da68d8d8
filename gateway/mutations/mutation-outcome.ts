import type { MutationStatus } from '../../schema/generated/patient-view.ts'
import type { ChangeDecision } from '../../schema/generated/region.ts'
import type { ChangeResult } from '../audit/record-operation.ts'
import type { OperationOutcome } from '../regions/region-reply.ts'

/** The outcome of a mutation: the region's reply, if it answered, and what the trail records. */
export interface MutationOutcome<Reply> {
  readonly status: MutationStatus
  readonly reply: Reply | null
  /** The reason in the region's or the gateway's words; empty if the region did not answer. */
  readonly explanation: string
  readonly audited: ChangeResult
}

/** Converts a region's reply. UNAVAILABLE: the region may or may not have made the change. */
export function toMutationOutcome<Reply extends { readonly decision: ChangeDecision }>(
  outcome: OperationOutcome<Reply>,
): MutationOutcome<Reply> {
  const { latencyMs } = outcome
  if (outcome.status !== 'REPLIED') {
    const decision = { code: 'UNDECIDED', rules: [], policyVersion: null }
    return {
      status: 'UNAVAILABLE',
      reply: null,
      explanation: '',
      audited: { decision, status: outcome.status, latencyMs: outcome.status === 'SUSPENDED' ? null : latencyMs },
    }
  }
  const { reply } = outcome
  const { done, code, rules, policyVersion, says, alert } = reply.decision
  const status = done ? 'DONE' : 'REFUSED'
  return {
    status,
    reply,
    explanation: says,
    audited: { decision: { code, rules: [...rules], policyVersion }, status, latencyMs, alert },
  }
}

/** The outcome of a mutation that is refused before the region is asked. */
export function toRefusedOutcome({ code, rules, policyVersion, says }: RefusedMutation): MutationOutcome<never> {
  return {
    status: 'REFUSED',
    reply: null,
    explanation: says,
    audited: { decision: { code, rules: [...rules], policyVersion }, status: 'REFUSED' },
  }
}

interface RefusedMutation {
  readonly code: string
  readonly rules: readonly string[]
  readonly policyVersion: string | null
  readonly says: string
}
