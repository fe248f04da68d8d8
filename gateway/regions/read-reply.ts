import type { Dispatcher } from 'undici'
import { findReplyFault, type ReplyLimits, tooLong } from './find-reply-fault.ts'
import { isConnectionFault, RegionFault } from './region-fault.ts'

/** The text of a region's answer, no byte of it read beyond the limit. Rejects with RegionFault where it is none that can be used; its connection is closed then. */
export async function readReply({ statusCode, headers, body }: Dispatcher.ResponseData, { maxBytes, now }: ReplyLimits): Promise<string> {
  const fault = findReplyFault(statusCode, headers, { maxBytes, now })
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
