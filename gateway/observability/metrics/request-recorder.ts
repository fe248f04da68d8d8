import { randomUUID } from 'node:crypto'
import type { RegionStatus } from '../../../schema/generated/patient-view.ts'
import type { TracedCall } from '../../regions/region-wait-recorder.ts'
import type { RequestTrace } from '../tracing/request-trace.ts'
import type { RegionObservation, RequestObservation, RequestOutcome, StageTimes } from './request-observation.ts'

/** What is read of a patient's view: nothing of the patient. */
export interface ObservedView {
  readonly completeness: { readonly complete: boolean }
  readonly regionResults: readonly {
    readonly region: { readonly code: string }
    readonly status: RegionStatus
    readonly fromCache: boolean
  }[]
}

/** Receives what a recorder observes. */
export interface RecorderListener {
  onView(view: ObservedView): void
  onFinished(recorder: RequestRecorder): void
}

interface Wait extends Interval {
  readonly region: string
  readonly status: RegionStatus
}

/**
 * Notes what becomes of one request while it is answered: plain numbers, by performance.now, for every request has one.
 * Disposed of when the answer has left.
 */
export class RequestRecorder implements Disposable {
  readonly requestId: string = randomUUID()
  operation = 'other'
  /** query or mutation; null until it is known. */
  operationType: string | null = null
  /** Null: the request stands in no trace. */
  readonly trace: RequestTrace | null
  readonly #listener: RecorderListener
  readonly #startedAtMs: number
  readonly #arrivedMs: number
  #plannedMs = 0
  #accessMs = 0
  #auditMs = 0
  #auditedUntilMs = 0
  #waits: Wait[] = []
  /** Of the patient views, in the order of the list of regions. */
  #regions: { readonly region: string; status: RegionStatus; fromCache: boolean }[] = []
  #hasOperationWaits = false
  #outcome: RequestOutcome = 'DONE'
  #code: string | undefined

  /** `arrivedMs`: when the request's head was there, by performance.now; `nowMs` since 1970. */
  constructor(listener: RecorderListener, arrivedMs: number, nowMs: number, trace: RequestTrace | null) {
    this.trace = trace
    this.#listener = listener
    this.#arrivedMs = arrivedMs
    this.#startedAtMs = nowMs - (performance.now() - arrivedMs)
  }

