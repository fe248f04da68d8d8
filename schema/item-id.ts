import { hash } from 'node:crypto'

/**
 * The identity that regions share: section, business identifier and, on a timeline, the instant that orders the item.
 */
export interface SharedIdentity {
  readonly kind: string
  readonly system: string
  readonly value: string
  /** Milliseconds since 1970; null if undated; absent for items of no timeline. */
  readonly orderedAtMs?: number | null
}

/** The identity of an item without a business identifier. It holds in its region only. */
export interface LocalIdentity {
  readonly kind: string
  readonly region: string
  readonly organisation: string
  readonly resourceId: string
  readonly orderedAtMs?: number | null
}

/** Computes an item's opaque public id: 128 bits in base64url, the same in every region. */
export function toItemId(identity: SharedIdentity | LocalIdentity): string {
  const parts =
    'system' in identity
      ? ['shared', identity.kind, identity.system, identity.value]
      : ['local', identity.kind, identity.region, identity.organisation, identity.resourceId]
  if (identity.orderedAtMs !== undefined) parts.push(String(identity.orderedAtMs))
  return hash('sha256', JSON.stringify(parts), 'buffer').toString('base64url', 0, 16)
}
