/** @import { LatencyFigures } from '../operations-figures.ts' */

/** Half of the second in which a clinician is to see the record. */
const slowMs = 500
/** Of fewer, one late answer would make a slow region. */
const minRequests = 5

/**
 * Whether one in twenty took long: `unsure` where it did, of too few to blame anybody; `few` where too few were seen to
 * tell how long they take.
 *
 * @param {LatencyFigures} latency
 * @returns {'slow' | 'unsure' | 'few' | 'quick'}
 */
export function toSlowness({ count, p95Ms }) {
  const isLong = p95Ms !== null && p95Ms >= slowMs
  if (count < minRequests) return isLong ? 'unsure' : 'few'
  return isLong ? 'slow' : 'quick'
}
