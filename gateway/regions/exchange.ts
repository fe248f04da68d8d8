import type { Dispatcher } from 'undici'
import { findReplyFault, type ReplyLimits, tooLong } from './find-reply-fault.ts'
import { isConnectionFault, RegionFault } from './region-fault.ts'

export interface Question {
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
export function exchange(dispatcher: Dispatcher, { path, headers, body, timeMs }: Question, limits: ReplyLimits): Promise<Buffer> {
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
          if (size > limits.maxBytes) fail(tooLong(limits.maxBytes))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          clearTimeout(timer)
          resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size))
        },
        onResponseError(_, error) {
          clearTimeout(timer)
          const isPart = hasBegun && isConnectionFault(error)
          reject(isPart ? new RegionFault('FAILED', 'expected a whole reply, found a part', { isPassing: true, cause: error }) : error)
        },
      },
    )
  })
}
