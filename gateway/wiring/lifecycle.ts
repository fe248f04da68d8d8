import type { RequestListener } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CloseOptions, type Listening, type ListenOptions, listen } from '../../schema/service/listen.ts'
import { type HeadPublisher, startHeadPublisher } from '../audit/head-publisher.ts'
import type { GatewayMetrics } from '../observability/metrics/gateway-metrics.ts'
import type { EventLoopLag } from '../server/event-loop-lag.ts'
import { startTallying, type TrailTallies } from '../utilisation/trail-tallies.ts'
import type { GatewaySettings } from './gateway-options.ts'
import type { RegionAccess } from './region-access.ts'

/** Starts and stops the gateway's parts in order. */
export interface Lifecycle {
  readonly isClosing: boolean
  /** Port 0 takes any free one. */
  listen(where: ListenOptions): Promise<{ readonly url: string }>
  /** Resolves once every request is answered and every part is closed; repeated calls share one close. */
  close(options?: CloseOptions): Promise<void>
}

export interface LifecycleOptions {
  readonly settings: Pick<GatewaySettings, 'trail' | 'witness' | 'onHead' | 'spans' | 'arrivalMs' | 'log'>
  readonly listener: RequestListener
  readonly regionAccess: Pick<RegionAccess, 'feeds' | 'clients'>
  readonly tallies: TrailTallies
  readonly eventLoopLag: EventLoopLag
  readonly metrics: GatewayMetrics
}

export function createLifecycle({
  settings: { trail, witness, onHead, spans, arrivalMs, log },
  listener,
  regionAccess: { feeds, clients },
  tallies,
  eventLoopLag,
  metrics,
}: LifecycleOptions): Lifecycle {
  let heads: HeadPublisher | null = null
  let listening: Listening | null = null
  let tallying: Disposable | null = null
  let closing: Promise<void> | null = null
  const close = async (options?: CloseOptions) => {
    tallying?.[Symbol.dispose]()
    await listening?.close(options)
    // The limiter reads the lag as long as operations arrive.
    eventLoopLag[Symbol.dispose]()
    await Promise.all([feeds.close(), ...clients.map((client) => client.close())])
    // A mutation whose client has gone is recorded one turn after its region replied, so the trail closes after that.
    await nextTurn()
    await heads?.close()
    await Promise.all([trail.close(), spans?.close()])
  }
  return {
    get isClosing() {
      return closing !== null
    },
    async listen(where) {
      await feeds.start()
      listening = await listen(listener, { arrivalMs, acceptors: 64, ...where })
      tallying = startTallying(tallies)
      heads = startHeadPublisher({
        trail,
        witness,
        onHead,
        onWitness(outcome, cause) {
          metrics.onWitness(outcome)
          if (outcome === 'failed') log('The audit witness did not take the head', cause)
        },
      })
      return { url: listening.url }
    },
    close(options) {
      closing ??= close(options)
      return closing
    },
  }
}
