import { setTimeout as delay } from 'node:timers/promises'
import { toRegionFault } from './region-fault.ts'

export interface RetryOptions {
  /** Returns what is left of the region's time limit, which covers both attempts, in milliseconds. */
  readonly leftMs: () => number
  readonly retries: 0 | 1
  /**
   * Longest pause before the second attempt, and twice the shortest. The pause is random, so that many gateways do not
   * retry at once.
   */
  readonly pauseMs: number
}

/**
 * Retries a read once if it failed for a transient reason and time is left. The second attempt uses a new connection,
 * because the failure may have closed other keep-alive connections too.
 */
export async function withRetry<Reply>(
  attempt: (connection: 'keep-alive' | 'new') => Promise<Reply>,
  { leftMs, retries, pauseMs }: RetryOptions,
): Promise<Reply> {
  try {
    return await attempt('keep-alive')
  } catch (error) {
    if (retries === 0 || leftMs() <= pauseMs || !toRegionFault(error).isTransient) throw error
  }
  await delay(pauseMs / 2 + (Math.random() * pauseMs) / 2)
  return attempt('new')
}
