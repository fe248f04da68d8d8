import { setTimeout as delay } from 'node:timers/promises'
import type { CryptoKey } from 'jose'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import { type ChangeFeed, createChangeFeed } from './change-feed.ts'

/** Receives the events of all regions; `region` is a RegionCode. */
export interface ChangeListener {
  /**
   * A patient's record, or who may see it, changed. `sensitive` is whether the region now flags the patient; undefined
   * if an earlier event stated it.
   */
  patientChanged(region: string, nhsNumber: string, sequence: number, sensitive?: boolean): void
  /** Replaces the set of patients whom the region flags sensitive. */
  flagsReplaced(region: string, nhsNumbers: ReadonlySet<string>): void
  /** Everything known about the region became invalid, because its store has a new history or new rules. */
  regionReset(region: string): void
  /** The region's changes are unknown for three seconds. */
  becameStale(region: string): void
}

/** The change feeds of all regions. */
export interface ChangeFeeds {
  /**
   * Returns whether every change that the region committed three seconds ago was received. False before `start` and for
   * an unknown region.
   */
  isCurrent(region: string): boolean
  /** Returns the sequence number of the last change received; 0 before the first connection. */
  lastSequence(region: string): number
  /** Returns the milliseconds since bytes last arrived from the region; null: none ever did. */
  silentForMs(region: string): number | null
  /** Counts the events of all regions. An unchanged version means that no listener was called. */
  readonly version: number
  /** Adds a listener for later events. */
  subscribe(listener: Partial<ChangeListener>): void
  /**
   * Opens the feeds. Resolves when each region has sent its flagged patients or is unreachable, and after a second at
   * most.
   */
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

/** Creates one feed for each region. */
export function createChangeFeeds({ regions, ...options }: ChangeFeedsOptions): ChangeFeeds {
  const listeners: Partial<ChangeListener>[] = []
  const feeds = new Map<string, ChangeFeed>()
  let version = 0
  const notifyListeners = (notify: (listener: Partial<ChangeListener>) => void) => {
    version++
    for (const listener of listeners) notify(listener)
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
      return version
    },
    subscribe: (listener) => void listeners.push(listener),
    async start() {
      for (const region of regions) if (!feeds.has(region.code)) feeds.set(region.code, open(region))
      const waiting = new AbortController()
      const { signal } = waiting
      await Promise.race([
        Promise.all([...feeds.values()].map(({ firstAttempt }) => firstAttempt)),
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
