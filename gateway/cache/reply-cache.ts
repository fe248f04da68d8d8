import { LRUCache } from 'lru-cache'
import type { KeptReply, ReadReply, ReplyCache } from '../regions/reply-cache.ts'

export interface ReplyCacheOptions {
  /** Codes of the regions. */
  readonly regions: readonly string[]
  /** Whether the region's changes are being heard, all of them so far. */
  readonly isCurrent: (region: string) => boolean
  /** For all regions together; 0: nothing is kept. */
  readonly maxBytes: number
  /** Of how many patients, by region, the last change is remembered; the rest are taken to have changed with the last that was forgotten. @default 100000 */
  readonly maxChanges?: number
  readonly now: () => number
}

/** A cache, and how it is told of changes. */
export interface ChangingReplyCache extends ReplyCache {
  /** What is kept of this patient is no longer so; nor is what is still on its way from before that change. */
  changed(region: string, nhsNumber: string, sequence: number): void
  /** Nothing that is kept of a region can be relied on. */
  drop(region: string): void
  /** Nor can the changes that were heard of it: its store has another history, or other rules. */
  reset(region: string): void
  /** Bytes and patients that are kept, by region. */
  sizes(): ReadonlyMap<string, { readonly bytes: number; readonly patients: number }>
}

interface Kept extends KeptReply {
  readonly askedAtMs: number
  readonly bytes: number
}

/** What is kept of one patient: variants, the oldest first. */
type PatientReplies = Map<string, Kept>

// What JSON takes when it is parsed, as objects and strings, for each of its bytes.
const bytesInMemory = 4
const mostVariants = 32

/** Replies by patient, least recently used forgotten first, in a bounded number of bytes. See README.md for what makes it safe. */
export function createReplyCache({ regions, isCurrent, maxBytes, maxChanges = 100_000, now }: ReplyCacheOptions): ChangingReplyCache {
  const generationOf = (region: string, nhsNumber: string) => (isCurrent(region) ? (parts.get(region)?.generationOf(nhsNumber) ?? null) : null)
  let serial = 0
  const parts = new Map(regions.map((region) => [region, createPart({ maxSize: Math.max(1, Math.floor(maxBytes / regions.length)), maxChanges })]))

  return {
    find({ region, nhsNumber, variant }) {
      const kept = isCurrent(region) ? parts.get(region)?.patients.get(nhsNumber)?.get(variant) : undefined
      const nowMs = now()
      // Asked, too: a clock set back must not make it hold for longer.
      return kept && nowMs < kept.untilMs && kept.askedAtMs <= nowMs ? kept : null
    },
    keep({ region, nhsNumber, variant }, read) {
      const part = parts.get(region)
      if (!part || !isCurrent(region) || !mayBeKept(read)) return
      if (read.generation !== generationOf(region, nhsNumber) || read.sequence < part.changeOf(nhsNumber)) return
      const { reply, readAt, askedAtMs, bytes } = read
      part.keep(nhsNumber, variant, { reply, readAt, serial: ++serial, askedAtMs, bytes: bytes * bytesInMemory + variant.length, untilMs: askedAtMs + reply.decision.standsForMs })
    },
    generation: generationOf,
    changed: (region, nhsNumber, sequence) => parts.get(region)?.changed(nhsNumber, sequence),
    drop: (region) => parts.get(region)?.drop(),
    reset: (region) => parts.get(region)?.reset(),
    sizes: () => new Map([...parts].map(([region, { patients }]) => [region, { bytes: patients.calculatedSize, patients: patients.size }])),
  }
}

/** Never kept: what is refused or not known, what rests on broken glass, flagged patients, and what the region says may not be. */
function mayBeKept({ reply }: ReadReply): boolean {
  const { decision, record, sensitive } = reply
  return decision.cacheable && decision.code === 'PERMITTED' && record !== null && !sensitive
}

/** One region's replies, and the last change that was heard of each patient. */
function createPart({ maxSize, maxChanges }: { readonly maxSize: number; readonly maxChanges: number }) {
  const patients = new LRUCache<string, PatientReplies>({ maxSize, sizeCalculation: sizeOf })
  const changes = new LRUCache<string, number>({ max: maxChanges, dispose: (sequence, _, reason) => reason === 'evict' && forgot(sequence) })
  // What is forgotten of may have changed as lately as this.
  let forgotten = 0
  let drops = 0
  const forgot = (sequence: number) => {
    forgotten = Math.max(forgotten, sequence)
  }
  const changeOf = (nhsNumber: string) => changes.get(nhsNumber) ?? forgotten
  const drop = () => {
    drops++
    patients.clear()
  }
  return {
    patients,
    changeOf,
    generationOf: (nhsNumber: string) => `${drops} ${changeOf(nhsNumber)}`,
    keep(nhsNumber: string, variant: string, kept: Kept) {
      const replies: PatientReplies = new Map(patients.get(nhsNumber))
      replies.delete(variant)
      replies.set(variant, kept)
      for (const oldest of replies.keys()) {
        if (replies.size <= mostVariants) break
        replies.delete(oldest)
      }
      patients.set(nhsNumber, replies)
    },
    changed(nhsNumber: string, sequence: number) {
      changes.set(nhsNumber, sequence)
      patients.delete(nhsNumber)
    },
    drop,
    reset() {
      drop()
      changes.clear()
      forgotten = 0
    },
  }
}

function sizeOf(replies: PatientReplies): number {
  let size = 100
  for (const { bytes } of replies.values()) size += bytes
  return Math.ceil(size)
}
