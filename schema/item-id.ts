import { hash } from 'node:crypto'

/** What makes an item the same in every region: its kind, its business identifier and, on a timeline, the instant it is ordered by. */
export interface SharedIdentity {
  readonly kind: string
  readonly system: string
  readonly value: string
  /** Milliseconds since 1970; null where undated; absent for items that are on no timeline. */
  readonly orderedAtMs?: number | null
}

/** What tells an item without a business identifier apart within its region; it proves no sameness elsewhere. */
export interface LocalIdentity {
  readonly kind: string
  readonly region: string
  readonly organisation: string
  readonly resourceId: string
  readonly orderedAtMs?: number | null
}

/** The opaque public id of an item: 128 bits in base64url, the same whichever region computes it. */
export function toItemId(identity: SharedIdentity | LocalIdentity): string {
  const parts =
    'system' in identity
      ? ['shared', identity.kind, identity.system, identity.value]
      : ['local', identity.kind, identity.region, identity.organisation, identity.resourceId]
  if (identity.orderedAtMs !== undefined) parts.push(String(identity.orderedAtMs))
  return hash('sha256', JSON.stringify(parts), 'buffer').toString('base64url', 0, 16)
}
