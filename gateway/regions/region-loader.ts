import DataLoader from 'dataloader'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { cachedStringify } from '../../schema/cached-stringify.ts'
import type { RegionClient, RegionCredentials } from './region-client.ts'
import type { RegionOutcome, WireTime } from './region-reply.ts'
import { type RegionWaitRecorder, toWaitStatus } from './region-wait-recorder.ts'
import type { RequestCoalescer } from './request-coalescer.ts'
import type { RequestDeadline } from './request-deadline.ts'
import type { ViewRequest } from './view-request.ts'

/** One view request to one region. */
export interface RegionLoaderKey {
  readonly client: RegionClient
  readonly request: ViewRequest
}

export type RegionLoader = DataLoader<RegionLoaderKey, RegionOutcome>

export interface RegionLoaderOptions {
  readonly holder: TokenHolder
  readonly credentialsFor: (region: string, context: AccessContext) => Promise<RegionCredentials>
  readonly coalescer: RequestCoalescer
  /** A region that has not answered by then is TIMED_OUT in this request. Other requests may still share its reply. */
  readonly deadline: RequestDeadline
  /**
   * Called with each query, whether it is sent or its replies are cached. Null: the viewer did not request query texts.
   */
  readonly onQuery: ((asked: RegionQueryText) => void) | null
  /** @default does nothing */
  readonly waitRecorder?: RegionWaitRecorder
}

/** Text of a query to a region, without the values of its variables. */
export interface RegionQueryText {
  /** RegionCode. */
  readonly region: string
  readonly query: string
}

/**
 * Creates the loader of one GraphQL request. It combines all root fields' requests to a region into one HTTP request.
 * Requests with another access context are sent apart, because an assertion states one context.
 */
export function createRegionLoader({
  holder,
  credentialsFor,
  coalescer,
  deadline,
  onQuery,
  waitRecorder,
}: RegionLoaderOptions): RegionLoader {
  const fetchAll = async (calls: readonly RegionLoaderKey[]): Promise<readonly (RegionOutcome | Error)[]> => {
    const groups = Map.groupBy(
      calls,
      ({ client, request }) => `${client.region.code} ${cachedStringify(request.context)}`,
    )
    const outcomes = new Map<RegionLoaderKey, RegionOutcome>()
    await Promise.all(
      [...groups.values()].map(async (group) => {
        const [first] = group
        if (!first) return
        const { client, request } = first
        const requests = group.map((call) => call.request)
        onQuery?.({ region: client.region.code, query: client.printQuery(requests) })
        const requestedAtMs = performance.now()
        const answers = await deadline.runWithin(
          () =>
            coalescer.fetch(client, requests, {
              holder,
              credentials: () => credentialsFor(client.region.code, request.context),
            }),
          (latencyMs) =>
            requests.map(() => ({
              status: 'TIMED_OUT',
              reason: "the request's deadline passed",
              latencyMs,
              wireTime: { sentAtMs: requestedAtMs, receivedAtMs: performance.now() },
            })),
        )
        if (waitRecorder) reportWaits(waitRecorder, client.region.code, answers, requestedAtMs)
        group.forEach((call, index) => {
          const answer = answers[index]
          if (answer) outcomes.set(call, answer)
        })
      }),
    )
    return calls.map(
      (call) => outcomes.get(call) ?? new Error('A region client returned fewer outcomes than it was given requests'),
    )
  }
  return new DataLoader(
    async (calls) => {
      const outcomes = await fetchAll(calls)
      // A cached reply may become invalid while another region is awaited. All regions are then read again, because the
      // fresh replies have aged too.
      return outcomes.every(isStillValid) ? outcomes : fetchAll(calls.map(bypassCache))
    },
    { cache: false },
  )
}

/** Records the waits. For a call that another request had already started, the wait begins with this request. */
function reportWaits(
  waits: RegionWaitRecorder,
  region: string,
  answers: readonly RegionOutcome[],
  requestedAtMs: number,
): void {
  let recorded: WireTime | null = null
  for (const { status, wireTime } of answers) {
    // Outcomes of one HTTP request share one WireTime.
    if (!wireTime || wireTime === recorded) continue
    recorded = wireTime
    if (wireTime.receivedAtMs > requestedAtMs)
      waits.recordWait(
        region,
        toWaitStatus(status),
        Math.max(requestedAtMs, wireTime.sentAtMs),
        wireTime.receivedAtMs,
        wireTime.call,
      )
  }
}

function isStillValid(outcome: RegionOutcome | Error): boolean {
  return !('isStillValid' in outcome) || outcome.isStillValid?.() !== false
}

function bypassCache({ client, request }: RegionLoaderKey): RegionLoaderKey {
  return { client, request: { ...request, noCache: true } }
}
