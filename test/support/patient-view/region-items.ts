import type * as Region from '../../../schema/generated/region.ts'
import { toItemId } from '../../../schema/item-id.ts'

const system = 'urn:test'

/** What a result says of itself; two regions that hold the same one state the same name and instant. */
export interface ResultFields {
  readonly kind: string
  /** Its business identifier; null: it has none, and is nowhere else. */
  readonly name: string | null
  readonly region: string
  /** Milliseconds since 1970; null: undated. */
  readonly at: number | null
  readonly version?: number | null
  readonly lastUpdated?: string | null
  /** Its code: what two that look alike share. */
  readonly code?: string
  readonly value?: string
  /** What tells items without identifier apart. */
  readonly serial?: number
}

export function toResultId(kind: string, name: string): string {
  return toItemId({ kind, system, value: name })
}

/** A result as a region serves it; in a list section its id does not hold the instant. */
export function resultItem({
  kind,
  name,
  region,
  at,
  version = null,
  lastUpdated = null,
  code = 'c',
  value = 'v',
  serial = 0,
}: ResultFields): Region.Result & Record<string, unknown> {
  const instant = kind === 'results' ? { orderedAtMs: at } : {}
  const id =
    name === null
      ? toItemId({ kind, region, organisation: 'REM', resourceId: String(serial), ...instant })
      : toItemId({ kind, system, value: name, ...instant })
  const effective = at === null ? null : new Date(at).toISOString()
  return {
    id,
    identifier: name === null ? null : { system, value: name },
    version,
    lastUpdated,
    organisation: { odsCode: 'REM', name: null },
    recordedAt: '2026-01-01T00:00:00.000Z',
    orderedAt: effective,
    position: `${at ?? 'undated'}.${id}`,
    code: { text: code, codings: [{ system: 'http://loinc.org', code, display: null }] },
    category: null,
    effective,
    status: 'FINAL',
    value,
    quantity: null,
    referenceRange: null,
    interpretation: null,
    components: [],
    report: null,
  }
}

/** A retraction as a store lists it. */
export function toRetraction(kind: string, name: string, at: number | null = null): Region.Retraction {
  const identity = toResultId(kind, name)
  const id = kind === 'results' ? toItemId({ kind, system, value: name, orderedAtMs: at }) : identity
  return {
    identity,
    id,
    identifier: { system, value: name },
    organisation: { odsCode: 'RBN', name: null },
    at: '2026-02-02T00:00:00.000Z',
  }
}
