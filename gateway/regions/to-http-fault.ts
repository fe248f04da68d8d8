import type { Dispatcher } from 'undici'
import { RegionFault } from './region-fault.ts'
import { toRetryAfterMs } from './to-retry-after-ms.ts'

/** What an HTTP status other than the one expected says. Retry-After is heard of 429 and 503. */
export function toHttpFault(statusCode: number, headers: Dispatcher.ResponseData['headers'], nowMs: number): RegionFault {
  const isBusy = statusCode === 429 || statusCode === 503
  const askedMs = isBusy ? toRetryAfterMs(headers['retry-after'], nowMs) : null
  // To wait for no time is to wait for none that is known.
  const retryAfterMs = askedMs === 0 ? null : askedMs
  const isPassing = statusCode >= 500 && retryAfterMs === null
  // What a region refuses says nothing of how it is.
  const isRegions = isBusy || statusCode < 400 || statusCode >= 500
  return new RegionFault('FAILED', `expected HTTP 200, found ${statusCode}`, { isPassing, isRegions, retryAfterMs, httpStatus: statusCode })
}
