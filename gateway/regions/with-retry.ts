import { setTimeout as delay } from 'node:timers/promises'
import { toRegionFault } from './region-fault.ts'

export interface RetryOptions {
  /** What is left of the region's time, which is that of both attempts together, in milliseconds. */
  readonly leftMs: () => number
  readonly retries: 0 | 1
  /** The longest pause before the second attempt, and twice the shortest: many gateways' must not come at once. */
  readonly pauseMs: number
}

/**
 * Makes an attempt that changes nothing once more, where it failed in a way that may pass and time is left. The second goes over a new
 * connection: of those kept alive, others may have been closed with the one that failed.
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
