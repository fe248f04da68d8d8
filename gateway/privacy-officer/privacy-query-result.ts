/** The result of a privacy officer's query, and what the trail records of it. */
export interface PrivacyQueryResult {
  /** A GraphQL error if the status is not ANSWERED. */
  readonly value: unknown
  readonly status: string
  /** Number of items shown. */
  readonly items: number
}
