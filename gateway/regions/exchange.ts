import type { Dispatcher } from 'undici'

export interface ExchangeOptions {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: string
  /** For the whole of it, in milliseconds. */
  readonly timeMs: number
  /** Of the body of the answer. */
  readonly maxBytes: number
}

export interface Exchanged {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** The time allowed is over. */
export class TimeIsOver extends Error {}

/** More came than is read. */
export class TooLarge extends Error {}

/**
 * Posts a body and reads the answer whole. undici's `request` would make a stream and an abort signal of each, which cost more than the
 * exchange. Rejects with TimeIsOver, TooLarge or what undici says.
 */
export function exchange(dispatcher: Dispatcher, { path, headers, body, timeMs, maxBytes }: ExchangeOptions): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let answered: Pick<Exchanged, 'statusCode' | 'headers'> = { statusCode: 0, headers: {} }
    let controller: Dispatcher.DispatchController | null = null
    let ended: Error | null = null
    const end = (error: Error) => {
      ended = error
      clearTimeout(timer)
      reject(error)
      controller?.abort(error)
    }
    const timer = setTimeout(() => end(new TimeIsOver()), timeMs)
    dispatcher.dispatch(
      // The time is kept here, by the millisecond.
      { path, method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(begun) {
          controller = begun
          // Its time went by while it waited for a connection: it is not sent.
          if (ended) begun.abort(ended)
        },
        onResponseStart(_, statusCode, answeredHeaders) {
          answered = { statusCode, headers: answeredHeaders }
        },
        onResponseData(_, chunk) {
          size += chunk.length
          if (size > maxBytes) end(new TooLarge())
          else chunks.push(chunk)
        },
        onResponseEnd() {
          clearTimeout(timer)
          resolve({ ...answered, body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size) })
        },
        onResponseError(_, error) {
          clearTimeout(timer)
          reject(error)
        },
      },
    )
  })
}
