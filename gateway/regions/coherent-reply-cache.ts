import { LRUCache } from 'lru-cache'
import type { CachedReply, NewReply, ReplyCache } from './reply-cache.ts'

export interface CoherentReplyCacheOptions {
  /** RegionCodes of the regions whose replies may be cached. */
  readonly regions: readonly string[]
  /** Returns whether the region's change feed is current. */
  readonly isCurrent: (region: string) => boolean
  /** Memory for the replies of all regions together; 0 disables the cache. */
  readonly maxBytes: number
  /**
   * Patients per region whose last change is remembered. Any other patient counts as changed at the newest evicted
   * change. @default 100000
   */
  readonly maxRememberedChanges?: number
  readonly now: () => number
}

/** A reply cache that changes in the stores invalidate. */
export interface CoherentReplyCache extends ReplyCache {
  /** Removes the patient's replies, and prevents replies read before this change from being cached. */
  invalidatePatient(region: string, nhsNumber: string, sequence: number): void
  /** Removes every reply of a region. */
  clearRegion(region: string): void
  /** Removes every reply and every remembered change of a region, because its store has a new history or new rules. */
  resetRegion(region: string): void
  /** Returns the bytes and patients cached, by RegionCode. */
  sizes(): ReadonlyMap<string, { readonly bytes: number; readonly patients: number }>
}

interface CacheEntry extends CachedReply {
  readonly askedAtMs: number
  readonly bytes: number
}

/** One patient's cached replies by scope key, the oldest first. */
type PatientReplies = Map<string, CacheEntry>

// A parsed JSON value takes about four times its bytes on the wire, as objects and strings.
const memoryBytesPerReplyByte = 4
const maxRepliesPerPatient = 32

/**
 * Creates a cache that is bounded in bytes and evicts the least recently used patient. README.md states why it is safe.
 */
export function createCoherentReplyCache({
  regions,
  isCurrent,
  maxBytes,
  maxRememberedChanges = 100_000,
  now,
}: CoherentReplyCacheOptions): CoherentReplyCache {
  const generationOf = (region: string, nhsNumber: string) =>
    isCurrent(region) ? (regionCaches.get(region)?.generationOf(nhsNumber) ?? null) : null
  let serial = 0
  const regionCaches = new Map(
    regions.map((region) => [
      region,
      createRegionCache({
        maxSize: Math.max(1, Math.floor(maxBytes / regions.length)),
        maxChanges: maxRememberedChanges,
      }),
    ]),
  )

  return {
    get({ region, nhsNumber, scopeKey }) {
      const cached = isCurrent(region) ? regionCaches.get(region)?.patients.get(nhsNumber)?.get(scopeKey) : undefined
      const nowMs = now()
      // An entry from the future is invalid, because a clock set back would otherwise extend its validity.
      return cached && nowMs < cached.validUntilMs && cached.askedAtMs <= nowMs ? cached : null
    },
    set({ region, nhsNumber, scopeKey }, read) {
      const cache = regionCaches.get(region)
      if (!cache || !isCurrent(region) || !isCacheable(read)) return
      if (read.generation !== generationOf(region, nhsNumber) || read.sequence < cache.changeOf(nhsNumber)) return
      const { reply, readAt, askedAtMs, bytes } = read
      cache.add(nhsNumber, scopeKey, {
        reply,
        readAt,
        serial: ++serial,
        askedAtMs,
        bytes: bytes * memoryBytesPerReplyByte + scopeKey.length,
        validUntilMs: askedAtMs + reply.decision.standsForMs,
      })
    },
    getGeneration: generationOf,
    invalidatePatient: (region, nhsNumber, sequence) => regionCaches.get(region)?.invalidate(nhsNumber, sequence),
    clearRegion: (region) => regionCaches.get(region)?.clear(),
    resetRegion: (region) => regionCaches.get(region)?.reset(),
    sizes: () =>
      new Map(
        [...regionCaches].map(([region, { patients }]) => [
          region,
          { bytes: patients.calculatedSize, patients: patients.size },
        ]),
      ),
  }
}

/**
 * Refusals, unknown patients, broken glass, flagged patients, and whatever the region declares uncacheable are never
 * cached.
 */
function isCacheable({ reply }: NewReply): boolean {
  const { decision, record, sensitive } = reply
  return decision.cacheable && decision.code === 'PERMITTED' && record !== null && !sensitive
}

/** One region's replies, and the last change received for each patient. */
function createRegionCache({ maxSize, maxChanges }: { readonly maxSize: number; readonly maxChanges: number }) {
  const patients = new LRUCache<string, PatientReplies>({ maxSize, sizeCalculation: estimateBytes })
  const lastChanges = new LRUCache<string, number>({
    max: maxChanges,
    dispose: (sequence, _, reason) => reason === 'evict' && recordEviction(sequence),
  })
  // A patient without an entry may have changed as late as this sequence number.
  let lastEvictedChange = 0
  let clearCount = 0
  const recordEviction = (sequence: number) => {
    lastEvictedChange = Math.max(lastEvictedChange, sequence)
  }
  const changeOf = (nhsNumber: string) => lastChanges.get(nhsNumber) ?? lastEvictedChange
  const clear = () => {
    clearCount++
    patients.clear()
  }
  return {
    patients,
    changeOf,
    generationOf: (nhsNumber: string) => `${clearCount} ${changeOf(nhsNumber)}`,
    add(nhsNumber: string, scopeKey: string, cached: CacheEntry) {
      const replies: PatientReplies = new Map(patients.get(nhsNumber))
      replies.delete(scopeKey)
      replies.set(scopeKey, cached)
      for (const oldest of replies.keys()) {
        if (replies.size <= maxRepliesPerPatient) break
        replies.delete(oldest)
      }
      patients.set(nhsNumber, replies)
    },
    invalidate(nhsNumber: string, sequence: number) {
      lastChanges.set(nhsNumber, sequence)
      patients.delete(nhsNumber)
    },
    clear,
    reset() {
      clear()
      lastChanges.clear()
      lastEvictedChange = 0
    },
  }
}

function estimateBytes(replies: PatientReplies): number {
  let size = 100
  for (const { bytes } of replies.values()) size += bytes
  return Math.ceil(size)
}
