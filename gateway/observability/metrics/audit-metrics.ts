import { Counter, type Registry } from 'prom-client'
import { createCounter } from './counter.ts'
import { createHistogram } from './histogram.ts'

/** One write to the trail: how long it was waited for, and what of its events is counted. */
export interface ObservedWrite {
  readonly events: readonly { readonly region: string | null; readonly decision: { readonly code: string } }[]
  readonly durationMs: number
  readonly isWritten: boolean
}

export interface AuditMetrics {
  readonly onWrite: (write: ObservedWrite) => void
  /** What became of a head that was handed to the witness. */
  readonly onWitness: (outcome: 'noted' | 'failed') => void
  /** An event that was read and is not as it should be. */
  readonly onOddEvent: () => void
}

/** Every access and every decision is on the trail, so both are counted there. */
export function createAuditMetrics(registry: Registry): AuditMetrics {
  const decisions = createCounter({
    name: 'gateway_consent_decisions_total',
    help: 'What access and release rules decided, for each patient and region; silent regions decide nothing.',
    labelNames: ['region', 'code'],
    registry,
  })
  const writes = createHistogram({
    name: 'gateway_audit_write_duration_seconds',
    help: 'How long an answer waited for the audit trail to be on disk.',
    labelNames: [],
    buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registry,
  })
  const failures = new Counter({
    name: 'gateway_audit_failures_total',
    help: 'Accesses that could not be recorded; what they were of was not shown.',
    registers: [registry],
  })
  const witness = new Counter({
    name: 'gateway_audit_witness_total',
    help: 'Heads of the trail that were handed to AUDIT_WITNESS, by what became of it.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const odd = new Counter({
    name: 'gateway_audit_odd_events_total',
    help: 'Events of the trail that privacy officers asked for and that are not as they should be.',
    registers: [registry],
  })
  // From the start: of a series that begins with its first event, Prometheus sees no increase.
  for (const outcome of ['noted', 'failed']) witness.inc({ outcome }, 0)
  return {
    onWitness: (outcome) => witness.inc({ outcome }),
    onOddEvent: () => odd.inc(),
    onWrite({ events, durationMs, isWritten }) {
      writes(durationMs / 1000)
      if (!isWritten) failures.inc()
      for (const { region, decision } of events)
        if (region !== null && decision.code !== 'UNDECIDED') decisions(region, decision.code)
    },
  }
}
