import type { Dispatcher } from 'undici'
import { RegionFault } from './region-fault.ts'
import { toHttpFault } from './to-http-fault.ts'

export interface ReplyLimits {
  /** The longest reply that is read. */
  readonly maxBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What is wrong with a reply by its status and headers alone, before a byte of its body is read; null: nothing. */
export function findReplyFault(statusCode: number, headers: Dispatcher.ResponseData['headers'], { maxBytes, now }: ReplyLimits): RegionFault | null {
  if (statusCode !== 200) return toHttpFault(statusCode, headers, now())
  // None was asked for, and a text that says it is another than it is cannot be trusted.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return new RegionFault('FAILED', 'expected no content encoding, found one')
  return Number(headers['content-length'] ?? 0) > maxBytes ? tooLong(maxBytes) : null
}

/** A reply that is longer than is read. It says how much a record holds, and nothing of how the region is. */
export function tooLong(maxBytes: number): RegionFault {
  return new RegionFault('FAILED', `expected at most ${maxBytes} bytes, found more`, { isRegions: false, smaller: { why: 'TOO_LARGE' } })
}