  /** Token, body, limits and plan are done with. */
  recordPlanned(): void {
    if (this.#plannedMs !== 0) return
    this.#plannedMs = performance.now()
    this.trace?.recordStage('plan', this.#arrivedMs, this.#plannedMs)
  }

  /** Adds the time since then to the evaluation of access rules. */
  recordAccessRules(sinceMs: number): void {
    const nowMs = performance.now()
    this.#accessMs += nowMs - sinceMs
    this.trace?.recordStage('access rules', sinceMs, nowMs)
  }

  /**
   * Records a wait for a region. The status in a patient view precedes this one. `call` is the traced call, if
   * any.
   */
  recordWait(region: string, status: RegionStatus, fromMs: number, toMs: number, call?: TracedCall): void {
    this.#waits.push({ region, status, fromMs, toMs })
    this.trace?.recordWait(region, status, fromMs, toMs, call)
  }

  /** Likewise until now, for what is no patient view. */
  recordOperationWait(region: string, status: RegionStatus, fromMs: number): void {
    this.#hasOperationWaits = true
    this.recordWait(region, status, fromMs, performance.now())
  }

  /** A patient view is to be shown. */
  recordView(view: ObservedView): void {
    if (!view.completeness.complete) this.#outcome = 'INCOMPLETE'
    else if (this.#outcome === 'DONE') this.#outcome = 'COMPLETE'
    for (const { region, status, fromCache } of view.regionResults) {
      const known = this.#regions.find((one) => one.region === region.code)
      if (!known) this.#regions.push({ region: region.code, status, fromCache })
      else {
        known.status = toWorseStatus(known.status, status)
        known.fromCache &&= fromCache
      }
    }
    this.#listener.onView(view)
  }

  /** Adds the time since then to writing the audit trail, whether or not the write succeeded. */
  recordAuditWait(sinceMs: number): void {
    const nowMs = performance.now()
    // Several root fields write beside each other.
    this.#auditMs += nowMs - Math.max(sinceMs, this.#auditedUntilMs)
    this.#auditedUntilMs = nowMs
    this.trace?.recordStage('audit', sinceMs, nowMs)
  }

  /** There is no whole answer, for the error with this code; who says so first is right. */
  recordError(outcome: 'REFUSED' | 'FAILED', code?: string): void {
    if (this.#outcome === 'REFUSED' || this.#outcome === 'FAILED') return
    this.#outcome = outcome
    this.#code = code
  }

  /** Whether the response holds patient views only, each of which states how long the regions took. */
  get showsWaits(): boolean {
    return this.#regions.length > 0 && !this.#hasOperationWaits
  }

  /** All of it up to now. */
  toObservation(): RequestObservation {
    const durationMs = performance.now() - this.#arrivedMs
    const regionsMs = unionMs(this.#waits)
    const gatewayMs = Math.max(0, durationMs - regionsMs)
    const planMs = this.#plannedMs === 0 ? gatewayMs : this.#plannedMs - this.#arrivedMs
    const stages: StageTimes = {
      planMs,
      accessMs: this.#accessMs,
      regionsMs,
      assembleMs: Math.max(0, gatewayMs - planMs - this.#accessMs - this.#auditMs),
      auditMs: this.#auditMs,
    }
    const { requestId, operation, trace } = this
    const observation = {
      requestId,
      operation,
      startedAtMs: this.#startedAtMs,
      durationMs,
      gatewayMs,
      outcome: this.#outcome,
      code: this.#code,
      stages,
      regions: this.#toRegions(),
    }
    return trace ? { ...observation, traceId: trace.traceId } : observation
  }

  #toRegions(): readonly RegionObservation[] {
    const regions: RegionObservation[] = this.#regions.map(({ region, status, fromCache }) => ({
      region,
      status,
      waitMs: this.#waitMs(region),
      fromCache,
    }))
    for (const { region, status } of this.#waits) {
      if (!regions.some((one) => one.region === region))
        regions.push({ region, status, waitMs: this.#waitMs(region), fromCache: false })
    }
    return regions
  }

  #waitMs(region: string): number {
    return unionMs(this.#waits.filter((wait) => wait.region === region))
  }

  [Symbol.dispose](): void {
    this.#listener.onFinished(this)
  }
}

/** A stretch of time, by a clock that only goes forward. */
export interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

/** How long at least one of the intervals lasted: what two share counts once. Milliseconds. */
export function unionMs(intervals: readonly Interval[]): number {
  const [first] = intervals
  if (!first) return 0
  if (intervals.length === 1) return Math.max(0, first.toMs - first.fromMs)
  let sumMs = 0
  let untilMs = Number.NEGATIVE_INFINITY
  for (const { fromMs, toMs } of [...intervals].sort((a, b) => a.fromMs - b.fromMs)) {
    if (toMs <= untilMs) continue
    sumMs += toMs - Math.max(fromMs, untilMs)
    untilMs = toMs
  }
  return sumMs
}

/** From the answer that shows a record to the silence that hides whether there is one. */
const ranks: Readonly<Record<RegionStatus, number>> = {
  NOT_ASKED: 0,
  ANSWERED: 1,
  NOT_KNOWN: 2,
  PERMISSION_REQUIRED: 3,
  RELATIONSHIP_REQUIRED: 4,
  REFUSED: 5,
  IDENTITY_MISMATCH: 6,
  SUSPENDED: 7,
  TIMED_OUT: 8,
  UNREACHABLE: 9,
  FAILED: 10,
}

/** Of two statuses of a region, for two patients of one request, the one to tell operations of. */
export function toWorseStatus(one: RegionStatus, other: RegionStatus): RegionStatus {
  return ranks[other] > ranks[one] ? other : one
}
