import type * as Region from '../../../schema/generated/region.ts'

/** The confidentiality that labels say; NORMAL where they say none. */
export function toConfidentiality(labels: readonly string[]): Region.Confidentiality {
  return labels.includes('V') ? 'VERY_RESTRICTED' : labels.includes('R') ? 'RESTRICTED' : 'NORMAL'
}
