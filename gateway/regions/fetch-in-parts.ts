import type { CallTimes, FailedCall, RegionOutcome, RegionReply } from './region-reply.ts'
import type { ViewRequest } from './view-request.ts'

type Send = (requests: readonly ViewRequest[]) => Promise<readonly RegionOutcome[]>

/**
 * Sends all view requests to a region in one HTTP request and returns one outcome for each, in order. If the reply
 * exceeds the size limit, or the region refuses a client's field, the requests are sent again in halves. Only the
 * patient or request at fault then fails. One request for one patient is not halved. Halves are sent one after the
 * other, so that one long reply at a time is in memory, and none starts after `untilMs` (performance.now).
 */
export async function fetchInParts(
  requests: readonly ViewRequest[],
  untilMs: number,
  send: Send,
): Promise<readonly RegionOutcome[]> {
  const outcomes = await send(requests)
  const [first] = outcomes
  const why = first && first.status !== 'REPLIED' ? first.splitReason?.why : undefined
  if (why === undefined || performance.now() > untilMs) return outcomes
  const [request] = requests
  if (requests.length > 1) {
    const [firstHalf, secondHalf] = halve(requests)
    return [...(await fetchInParts(firstHalf, untilMs, send)), ...(await fetchInParts(secondHalf, untilMs, send))]
  }
  // A region refuses a field for every patient, so fewer patients would not help.
  if (!request || why === 'REFUSED' || request.nhsNumbers.length < 2) return outcomes
  const [firstHalf, secondHalf] = halve(request.nhsNumbers).map((nhsNumbers) => ({ ...request, nhsNumbers })) as [
    ViewRequest,
    ViewRequest,
  ]
  const [one] = await fetchInParts([firstHalf], untilMs, send)
  const [other] = await fetchInParts([secondHalf], untilMs, send)
  return [joinParts(toPartReply(firstHalf, one), toPartReply(secondHalf, other))]
}

function halve<One>(all: readonly One[]): readonly [readonly One[], readonly One[]] {
  const middle = Math.ceil(all.length / 2)
  return [all.slice(0, middle), all.slice(middle)]
}

type PartReply = CallTimes & RegionReply

/** Converts a half's outcome to a reply in which each patient may have failed. */
function toPartReply({ nhsNumbers }: ViewRequest, outcome: RegionOutcome | undefined): PartReply {
  if (!outcome) throw new Error('Expected an outcome for each view request')
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

/** Joins the replies of two halves. The older reading time counts for both. */
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
