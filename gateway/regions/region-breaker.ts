import { LRUCache } from 'lru-cache'
import {
  type CallOutcome,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  createCircuitBreaker,
} from './circuit-breaker.ts'
import { RegionFault, toRegionFault } from './region-fault.ts'

export interface WithBreakerOptions {
  readonly breaker: RegionBreaker
  /** CIS2 user id of the viewer for whom the call is made. */
  readonly viewer: string
  readonly confirm: ConfirmFailure
}

/**
 * Calls the region if its breaker allows this viewer, and records the outcome. Rejects only with RegionFault; its
 * status is SUSPENDED if the region was not called.
 */
export async function withBreaker<Reply>(
  { breaker, viewer, confirm }: WithBreakerOptions,
  call: () => Promise<Reply>,
): Promise<Reply> {
  const end = breaker.startCall(viewer)
  if (!end) throw new RegionFault('SUSPENDED', 'not called: it failed again and again, or asked for it')
  try {
    const reply = await call()
    end('answered', confirm)
    return reply
  } catch (error) {
    const fault = toRegionFault(error)
    end(toCallOutcome(fault), confirm)
    throw fault
  }
}

function toCallOutcome({ retryAfterMs, isRegionFault: isRegions, isConnectFailure }: RegionFault): RegionCallOutcome {
  if (retryAfterMs !== null) return { retryAfterMs }
  if (!isRegions) return 'answered'
  return isConnectFailure ? 'unreachable' : 'failed'
}

/** Outcome of a viewer's call. `unreachable`: no connection could be made, which no request can cause. */
export type RegionCallOutcome = CallOutcome | 'unreachable'

/** Whose consecutive failures are the evidence: one viewer's, or several viewers'. */
export type FailureEvidence = 'one viewer' | 'several viewers'

/** Checks, apart from the viewers' requests, whether the region is down. Never rejects. */
export type ConfirmFailure = (evidence: FailureEvidence) => Promise<boolean>

/**
 * Decides whether a region is called for a viewer. A region that fails for everybody is suspended for all; one that
 * fails for one viewer is suspended for that viewer.
 */
export interface RegionBreaker {
  /**
   * Starts a viewer's call and returns the function that records its outcome. Returns null while the region is
   * suspended for this viewer.
   */
  startCall(viewer: string): ((end: RegionCallOutcome, confirm: ConfirmFailure) => void) | null
  /**
   * Returns when the region is called again, by `clock`: for this viewer, or for all if there is none. Null: it is
   * called now.
   */
  suspendedUntilMs(viewer?: string): number | null
}

/** Failures since the region last answered any viewer. */
interface FailureRun {
  failures: number
  unreachable: number
  readonly viewers: Set<string>
}

/** Upper bound on viewers with a breaker of their own; the one whose last failure is oldest is evicted. */
const maxViewers = 10_000

/**
 * Creates the two levels of a region's circuit breakers. A viewer's breaker opens after `maxConsecutiveFailures`
 * failures of that viewer's calls, or on a Retry-After. The region's breaker opens after as many consecutive calls
 * without a connection. It also opens after as many other failures, or a Retry-After, if a check confirms that the
 * region is down. Time-outs and refusals that a heavy query causes thus count against its viewer alone.
 */
export function createRegionBreaker(options: CircuitBreakerOptions): RegionBreaker {
  const { maxConsecutiveFailures } = options
  const region = createCircuitBreaker({ ...options, maxConsecutiveFailures: 1 })
  const viewers = new LRUCache<string, CircuitBreaker>({ max: maxViewers })
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
  /** Runs one check at a time and shares its result with concurrent callers. */
  const isConfirmed = (evidence: FailureEvidence, confirm: ConfirmFailure): Promise<boolean> => {
    const check = confirming.get(evidence) ?? confirm(evidence).finally(() => confirming.delete(evidence))
    confirming.set(evidence, check)
    return check
  }

  return {
    startCall(viewer) {
      const own = viewers.peek(viewer)
      // The viewer's breaker comes first, because a call that it prevents must not use up the region's probe.
      if (own && own.suspendedUntilMs() !== null) return null
      const endForAll = region.startCall()
      if (!endForAll) return null
      // A region is both called and suspended only during a probe.
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
        if (end === 'unreachable' && (isTrial || failureRun.unreachable >= maxConsecutiveFailures)) {
          failureRun = noFailures()
          return endForAll('failed')
        }
        if (!isTrial && failureRun.failures < maxConsecutiveFailures && typeof end !== 'object') return
        const evidence = isTrial || failureRun.viewers.size > 1 ? 'several viewers' : 'one viewer'
        const failed = failureRun
        void isConfirmed(evidence, confirm).then((isDown) => {
          // An answer to any viewer in the meantime proves that the region is up.
          if (failureRun !== failed) return
          if (isDown || evidence === 'several viewers') failureRun = noFailures()
          if (isDown || isTrial) endForAll(isDown ? failure : 'answered')
        })
      }
    },
    suspendedUntilMs(viewer) {
      const regionUntilMs = region.suspendedUntilMs()
      const own = viewer === undefined ? null : (viewers.peek(viewer)?.suspendedUntilMs() ?? null)
      return regionUntilMs === null || own === null ? (regionUntilMs ?? own) : Math.max(regionUntilMs, own)
    },
  }
}
