import { setTimeout as delay } from 'node:timers/promises'
import { delayReply, type Fault } from './faults.ts'
import type { FaultyRegion } from './faulty-region.ts'

export interface FaultStormOptions {
  readonly regions: readonly FaultyRegion[]
  readonly faults: readonly Fault[]
  /** From 0 to 1. */
  readonly random: () => number
  /** A region's time: what is slow at random takes up to twice as long. */
  readonly timeMs: number
}

/** Faults that come and go at random in every region, each by itself. */
export interface FaultStorm {
  /** How often each fault was begun, by name. */
  readonly begun: ReadonlyMap<string, number>
  /** Resolves when all regions are healed. */
  end(): Promise<void>
}

export function startFaultStorm({ regions, faults, random, timeMs }: FaultStormOptions): FaultStorm {
  const begun = new Map<string, number>()
  const ending = new AbortController()
  const strike = async (region: FaultyRegion) => {
    const chosen = Math.floor(random() * (faults.length + 1))
    const fault = faults[chosen]
    begun.set(fault?.name ?? 'slow at random', (begun.get(fault?.name ?? 'slow at random') ?? 0) + 1)
    const isHuge = fault?.name.includes('1 GB')
    if (fault) await fault.inject(region, isHuge || random() < 0.5 ? 1 + Math.floor(random() * 3) : undefined)
    else region.inject((exchange) => delayReply(random() * 2 * timeMs)(exchange))
  }
  const blow = async (region: FaultyRegion) => {
    while (!ending.signal.aborted) {
      if (random() < 0.7) await strike(region)
      await delay(30 + random() * 90, undefined, { signal: ending.signal }).catch(() => {})
      await region.heal()
      await delay(random() * 80, undefined, { signal: ending.signal }).catch(() => {})
    }
  }
  const blowing = Promise.all(regions.map(blow))
  return {
    begun,
    async end() {
      ending.abort()
      await blowing
    },
  }
}
