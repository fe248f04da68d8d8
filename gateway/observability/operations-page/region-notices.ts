import { toSlowness } from './browser/slowness.js'
import type { PeriodFigures, RegionFigures, RegionNotice, RegionPeriodFigures } from './operations-figures.ts'

const failingShare = 0.1

/** What is amiss with these regions now and in the last minute, the worst first. */
export function toRegionNotices(
  regions: readonly RegionFigures[],
  minute: PeriodFigures,
  nowMs: number,
): readonly RegionNotice[] {
  const notices = regions.flatMap((region) => {
    const period = minute.regions.find(({ code }) => code === region.code)
    const notice = (kind: RegionNotice['kind'], text: string | null): readonly RegionNotice[] =>
      text === null ? [] : [{ region: region.code, kind, text }]
    return [
      ...notice('SUSPENDED', toSuspensionText(region, nowMs)),
      ...notice('FAILING', period ? toFailureText(region.name, period) : null),
      ...notice('SLOW', period ? toSlownessText(region.name, period, regions, minute) : null),
      ...notice(
        'NOT_READY',
        region.ready === false && region.suspendedUntilMs === null
          ? `${region.name} does not say that it is ready.`
          : null,
      ),
      ...notice(
        'FEED_SILENT',
        region.isFeedCurrent
          ? null
          : `The change feed of ${region.name} is silent: what it answers is not kept in the cache until it is heard again.`,
      ),
    ]
  })
  return notices.sort((a, b) => kindsByUrgency.indexOf(a.kind) - kindsByUrgency.indexOf(b.kind))
}

const kindsByUrgency: readonly RegionNotice['kind'][] = ['SUSPENDED', 'FAILING', 'SLOW', 'NOT_READY', 'FEED_SILENT']

function toSuspensionText({ name, suspendedUntilMs }: RegionFigures, nowMs: number): string | null {
  if (suspendedUntilMs === null) return null
  const seconds = Math.ceil((suspendedUntilMs - nowMs) / 1000)
  return `${name} is suspended, because it failed again and again: ${seconds > 0 ? `it is tried again in ${seconds} s` : 'the next request tries it'}.`
}

/** The statuses of a region that did not answer, in the words for them. */
const unansweredStatuses: Readonly<Record<string, string>> = {
  TIMED_OUT: 'timed out',
  UNREACHABLE: 'not reached',
  FAILED: 'failed',
  SUSPENDED: 'not called while suspended',
}

function toFailureText(name: string, { statuses }: RegionPeriodFigures): string | null {
  const { answered, all } = countAnswered(statuses)
  if (all - answered < Math.max(1, all * failingShare)) return null
  const kinds = Object.entries(unansweredStatuses).flatMap(([status, words]) =>
    statuses[status] ? [`${statuses[status]} ${words}`] : [],
  )
  return `${name} did not answer ${all - answered} of ${all} requests in the last minute: ${kinds.join(', ')}.`
}

/** How many requests a region answered, refusals among them, of all that wanted it to. */
export function countAnswered(statuses: Readonly<Record<string, number>>): {
  readonly answered: number
  readonly all: number
} {
  let answered = 0
  let all = 0
  for (const [status, times] of Object.entries(statuses)) {
    if (status === 'NOT_ASKED') continue
    all += times
    if (!(status in unansweredStatuses)) answered += times
  }
  return { answered, all }
}

function toSlownessText(
  name: string,
  { code, waits }: RegionPeriodFigures,
  regions: readonly RegionFigures[],
  minute: PeriodFigures,
): string | null {
  if (toSlowness(waits) !== 'slow' || waits.p95Ms === null) return null
  const others = minute.regions.flatMap((other) => {
    const region = regions.find((one) => one.code === other.code)
    return other.code === code || other.waits.p95Ms === null || !region
      ? []
      : [`; ${region.name} ${toDuration(other.waits.p95Ms)}`]
  })
  return `${name} is slow: p95 ${toDuration(waits.p95Ms)}${others.join('')}.`
}

function toDuration(ms: number): string {
  return ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
