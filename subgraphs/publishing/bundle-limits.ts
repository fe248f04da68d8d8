/** Limits of a Bundle, so that work and output stay in proportion to its bytes. All are far beyond real Bundles. */
export const bundleLimits = {
  /** Deepest nesting of objects and arrays. */
  depth: 100,
  entries: 50_000,
  /** Most faults that are looked for; beyond them a batch too is refused whole. */
  faults: 20_000,
  /** Most values of one list or object, the entries apart. */
  list: 5_000,
  /** Security labels of one resource or document. */
  labels: 200,
  /** Characters of a fullUrl or a reference. */
  url: 2_048,
  /**
   * Most characters that all entries publish, as JSON, because one resource may be repeated in each that refers to it.
   */
  published: 64 * 1024 * 1024,
} as const
