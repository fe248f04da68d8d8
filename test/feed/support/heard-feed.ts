import { type ChangeFeed, createChangeFeed } from '../../../gateway/feed/change-feed.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import type { FeedStore } from './feed-store.ts'

/** A gateway's feed of a store, and all that it has told. */
export interface HeardFeed extends AsyncDisposable {
  readonly feed: ChangeFeed
  /** What was told, in order: `change 12 publish 9990000018`, `reset`, `silence`. */
  readonly told: readonly string[]
  readonly logged: readonly unknown[][]
  /** Moves the feed's clock on. */
  pass(ms: number): void
  /** Resolves when it holds, looked at whenever something is told and every few milliseconds. */
  until(holds: () => boolean): Promise<void>
}

export interface HearOptions {
  readonly url?: string
  readonly onChange?: (change: { readonly sequence: number }) => void
  readonly onReset?: () => void
}

export function hear({ region, assertionKey }: Pick<FeedStore, 'region' | 'assertionKey'>, { url, onChange, onReset }: HearOptions = {}): HeardFeed {
  const told: string[] = []
  const logged: unknown[][] = []
  let passedMs = 0
  const heard: RegionConfiguration = url === undefined ? region : { ...region, url }
  const feed = createChangeFeed({
    region: heard,
    assertionKey,
    clock: () => performance.now() + passedMs,
    log: (...entry) => logged.push(entry),
    onChange: (change) => {
      told.push(`change ${change.sequence} ${change.kind} ${change.nhsNumber}`)
      onChange?.(change)
    },
    onReset: () => {
      told.push('reset')
      onReset?.()
    },
    onSilence: () => told.push('silence'),
  })
  return {
    feed,
    told,
    logged,
    pass: (ms) => {
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
