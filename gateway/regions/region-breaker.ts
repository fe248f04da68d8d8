import { LRUCache } from 'lru-cache'
import {
  type CallOutcome,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  createCircuitBreaker,
} from './circuit-breaker.ts'

/** How a viewer's call ended. `unreachable`: no connection could be made, which no request can cause. */
export type RegionCallOutcome = CallOutcome | 'unreachable'

/** What the failures in a row are evidence of: one viewer's requests fail, or everybody's may. */
export type FailureEvidence = 'one viewer' | 'several viewers'

/** Asks the region, apart from the viewers' requests, whether it is down. Never rejects. */
export type ConfirmFailure = (evidence: FailureEvidence) => Promise<boolean>

/** Decides whether a region is called for a viewer: one that failed for everybody is called for nobody, one that failed for a viewer not for that viewer. */
export interface RegionBreaker {
  /** Begins a viewer's call, whose end is to be told. Null: the region is suspended for this viewer, and is not to be called. */
  startCall(viewer: string): ((end: RegionCallOutcome, confirm: ConfirmFailure) => void) | null
  /** When the region is tried again, for this viewer or, without one, for all, by the clock. Null: it would be called now. */
  suspendedUntilMs(viewer?: string): number | null
}

/** Failures since the region last answered anybody. */
interface FailureRun {
  failures: number
  unreachable: number
  readonly viewers: Set<string>
}

/** Beyond these, who failed longest ago is forgotten. */
const mostViewers = 10_000

/**
 * Two levels of circuit breakers. A viewer's own opens after `failuresInRow` failures of that viewer's calls, or for a Retry-After. The region's opens
 * where it could not be connected to so often in a row; and where so many calls in a row failed, or one was told Retry-After, and the region is
 * confirmed to be down. Time-outs and refusals that a heavy query causes thus count against whoever sent it.
 */
export function createRegionBreaker(options: CircuitBreakerOptions): RegionBreaker {
  const { maxConsecutiveFailures: failuresInRow } = options
  const region = createCircuitBreaker({ ...options, maxConsecutiveFailures: 1 })
  const viewers = new LRUCache<string, CircuitBreaker>({ max: mostViewers })
  const confirming = new Map<FailureEvidence, Promise<boolean>>()
  const noFailures = (): FailureRun => ({ failures: 0, unreachable: 0, viewers: new Set() })
  let failureRun = noFailures()

  const recordFailure = (viewer: string, end: Exclude<RegionCallOutcome, 'answered'>) => {
    failureRun.failures++
    if (end === 'unreachable') failureRun.unreachable++
    if (failureRun.viewers.size < 2) failureRun.viewers.add(viewer)
  }
  const getViewerBreaker = (viewer: string): CircuitBreaker => {
    const breaker = viewers.get(viewer) ?? createCircuitBreaker(options)
    viewers.set(viewer, breaker)
    return breaker
  }
  /** One question at a time, whose answer is for all who ask meanwhile. */
  const isConfirmed = (evidence: FailureEvidence, confirm: ConfirmFailure): Promise<boolean> => {
    const asking = confirming.get(evidence) ?? confirm(evidence).finally(() => confirming.delete(evidence))
    confirming.set(evidence, asking)
    return asking
  }

  return {
    startCall(viewer) {
      const own = viewers.peek(viewer)
      // First: a call that is not made must not be the one that tries the region again.
      if (own && own.suspendedUntilMs() !== null) return null
      const endForAll = region.startCall()
      if (!endForAll) return null
      // Only while it is tried is a region both called and suspended.
      const isTrial = region.suspendedUntilMs() !== null
      const endForViewer = own?.startCall() ?? null
      return (end, confirm) => {
        if (end === 'answered') {
          if (failureRun.failures > 0) failureRun = noFailures()
          endForAll('answered')
          endForViewer?.('answered')
          if (own?.suspendedUntilMs() === null) viewers.delete(viewer)
          return
        }
        const failure = end === 'unreachable' ? 'failed' : end
        const endOwn = endForViewer ?? getViewerBreaker(viewer).startCall()
        endOwn?.(failure)
        recordFailure(viewer, end)
        if (end === 'unreachable' && (isTrial || failureRun.unreachable >= failuresInRow)) {
          failureRun = noFailures()
          return endForAll('failed')
        }
        if (!isTrial && failureRun.failures < failuresInRow && typeof end !== 'object') return
        const evidence = isTrial || failureRun.viewers.size > 1 ? 'several viewers' : 'one viewer'
        const failed = failureRun
        void isConfirmed(evidence, confirm).then((isDown) => {
          // An answer to anybody meanwhile says that it is not.
          if (failureRun !== failed) return
          if (isDown || evidence === 'several viewers') failureRun = noFailures()
          if (isDown || isTrial) endForAll(isDown ? failure : 'answered')
        })
      }
    },
    suspendedUntilMs(viewer) {
      const forAll = region.suspendedUntilMs()
      const own = viewer === undefined ? null : (viewers.peek(viewer)?.suspendedUntilMs() ?? null)
      return forAll === null || own === null ? (forAll ?? own) : Math.max(forAll, own)
    },
  }
}
