import type { RequestRecorder } from './request-recorder.ts'

export const serverTimingHeader = 'server-timing'

/**
 * Where the time went, for viewers' developers (W3C Server Timing); `dur` in milliseconds. How long a region took is
 * told where the answer's
 * `latencyMs` tells it too, in patient views, and nowhere else: of other operations only how long all of it took, which
 * who asks can see.
 */
export function printServerTiming(recorder: RequestRecorder): string {
  const { durationMs, gatewayMs, stages, regions } = recorder.toObservation()
  if (!recorder.showsWaits) return metric('total', durationMs)
  let text = `${metric('gateway', gatewayMs)}, ${metric('plan', stages.planMs)}, ${metric('access', stages.accessMs)}`
  for (const { region, status, waitMs } of regions) text += `, ${metric(region, waitMs)};desc="${status}"`
  return `${text}, ${metric('assemble', stages.assembleMs)}, ${metric('audit', stages.auditMs)}`
}

function metric(name: string, ms: number): string {
  return `${name};dur=${Math.round(ms * 1000) / 1000}`
}
