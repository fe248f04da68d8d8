import DataLoader from 'dataloader'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { jsonOf } from '../../schema/json-of.ts'
import type { RegionClient, RegionCredentials } from './region-client.ts'
import type { OnWire, RegionOutcome } from './region-reply.ts'
import { type RegionWaits, toWaitedStatus } from './region-waits.ts'
import type { RequestDeadline } from './request-deadline.ts'
import type { SharedAsks } from './shared-asks.ts'
import type { ViewAsk } from './view-ask.ts'

/** One ask of one region. */
export interface RegionCall {
  readonly client: RegionClient
  readonly ask: ViewAsk
}

export type RegionLoader = DataLoader<RegionCall, RegionOutcome>

export interface RegionLoaderOptions {
  readonly holder: TokenHolder
  readonly credentialsFor: (region: string, context: AccessContext) => Promise<RegionCredentials>
  readonly shared: SharedAsks
  /** What has not answered by then is TIMED_OUT in this request; others that ask the same may still hear it. */
  readonly deadline: RequestDeadline
  /** Told what each region is asked, whether it is asked now or its reply is kept. Null: nobody wants to know. */
  readonly onAsk: ((asked: RegionQueryText) => void) | null
  /** @default nobody is told */
  readonly waits?: RegionWaits
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
export function createRegionLoader({ holder, credentialsFor, shared, deadline, onAsk, waits }: RegionLoaderOptions): RegionLoader {
  const askAll = async (calls: readonly RegionCall[]): Promise<readonly (RegionOutcome | Error)[]> => {
    const groups = Map.groupBy(calls, ({ client, ask }) => `${client.region.code} ${jsonOf(ask.context)}`)
    const outcomes = new Map<RegionCall, RegionOutcome>()
    await Promise.all(
      [...groups.values()].map(async (group) => {
        const [first] = group
        if (!first) return
        const { client, ask } = first
        const asks = group.map((call) => call.ask)
        onAsk?.({ region: client.region.code, query: client.print(asks) })
        const askedAtMs = performance.now()
        const answers = await deadline.within(
          () => shared.ask(client, asks, { holder, credentials: () => credentialsFor(client.region.code, ask.context) }),
          (latencyMs) =>
            asks.map(() => ({ status: 'TIMED_OUT', reason: "the request's deadline passed", latencyMs, onWire: { sentAtMs: askedAtMs, heardAtMs: performance.now() } })),
        )
        if (waits) tellWaits(waits, client.region.code, answers, askedAtMs)
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
      const outcomes = await askAll(calls)
      // While one region was waited for, what was kept of another may have changed. All is read then, for what was read first has aged too.
      return outcomes.every(stillHolds) ? outcomes : askAll(calls.map(readThrough))
    },
    { cache: false },
  )
}

/** What was on its way for another request already was waited for from the asking only. */
function tellWaits(waits: RegionWaits, region: string, answers: readonly RegionOutcome[], askedAtMs: number): void {
  let told: OnWire | null = null
  for (const { status, onWire } of answers) {
    // The same for all that travelled together.
    if (!onWire || onWire === told) continue
    told = onWire
    if (onWire.heardAtMs > askedAtMs) waits.waited(region, toWaitedStatus(status), Math.max(askedAtMs, onWire.sentAtMs), onWire.heardAtMs, onWire.call)
  }
}

function stillHolds(outcome: RegionOutcome | Error): boolean {
  return !('stillHolds' in outcome) || outcome.stillHolds?.() !== false
}

function readThrough({ client, ask }: RegionCall): RegionCall {
  return { client, ask: { ...ask, noCache: true } }
}
