import type { CryptoKey } from 'jose'
import type { ServiceLog } from '../../schema/http/service-log.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { type ChangeFeed, createChangeFeed } from './change-feed.ts'

/** Who is told what happens in the regions; `region` is a RegionCode. */
export interface ChangeListener {
  /** A patient's record, or who may see it, was changed. */
  changed(region: string, nhsNumber: string, sequence: number): void
  /** Nothing known of the region holds any more: its store has another history, or other rules. */
  reset(region: string): void
  /** The region's changes have not been known for three seconds. */
  silenced(region: string): void
}

/** What the regions change, as far as it is known here. */
export interface ChangeFeeds {
  /** Whether all that the region had committed three seconds ago has been told. Never before `start`, nor of an unknown region. */
  isCurrent(region: string): boolean
  /** Up to here the region's changes have been told; 0 before the first connection. */
  lastSequence(region: string): number
  /** How long ago the region was heard last; null: never. */
  silentForMs(region: string): number | null
  /** Tells this listener too, from now on. */
  on(listener: ChangeListener): void
  start(): void
  close(): Promise<void>
}

export interface ChangeFeedsOptions {
  readonly regions: readonly RegionConfiguration[]
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  readonly now?: () => number
  readonly log: ServiceLog
}

/** A feed for each region. */
export function createChangeFeeds({ regions, ...options }: ChangeFeedsOptions): ChangeFeeds {
  const listeners: ChangeListener[] = []
  const feeds = new Map<string, ChangeFeed>()
  const open = (region: RegionConfiguration) => {
    const { code } = region
    return createChangeFeed({
      ...options,
      region,
      onChange: ({ nhsNumber, sequence }) => {
        for (const listener of listeners) listener.changed(code, nhsNumber, sequence)
      },
      onReset: () => {
        for (const listener of listeners) listener.reset(code)
      },
      onSilence: () => {
        for (const listener of listeners) listener.silenced(code)
      },
    })
  }
  return {
    isCurrent: (region) => feeds.get(region)?.connected ?? false,
    lastSequence: (region) => feeds.get(region)?.lastSequence ?? 0,
    silentForMs: (region) => feeds.get(region)?.silentForMs ?? null,
    on: (listener) => void listeners.push(listener),
    start() {
      for (const region of regions) if (!feeds.has(region.code)) feeds.set(region.code, open(region))
    },
    async close() {
      await Promise.all([...feeds.values()].map((feed) => feed.close()))
      feeds.clear()
    },
  }
}
