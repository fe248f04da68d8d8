import { toDuration } from './browser/format.js'
import { toSlowness } from './browser/slowness.js'
import type { GatewayNotice, GatewayStageTimes, PeriodFigures } from './operations-figures.ts'

/**
 * Says of the gateway that its own time of the last minute is long, and in which stage most of it went; null where it
 * is not.
 */
export function toGatewayNotice({ gateway, ownStages }: PeriodFigures): GatewayNotice | null {
  if (toSlowness(gateway) !== 'slow') return null
  return {
    region: null,
    kind: 'GATEWAY_SLOW',
    text: `The gateway itself is slow: p95 ${toDuration(gateway.p95Ms)}, most of it in ${stageNames[findLongest(ownStages)]}.`,
  }
}

/** As the columns of the slowest requests are called. */
const stageNames: Readonly<Record<keyof GatewayStageTimes, string>> = {
  planMs: 'the plan (token, body, limits)',
  accessMs: 'access rules',
  assembleMs: 'assembling',
  auditMs: 'audit (writing to the trail)',
}

function findLongest(times: GatewayStageTimes): keyof GatewayStageTimes {
  const stages = Object.keys(stageNames) as (keyof GatewayStageTimes)[]
  return stages.reduce((longest, one) => (times[one] > times[longest] ? one : longest))
}
