import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** For each region the position of the last review shown; a region that is absent is unread. */
export type ReviewPositions = ReadonlyMap<string, string>

export interface ReviewCursorCodec {
  print(positions: ReviewPositions): string
  /** Null when the cursor is not one of ours. */
  parse(cursor: string): ReviewPositions | null
}

const macBytes = 16
const positionPairs = z.array(z.tuple([z.string(), z.string()]))

/** Opaque cursors over several regions' reviews: the regions' own positions, behind an HMAC-SHA-256 cut to 128 bits, so that no region is sent what it never said. The first secret signs, all verify. */
export function createReviewCursorCodec(...secrets: readonly [Uint8Array, ...Uint8Array[]]): ReviewCursorCodec {
  const macOf = (secret: Uint8Array, payload: Uint8Array) =>
    createHmac('sha256', secret).update('openReviews').update(payload).digest().subarray(0, macBytes)
  return {
    print(positions) {
      const payload = Buffer.from(JSON.stringify([...positions]))
      return Buffer.concat([macOf(secrets[0], payload), payload]).toString('base64url')
    },
    parse(cursor) {
      const bytes = Buffer.from(cursor, 'base64url')
      const payload = bytes.subarray(macBytes)
      // Decoding base64url is lenient, so a text that does not encode back to itself is rejected.
      if (bytes.length < macBytes || bytes.toString('base64url') !== cursor) return null
      if (!secrets.some((secret) => timingSafeEqual(bytes.subarray(0, macBytes), macOf(secret, payload)))) return null
      return new Map(positionPairs.parse(JSON.parse(payload.toString('utf8'))))
    },
  }
}
