import type { Dispatcher } from 'undici'
import { isConnectionFault, RegionFault } from './region-fault.ts'
import { toHttpFault } from './to-http-fault.ts'

export interface ReadReplyOptions {
  /** The longest reply that is read. */
  readonly maxBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The text of a region's answer, no byte of it read beyond the limit. Rejects with RegionFault where it is none that can be used; its connection is closed then. */
export async function readReply({ statusCode, headers, body }: Dispatcher.ResponseData, { maxBytes, now }: ReadReplyOptions): Promise<string> {
  const fault = toFault(statusCode, headers, maxBytes, now)
  if (fault) {
    // A stream that is given up tells it by an error event, which nobody else awaits here.
    body.on('error', () => {}).destroy()
    throw fault
  }
  try {
    return await readText(body, maxBytes)
  } catch (error) {
    if (!isConnectionFault(error)) throw error
    throw new RegionFault('FAILED', 'expected a whole reply, found a part', { isPassing: true, cause: error })
  }
}

function toFault(statusCode: number, headers: Dispatcher.ResponseData['headers'], maxBytes: number, now: () => number): RegionFault | null {
  if (statusCode !== 200) return toHttpFault(statusCode, headers, now())
  // None was asked for, and a text that says it is another than it is cannot be trusted.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return new RegionFault('FAILED', 'expected no content encoding, found one')
  return Number(headers['content-length'] ?? 0) > maxBytes ? tooLong(maxBytes) : null
}

async function readText(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw tooLong(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLong(maxBytes: number): RegionFault {
  return new RegionFault('FAILED', `expected at most ${maxBytes} bytes, found more`)
}
