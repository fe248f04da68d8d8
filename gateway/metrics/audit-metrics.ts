import { Counter, type Registry } from 'prom-client'
import { createTally } from './tally.ts'
import { createTimings } from './timings.ts'

/** One write to the trail: how long it was waited for, and what of its events is counted. */
export interface ObservedWrite {
  readonly events: readonly { readonly region: string | null; readonly decision: { readonly code: string } }[]
  readonly durationMs: number
  readonly isWritten: boolean
}

/** Every access and every decision is on the trail, so both are counted there. */
export function createAuditMetrics(registry: Registry): { readonly onWrite: (write: ObservedWrite) => void } {
  const decisions = createTally({
    name: 'gateway_consent_decisions_total',
    help: 'What access and release rules decided, for each patient and region; silent regions decide nothing.',
    labelNames: ['region', 'code'],
    registry,
  })
  const writes = createTimings({
    name: 'gateway_audit_write_duration_seconds',
    help: 'How long an answer waited for the audit trail to be on disk.',
    labelNames: [],
    buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registry,
  })
  const failures = new Counter({ name: 'gateway_audit_failures_total', help: 'Accesses that could not be recorded; what they were of was not shown.', registers: [registry] })
  return {
    onWrite({ events, durationMs, isWritten }) {
      writes(durationMs / 1000)
      if (!isWritten) failures.inc()
      for (const { region, decision } of events) if (region !== null && decision.code !== 'UNDECIDED') decisions(region, decision.code)
    },
  }
}
