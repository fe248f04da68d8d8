import type { PatientReply } from './region-reply.ts'

/** Which reply: one region's, of one patient, to one question by viewers whom its rules cannot tell apart. */
export interface ReplyKey {
  /** RegionCode. */
  readonly region: string
  /** The number asked. */
  readonly nhsNumber: string
  /** What was asked, and the scope: every fact of the viewer and the occasion that the region's rules can read. */
  readonly scopeKey: string
}

/** A reply as it was when the region read its store. Shared by whoever asks again: nobody may change it. */
export interface CachedReply {
  readonly reply: PatientReply
  readonly readAt: string
  /** No other has the same: by it a reply is known again without being held. */
  readonly serial: number
  /** From then on it does not hold, whatever is heard; in milliseconds since 1970. */
  readonly validUntilMs: number
}

export interface NewReply extends Omit<CachedReply, 'serial' | 'validUntilMs'> {
  /** The store's change sequence when reading began. */
  readonly sequence: number
  /** How long it was on the wire. */
  readonly bytes: number
  /** When the region was asked, in milliseconds since 1970, and what `generation` said then. */
  readonly askedAtMs: number
  readonly generation: string | null
}

/** Keeps replies while no change can have made them untrue. */
export interface ReplyCache {
  /** Null: none is kept that holds now. */
  get(key: ReplyKey): CachedReply | null
  /** Keeps a reply, where it may be kept at all and nothing was heard of the patient since it was asked. */
  set(key: ReplyKey, read: NewReply): void
  /** What is known of a patient's changes: as long as it stays the same, none was heard. Null: changes of the region are not heard. */
  getGeneration(region: string, nhsNumber: string): string | null
}

/** Keeps nothing. */
export const noReplyCache: ReplyCache = { get: () => null, set: () => {}, getGeneration: () => null }
