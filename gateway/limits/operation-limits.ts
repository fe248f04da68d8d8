/** What one document may ask. Each is some times what the published operations need (test/abuse/published-operations.test.ts). */
export interface OperationLimits {
  /** Names, values and punctuators of the text. Parsing stops there, so it also bounds what a text may take in memory. */
  readonly maxTokens: number
  readonly maxFragments: number
  readonly maxDirectives: number
  readonly maxAliases: number
  /** Selections inside each other, fragments entered. */
  readonly maxDepth: number
  /** Fields selected side by side, fragments entered. Validation compares each with each. */
  readonly maxBreadth: number
  /** Fields in all, a fragment's as often as it is spread. */
  readonly maxFields: number
  /** What it may make each region read, in values of a reply: a patient is 500, an item 25 (`operation-cost.ts`). */
  readonly maxCost: number
}

/** The gateway's own. 50 patients' PatientSummary is within them; the full record of 50 is not, of ten it is. */
export const operationLimits: OperationLimits = {
  maxTokens: 3000,
  maxFragments: 50,
  maxDirectives: 50,
  maxAliases: 50,
  maxDepth: 16,
  maxBreadth: 100,
  maxFields: 2000,
  maxCost: 200_000,
}
