import { type ChangeFeed, createChangeFeed } from '../../../gateway/change-feed/change-feed.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import type { FeedStore } from './feed-store.ts'

/** A gateway's feed of a store, and all that it has told. */
export interface RecordedFeed extends AsyncDisposable {
  readonly feed: ChangeFeed
  /** What was told, in order: `change 12 publish 9990000018`, `reset`, `silence`. */
  readonly received: readonly string[]
  readonly logged: readonly unknown[][]
  /** Moves the feed's clock on. */
  advance(ms: number): void
  /** Resolves when it holds, looked at whenever something is told and every few milliseconds. */
  until(holds: () => boolean): Promise<void>
}

export interface RecordFeedOptions {
  readonly url?: string
  readonly onChange?: (change: { readonly sequence: number }) => void
  readonly onReset?: () => void
}

export function recordFeed(
  { region, assertionKey }: Pick<FeedStore, 'region' | 'assertionKey'>,
  { url, onChange, onReset }: RecordFeedOptions = {},
): RecordedFeed {
  const received: string[] = []
  const logged: unknown[][] = []
  let passedMs = 0
  const subscribedRegion: RegionConfiguration = url === undefined ? region : { ...region, url }
  const feed = createChangeFeed({
    region: subscribedRegion,
    assertionKey,
    clock: () => performance.now() + passedMs,
    log: (...entry) => logged.push(entry),
    onChange: (change) => {
      received.push(`change ${change.sequence} ${change.kind} ${change.nhsNumber}`)
      onChange?.(change)
    },
    onReset: () => {
      received.push('reset')
      onReset?.()
    },
    onStale: () => received.push('silence'),
  })
  return {
    feed,
    received: received,
    logged,
    advance: (ms) => {
      passedMs += ms
    },
    until: (holds) =>
      new Promise((resolve) => {
        const look = setInterval(() => {
          if (!holds()) return
          clearInterval(look)
          resolve()
        }, 2)
      }),
    [Symbol.asyncDispose]: () => feed.close(),
  }
}
