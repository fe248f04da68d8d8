import type { Dispatcher } from 'undici'
import { isConnectionFault, RegionFault, toHttpFault } from './region-fault.ts'

export interface PostRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body: string
  /** Time limit of the whole exchange, in milliseconds. */
  readonly timeMs: number
}

/**
 * Posts a JSON body and resolves with the whole response body, of at most `maxBytes`. Rejects with RegionFault or
 * undici's error, and then the connection is closed. undici's `request` is not used, because its stream and abort
 * signal cost more than the exchange.
 */
export function postJson(
  dispatcher: Dispatcher,
  { path, headers, body, timeMs }: PostRequest,
  limits: ReplyLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let hasBegun = false
    let fault: RegionFault | null = null
    let controller: Dispatcher.DispatchController | null = null
    const fail = (found: RegionFault) => {
      fault = found
      clearTimeout(timer)
      reject(found)
      controller?.abort(found)
    }
    const timer = setTimeout(() => fail(new RegionFault('TIMED_OUT', 'no reply within the time allowed')), timeMs)
    dispatcher.dispatch(
      // The timer below enforces the time limit; undici's timeouts are coarser.
      { path, method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(begun) {
          controller = begun
          // The time limit passed while the request waited for a connection, so the request is not sent.
          if (fault) begun.abort(fault)
        },
        onResponseStart(_, statusCode, answered) {
          // An informational response (RFC 9110, section 15.2) precedes the final one.
          if (statusCode < 200) return
          hasBegun = true
          const found = findReplyFault(statusCode, answered, limits)
          if (found) fail(found)
        },
        onResponseData(_, chunk) {
          size += chunk.length
          if (size > limits.maxBytes) fail(toTooLargeFault(limits.maxBytes))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          clearTimeout(timer)
          resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size))
        },
        onResponseError(_, error) {
          clearTimeout(timer)
          const isPart = hasBegun && isConnectionFault(error)
          reject(
            isPart
              ? new RegionFault('FAILED', 'expected a whole reply, found a part', { isTransient: true, cause: error })
              : error,
          )
        },
      },
    )
  })
}

export interface ReplyLimits {
  /** Upper bound on a response body, in bytes. */
  readonly maxBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Returns the fault of a response that its status and headers alone prove, or null. No byte of the body is read before.
 */
export function findReplyFault(
  statusCode: number,
  headers: Dispatcher.ResponseData['headers'],
  { maxBytes, now }: ReplyLimits,
): RegionFault | null {
  if (statusCode !== 200) return toHttpFault(statusCode, headers, now())
  // The gateway requests no encoding, and a response with an undeclared encoding cannot be trusted.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return new RegionFault('FAILED', 'expected no content encoding, found one')
  return Number(headers['content-length'] ?? 0) > maxBytes ? toTooLargeFault(maxBytes) : null
}

/**
 * Creates the fault of a response over the size limit. It shows the size of a record and not the health of the region.
 */
export function toTooLargeFault(maxBytes: number): RegionFault {
  return new RegionFault('FAILED', `expected at most ${maxBytes} bytes, found more`, {
    isRegionFault: false,
    splitReason: { why: 'TOO_LARGE' },
  })
}
