import type { CallTimes, FailedCall, RegionOutcome, RegionReply } from './region-reply.ts'
import type { ViewRequest } from './view-request.ts'

type Send = (asks: readonly ViewRequest[]) => Promise<readonly RegionOutcome[]>

/**
 * Puts all asks to a region in one request, and again in halves where the reply was longer than is read, or where it refused a field that
 * one of the asks has: what is too large, or refused, is then one patient's or one ask's matter. One ask of one patient is not halved.
 * Halves are asked one after the other, so that one long reply is held at a time, and none is begun after `untilMs` by performance.now.
 */
export async function fetchInParts(
  asks: readonly ViewRequest[],
  untilMs: number,
  send: Send,
): Promise<readonly RegionOutcome[]> {
  const outcomes = await send(asks)
  const [first] = outcomes
  const why = first && first.status !== 'REPLIED' ? first.splitReason?.why : undefined
  if (why === undefined || performance.now() > untilMs) return outcomes
  const [ask] = asks
  if (asks.length > 1) {
    const [some, others] = halve(asks)
    return [...(await fetchInParts(some, untilMs, send)), ...(await fetchInParts(others, untilMs, send))]
  }
  // A refused field is refused for each patient.
  if (!ask || why === 'REFUSED' || ask.nhsNumbers.length < 2) return outcomes
  const [some, others] = halve(ask.nhsNumbers).map((nhsNumbers) => ({ ...ask, nhsNumbers })) as [
    ViewRequest,
    ViewRequest,
  ]
  const [one] = await fetchInParts([some], untilMs, send)
  const [other] = await fetchInParts([others], untilMs, send)
  return [joinParts(toPartReply(some, one), toPartReply(others, other))]
}

function halve<One>(all: readonly One[]): readonly [readonly One[], readonly One[]] {
  const middle = Math.ceil(all.length / 2)
  return [all.slice(0, middle), all.slice(middle)]
}

type PartReply = CallTimes & RegionReply

/** The outcome of a part, told patient by patient. */
function toPartReply({ nhsNumbers }: ViewRequest, outcome: RegionOutcome | undefined): PartReply {
  if (!outcome) throw new Error('A region was asked for fewer outcomes than asks')
  if (outcome.status === 'REPLIED') return outcome
  const { status, reason, splitReason = null, ...common } = outcome
  const failed: FailedCall = { status, reason, splitReason: splitReason }
  const view = { sequence: Number.MAX_SAFE_INTEGER, readAt: '', patients: nhsNumbers.map(() => null) }
  return {
    ...common,
    status: 'REPLIED',
    view,
    bytes: 0,
    patientFailures: new Map(nhsNumbers.map((nhsNumber) => [nhsNumber, failed])),
  }
}

/** Two parts of one ask as one. What was read first says how old both are. */
function joinParts(a: PartReply, b: PartReply): PartReply {
  const [older, newer] =
    a.view.readAt !== '' && (b.view.readAt === '' || Date.parse(a.view.readAt) <= Date.parse(b.view.readAt))
      ? [a, b]
      : [b, a]
  return {
    ...older,
    latencyMs: Math.max(a.latencyMs, b.latencyMs),
    bytes: a.bytes + b.bytes,
    view: {
      sequence: Math.min(older.view.sequence, newer.view.sequence),
      readAt: older.view.readAt,
      patients: [...a.view.patients, ...b.view.patients],
    },
    patientFailures: new Map([...(a.patientFailures ?? []), ...(b.patientFailures ?? [])]),
  }
}
