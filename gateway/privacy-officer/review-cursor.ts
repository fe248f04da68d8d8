import { z } from 'zod'
import { createTokenSigner } from '../opaque-tokens/token-signer.ts'

/** The regions' positions after the last review shown, by region code; an absent region is unread. */
export type ReviewPositions = ReadonlyMap<string, string>

export interface ReviewCursorCodec {
  print(positions: ReviewPositions): string
  /** Returns null if the cursor was not printed by this gateway. */
  parse(cursor: string): ReviewPositions | null
}

const positionPairs = z.array(z.tuple([z.string(), z.string()]))
/** A cursor is good for open reviews, whoever asks. */
const binding = 'openReviews'

/**
 * Creates the codec of opaque review cursors: the regions' own positions, signed, so that a region only receives
 * positions that it stated.
 */
export function createReviewCursorCodec(...secrets: readonly [Uint8Array, ...Uint8Array[]]): ReviewCursorCodec {
  const signer = createTokenSigner(...secrets)
  return {
    print: (positions) => signer.sign(Buffer.from(JSON.stringify([...positions])), binding),
    parse(cursor) {
      const payload = signer.verify(cursor, binding)
      return payload && new Map(positionPairs.parse(JSON.parse(payload.toString())))
    },
  }
}
