/**
 * What a Bundle may hold at most, so that its work and what it publishes stay in proportion to its bytes. All are far beyond what real Bundles have.
 */
export const bundleLimits = {
  /** Of objects and arrays within one another. */
  depth: 100,
  entries: 50_000,
  /** Faults that are looked for: beyond, a batch too is refused whole. */
  faults: 20_000,
  /** Values of one list, or of one object, but for the entries. */
  list: 5_000,
  /** Security labels of one resource or document. */
  labels: 200,
  /** Characters of a fullUrl or a reference. */
  url: 2_048,
  /** Characters of what all entries publish, as JSON: what one resource says may be repeated in each that refers to it. */
  published: 64 * 1024 * 1024,
} as const
