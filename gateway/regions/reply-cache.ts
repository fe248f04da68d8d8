import type { PatientReply } from './region-reply.ts'

/** Key of a cached reply: a region, a patient, and a scope key. */
export interface ReplyKey {
  /** RegionCode. */
  readonly region: string
  /** The number requested. */
  readonly nhsNumber: string
  /** The request and the viewer's scope: every fact of viewer and occasion that the region's rules can read. */
  readonly scopeKey: string
}

/** A reply as the region read it. Several requests share it, so nobody may modify it. */
export interface CachedReply {
  readonly reply: PatientReply
  readonly readAt: string
  /** Unique number, by which a caller recognises a reply without a reference to it. */
  readonly serial: number
  /** When the entry expires, in milliseconds since 1970. */
  readonly validUntilMs: number
}

export interface NewReply extends Omit<CachedReply, 'serial' | 'validUntilMs'> {
  /** The store's change sequence number when reading began. */
  readonly sequence: number
  /** Size on the wire. */
  readonly bytes: number
  /** When the region was called, in milliseconds since 1970; `generation` is that of the same time. */
  readonly askedAtMs: number
  readonly generation: string | null
}

/** Caches replies as long as no change can have made them untrue. */
export interface ReplyCache {
  /** Returns the cached reply, or null if none is valid now. */
  get(key: ReplyKey): CachedReply | null
  /** Caches a reply if it is cacheable and no change of the patient was received since the region was called. */
  set(key: ReplyKey, read: NewReply): void
  /** Returns a value that differs after each change of the patient. Null: the region's change feed is not current. */
  getGeneration(region: string, nhsNumber: string): string | null
}

/** A cache that stores nothing. */
export const noReplyCache: ReplyCache = { get: () => null, set: () => {}, getGeneration: () => null }
