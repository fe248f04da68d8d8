import type { Dispatcher } from 'undici'
import { isConnectionFault, RegionFault, toHttpFault } from './region-fault.ts'

export interface PostRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: string
  /** For the whole of the exchange, in milliseconds. */
  readonly timeMs: number
}

/**
 * Posts a body and reads the answer whole, no byte of it beyond the limit. undici's `request` would make a stream and an abort signal of each,
 * which cost more than the exchange. Rejects with RegionFault or what undici says; the connection is closed then.
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
      // The time is kept here, to the millisecond.
      { path, method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(begun) {
          controller = begun
          // Its time went by while it waited for a connection: it is not sent.
          if (fault) begun.abort(fault)
        },
        onResponseStart(_, statusCode, answered) {
          // Informational (RFC 9110, 15.2): the answer is still to come.
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
  /** The longest reply that is read. */
  readonly maxBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What is wrong with a reply by its status and headers alone, before a byte of its body is read; null: nothing. */
export function findReplyFault(
  statusCode: number,
  headers: Dispatcher.ResponseData['headers'],
  { maxBytes, now }: ReplyLimits,
): RegionFault | null {
  if (statusCode !== 200) return toHttpFault(statusCode, headers, now())
  // None was asked for, and a text that says it is another than it is cannot be trusted.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return new RegionFault('FAILED', 'expected no content encoding, found one')
  return Number(headers['content-length'] ?? 0) > maxBytes ? toTooLargeFault(maxBytes) : null
}

/** A reply that is longer than is read. It says how much a record holds, and nothing of how the region is. */
export function toTooLargeFault(maxBytes: number): RegionFault {
  return new RegionFault('FAILED', `expected at most ${maxBytes} bytes, found more`, {
    isRegionFault: false,
    splitReason: { why: 'TOO_LARGE' },
  })
}
