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

/** One ask of one region. */
export interface RegionLoaderKey {
  readonly client: RegionClient
  readonly request: ViewRequest
}

export type RegionLoader = DataLoader<RegionLoaderKey, RegionOutcome>

export interface RegionLoaderOptions {
  readonly holder: TokenHolder
  readonly credentialsFor: (region: string, context: AccessContext) => Promise<RegionCredentials>
  readonly coalescer: RequestCoalescer
  /** What has not answered by then is TIMED_OUT in this request; others that ask the same may still hear it. */
  readonly deadline: RequestDeadline
  /** Told what each region is asked, whether it is asked now or its reply is kept. Null: nobody wants to know. */
  readonly onQuery: ((asked: RegionQueryText) => void) | null
  /** @default nobody is told */
  readonly waitRecorder?: RegionWaitRecorder
}

/** What a region is asked: GraphQL without the values of its variables. */
export interface RegionQueryText {
  /** RegionCode. */
  readonly region: string
  readonly query: string
}

/**
 * Gathers what one GraphQL request asks of each region into one HTTP request per region, however many root fields ask. Asks that
 * state another access context travel apart, for the assertion states one. Lives for one request.
 */
export function createRegionLoader({
  holder,
  credentialsFor,
  coalescer,
  deadline,
  onQuery: onAsk,
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
        const { client, request: ask } = first
        const asks = group.map((call) => call.request)
        onAsk?.({ region: client.region.code, query: client.printQuery(asks) })
        const askedAtMs = performance.now()
        const answers = await deadline.runWithin(
          () =>
            coalescer.fetch(client, asks, {
              holder,
              credentials: () => credentialsFor(client.region.code, ask.context),
            }),
          (latencyMs) =>
            asks.map(() => ({
              status: 'TIMED_OUT',
              reason: "the request's deadline passed",
              latencyMs,
              wireTime: { sentAtMs: askedAtMs, receivedAtMs: performance.now() },
            })),
        )
        if (waitRecorder) reportWaits(waitRecorder, client.region.code, answers, askedAtMs)
        group.forEach((call, index) => {
          const answer = answers[index]
          if (answer) outcomes.set(call, answer)
        })
      }),
    )
    return calls.map((call) => outcomes.get(call) ?? new Error('A region client answered fewer asks than it was given'))
  }
  return new DataLoader(
    async (calls) => {
      const outcomes = await fetchAll(calls)
      // While one region was waited for, what was kept of another may have changed. All is read then, for what was read first has aged too.
      return outcomes.every(isStillValid) ? outcomes : fetchAll(calls.map(bypassCache))
    },
    { cache: false },
  )
}

/** What was on its way for another request already was waited for from the asking only. */
function reportWaits(
  waits: RegionWaitRecorder,
  region: string,
  answers: readonly RegionOutcome[],
  askedAtMs: number,
): void {
  let told: WireTime | null = null
  for (const { status, wireTime } of answers) {
    // The same for all that travelled together.
    if (!wireTime || wireTime === told) continue
    told = wireTime
    if (wireTime.receivedAtMs > askedAtMs)
      waits.recordWait(
        region,
        toWaitStatus(status),
        Math.max(askedAtMs, wireTime.sentAtMs),
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
