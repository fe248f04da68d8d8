import { LRUCache } from 'lru-cache'
import type { CachedReply, NewReply, ReplyCache } from './reply-cache.ts'

export interface CoherentReplyCacheOptions {
  /** Codes of the regions. */
  readonly regions: readonly string[]
  /** Whether the region's changes are being heard, all of them so far. */
  readonly isCurrent: (region: string) => boolean
  /** For all regions together; 0: nothing is kept. */
  readonly maxBytes: number
  /** Of how many patients, by region, the last change is remembered; the rest are taken to have changed with the last that was forgotten. @default 100000 */
  readonly maxRememberedChanges?: number
  readonly now: () => number
}

/** A cache, and how it is told of changes. */
export interface CoherentReplyCache extends ReplyCache {
  /** What is kept of this patient is no longer so; nor is what is still on its way from before that change. */
  invalidatePatient(region: string, nhsNumber: string, sequence: number): void
  /** Nothing that is kept of a region can be relied on. */
  clearRegion(region: string): void
  /** Nor can the changes that were heard of it: its store has another history, or other rules. */
  resetRegion(region: string): void
  /** Bytes and patients that are kept, by region. */
  sizes(): ReadonlyMap<string, { readonly bytes: number; readonly patients: number }>
}

interface CacheEntry extends CachedReply {
  readonly askedAtMs: number
  readonly bytes: number
}

/** What is kept of one patient: variants, the oldest first. */
type PatientReplies = Map<string, CacheEntry>

// What JSON takes when it is parsed, as objects and strings, for each of its bytes.
const memoryBytesPerReplyByte = 4
const maxVariantsPerPatient = 32

/** Replies by patient, least recently used forgotten first, in a bounded number of bytes. See README.md for what makes it safe. */
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
    get({ region, nhsNumber, scopeKey: variant }) {
      const kept = isCurrent(region) ? regionCaches.get(region)?.patients.get(nhsNumber)?.get(variant) : undefined
      const nowMs = now()
      // Asked, too: a clock set back must not make it hold for longer.
      return kept && nowMs < kept.validUntilMs && kept.askedAtMs <= nowMs ? kept : null
    },
    set({ region, nhsNumber, scopeKey: variant }, read) {
      const part = regionCaches.get(region)
      if (!part || !isCurrent(region) || !isCacheable(read)) return
      if (read.generation !== generationOf(region, nhsNumber) || read.sequence < part.changeOf(nhsNumber)) return
      const { reply, readAt, askedAtMs, bytes } = read
      part.keep(nhsNumber, variant, {
        reply,
        readAt,
        serial: ++serial,
        askedAtMs,
        bytes: bytes * memoryBytesPerReplyByte + variant.length,
        validUntilMs: askedAtMs + reply.decision.standsForMs,
      })
    },
    getGeneration: generationOf,
    invalidatePatient: (region, nhsNumber, sequence) => regionCaches.get(region)?.changed(nhsNumber, sequence),
    clearRegion: (region) => regionCaches.get(region)?.drop(),
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

/** Never kept: what is refused or not known, what rests on broken glass, flagged patients, and what the region says may not be. */
function isCacheable({ reply }: NewReply): boolean {
  const { decision, record, sensitive } = reply
  return decision.cacheable && decision.code === 'PERMITTED' && record !== null && !sensitive
}

/** One region's replies, and the last change that was heard of each patient. */
function createRegionCache({ maxSize, maxChanges }: { readonly maxSize: number; readonly maxChanges: number }) {
  const patients = new LRUCache<string, PatientReplies>({ maxSize, sizeCalculation: estimateBytes })
  const lastChanges = new LRUCache<string, number>({
    max: maxChanges,
    dispose: (sequence, _, reason) => reason === 'evict' && recordEviction(sequence),
  })
  // What is forgotten of may have changed as lately as this.
  let lastEvictedChange = 0
  let clearCount = 0
  const recordEviction = (sequence: number) => {
    lastEvictedChange = Math.max(lastEvictedChange, sequence)
  }
  const changeOf = (nhsNumber: string) => lastChanges.get(nhsNumber) ?? lastEvictedChange
  const drop = () => {
    clearCount++
    patients.clear()
  }
  return {
    patients,
    changeOf,
    generationOf: (nhsNumber: string) => `${clearCount} ${changeOf(nhsNumber)}`,
    keep(nhsNumber: string, variant: string, kept: CacheEntry) {
      const replies: PatientReplies = new Map(patients.get(nhsNumber))
      replies.delete(variant)
      replies.set(variant, kept)
      for (const oldest of replies.keys()) {
        if (replies.size <= maxVariantsPerPatient) break
        replies.delete(oldest)
      }
      patients.set(nhsNumber, replies)
    },
    changed(nhsNumber: string, sequence: number) {
      lastChanges.set(nhsNumber, sequence)
      patients.delete(nhsNumber)
    },
    drop,
    reset() {
      drop()
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
