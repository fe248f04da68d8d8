import type { RequestObservation, RequestOutcome } from '../metrics/request-observation.ts'
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts'
import type { GatewayStageTimes } from './operations-figures.ts'

/** What was observed in a time: ten seconds, or several of them together. */
export interface ObservationSlot {
  /**
   * By operation, requests that were not refused: one that is refused before work says nothing of how long work takes.
   */
  readonly operations: ReadonlyMap<string, LatencyHistogram>
  /** Of those, the time in the gateway, and the time in which a region was waited for, where one was. */
  readonly gateway: LatencyHistogram
  readonly waiting: LatencyHistogram
  /** Of the time in the gateway, what went where; milliseconds of all requests together. */
  readonly gatewayStages: GatewayStageTimes
  readonly outcomes: Readonly<Record<RequestOutcome, number>>
  /** By code. */
  readonly regions: ReadonlyMap<string, RegionSlot>
  /** The longest requests, the longest first. */
  readonly slowest: readonly RequestObservation[]
  add(observation: RequestObservation): void
  addAll(other: ObservationSlot): void
}

export interface RegionSlot {
  /** Waits of requests that called it: neither served from the cache nor refused by a suspension. */
  readonly waits: LatencyHistogram
  /** Counts the requests for it, and those that the cache answered. */
  asked: number
  fromCache: number
  /** By RegionStatus. */
  readonly statuses: Map<string, number>
}

export interface ObservationSlotOptions {
  /** Codes; of others nothing is counted. */
  readonly regions: readonly string[]
  /** Of the longest requests. */
  readonly maxSlowest: number
}

/** Operations beyond are `other`, as those that are not published. */
const maxOperations = 64

/**
 * An empty slot. It takes 1.2 kB for each region and operation observed in it, and 2.4 kB, however many requests there
 * are.
 */
export function createObservationSlot(options: ObservationSlotOptions): ObservationSlot {
  const { maxSlowest } = options
  const operations = new Map<string, LatencyHistogram>()
  const gateway = createLatencyHistogram()
  const waiting = createLatencyHistogram()
  const ownStages = { planMs: 0, accessMs: 0, assembleMs: 0, auditMs: 0 }
  const addStages = ({ planMs, accessMs, assembleMs, auditMs }: GatewayStageTimes) => {
    ownStages.planMs += planMs
    ownStages.accessMs += accessMs
    ownStages.assembleMs += assembleMs
    ownStages.auditMs += auditMs
  }
  const outcomes: Record<RequestOutcome, number> = { COMPLETE: 0, INCOMPLETE: 0, DONE: 0, REFUSED: 0, FAILED: 0 }
  const regions = new Map(
    options.regions.map((code): [string, RegionSlot] => [
      code,
      { waits: createLatencyHistogram(), asked: 0, fromCache: 0, statuses: new Map() },
    ]),
  )
  const slowest: RequestObservation[] = []

  const histogramOf = (operation: string) => {
    const name = operations.has(operation) || operations.size < maxOperations ? operation : 'other'
    const found = operations.get(name) ?? createLatencyHistogram()
    operations.set(name, found)
    return found
  }
  const addSlow = (observation: RequestObservation) => {
    const shortest = slowest.at(-1)
    if (slowest.length >= maxSlowest && shortest && shortest.durationMs >= observation.durationMs) return
    slowest.push(observation)
    slowest.sort((a, b) => b.durationMs - a.durationMs)
    if (slowest.length > maxSlowest) slowest.pop()
  }
  return {
    operations,
    gateway,
    waiting,
    gatewayStages: ownStages,
    outcomes,
    regions,
    slowest,
    add(observation) {
      const { operation, durationMs, gatewayMs, outcome, stages } = observation
      outcomes[outcome]++
      if (outcome === 'REFUSED') return
      histogramOf(operation).add(durationMs)
      gateway.add(gatewayMs)
      addStages(stages)
      if (stages.regionsMs > 0) waiting.add(stages.regionsMs)
      for (const { region: code, status, waitMs, fromCache } of observation.regions) {
        const region = regions.get(code)
        if (!region) continue
        count(region.statuses, status, 1)
        if (fromCache) region.fromCache++
        else if (waitMs > 0 && status !== 'SUSPENDED') {
          region.asked++
          region.waits.add(waitMs)
        }
      }
      addSlow(observation)
    },
    addAll(other) {
      for (const [name, histogram] of other.operations) histogramOf(name).addAll(histogram)
      gateway.addAll(other.gateway)
      waiting.addAll(other.waiting)
      addStages(other.gatewayStages)
      for (const outcome of Object.keys(outcomes) as RequestOutcome[]) outcomes[outcome] += other.outcomes[outcome]
      for (const [code, region] of regions) {
        const added = other.regions.get(code)
        if (!added) continue
        region.waits.addAll(added.waits)
        region.asked += added.asked
        region.fromCache += added.fromCache
        for (const [status, times] of added.statuses) count(region.statuses, status, times)
      }
      for (const observation of other.slowest) addSlow(observation)
    },
  }
}

function count(counts: Map<string, number>, key: string, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times)
}
