import type { CallEnd, RegionBreaker } from './region-breaker.ts'
import { RegionFault, toRegionFault } from './region-fault.ts'

/** Calls the region where its breaker lets it, and tells the breaker what came of it. Rejects with RegionFault only; SUSPENDED: it was not called. */
export async function withBreaker<Reply>(breaker: RegionBreaker, call: () => Promise<Reply>): Promise<Reply> {
  const end = breaker.begin()
  if (!end) throw new RegionFault('SUSPENDED', 'not called: it failed again and again, or asked for it')
  try {
    const reply = await call()
    end('answered')
    return reply
  } catch (error) {
    const fault = toRegionFault(error)
    end(toEnd(fault))
    throw fault
  }
}

function toEnd({ retryAfterMs, isRegions }: RegionFault): CallEnd {
  if (retryAfterMs !== null) return { retryAfterMs }
  return isRegions ? 'failed' : 'answered'
}
