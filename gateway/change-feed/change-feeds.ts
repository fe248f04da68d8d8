import { setTimeout as delay } from 'node:timers/promises'
import type { CryptoKey } from 'jose'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import { type ChangeFeed, createChangeFeed } from './change-feed.ts'

/** Who is told what happens in the regions; `region` is a RegionCode. */
export interface ChangeListener {
  /** A patient's record, or who may see it, was changed; `sensitive`: whether the region flags the patient now, where that was not told before. */
  patientChanged(region: string, nhsNumber: string, sequence: number, sensitive?: boolean): void
  /** Every number of the patients whom the region flags sensitive. */
  flagsReplaced(region: string, nhsNumbers: ReadonlySet<string>): void
  /** Nothing known of the region holds any more: its store has another history, or other rules. */
  regionReset(region: string): void
  /** The region's changes have not been known for three seconds. */
  becameStale(region: string): void
}

/** What the regions change, as far as it is known here. */
export interface ChangeFeeds {
  /** Whether all that the region had committed three seconds ago has been told. Never before `start`, nor of an unknown region. */
  isCurrent(region: string): boolean
  /** Up to here the region's changes have been told; 0 before the first connection. */
  lastSequence(region: string): number
  /** How long ago the region was heard last; null: never. */
  silentForMs(region: string): number | null
  /** How much listeners were told, of all regions: while it stays the same, they were told nothing. */
  readonly version: number
  /** Tells this listener too, from now on. */
  subscribe(listener: Partial<ChangeListener>): void
  /** Resolves when each region has told what is to be known before it is asked, or is away; after a second at the latest. */
  start(): Promise<void>
  close(): Promise<void>
}

export interface ChangeFeedsOptions {
  readonly regions: readonly RegionConfiguration[]
  readonly assertionKey: { readonly key: CryptoKey; readonly keyId: string }
  readonly now?: () => number
  readonly log: ServiceLog
}

const maxStartMs = 1000

/** A feed for each region. */
export function createChangeFeeds({ regions, ...options }: ChangeFeedsOptions): ChangeFeeds {
  const listeners: Partial<ChangeListener>[] = []
  const feeds = new Map<string, ChangeFeed>()
  let told = 0
  const notifyListeners = (what: (listener: Partial<ChangeListener>) => void) => {
    told++
    for (const listener of listeners) what(listener)
  }
  const open = (region: RegionConfiguration) => {
    const { code } = region
    return createChangeFeed({
      ...options,
      region,
      onChange: ({ nhsNumber, sequence, sensitive }) =>
        notifyListeners((listener) => listener.patientChanged?.(code, nhsNumber, sequence, sensitive)),
      onFlags: (nhsNumbers) => notifyListeners((listener) => listener.flagsReplaced?.(code, nhsNumbers)),
      onReset: () => notifyListeners((listener) => listener.regionReset?.(code)),
      onStale: () => notifyListeners((listener) => listener.becameStale?.(code)),
    })
  }
  return {
    isCurrent: (region) => feeds.get(region)?.isCurrent ?? false,
    lastSequence: (region) => feeds.get(region)?.lastSequence ?? 0,
    silentForMs: (region) => feeds.get(region)?.silentForMs ?? null,
    get version() {
      return told
    },
    subscribe: (listener) => void listeners.push(listener),
    async start() {
      for (const region of regions) if (!feeds.has(region.code)) feeds.set(region.code, open(region))
      const waiting = new AbortController()
      const { signal } = waiting
      await Promise.race([
        Promise.all([...feeds.values()].map(({ firstAttempt: tried }) => tried)),
        delay(maxStartMs, undefined, { signal }).catch(() => {}),
      ])
      waiting.abort()
    },
    async close() {
      await Promise.all([...feeds.values()].map((feed) => feed.close()))
      feeds.clear()
    },
  }
}
