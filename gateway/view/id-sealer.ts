import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

/** Encrypts short texts for those who must not read them but hand them back. */
export interface IdSealer {
  /** The text, encrypted and authenticated, in base64url; the same text gives the same each time. */
  seal(text: string): string
  /** The text that was sealed; null for anything that this key has not sealed. */
  unseal(sealed: string): string | null
}

const tagBytes = 16

/**
 * Deterministic authenticated encryption after SIV (RFC 5297), from Node's primitives: a tag of the text, by HMAC-SHA-256, is the counter with which
 * AES-256-CTR encrypts it. A public id is a digest of an item's source and its number there, so that whoever guesses both can prove the guess:
 * where a place must not be told, ids are shown sealed.
 */
export function createIdSealer(secret: Uint8Array): IdSealer {
  const keyFor = (use: string) => createHmac('sha256', secret).update(`sealed ids: ${use}`).digest()
  const [tagKey, textKey] = [keyFor('tag'), keyFor('text')]
  const tagOf = (text: Uint8Array) => createHmac('sha256', tagKey).update(text).digest().subarray(0, tagBytes)
  return {
    seal(text) {
      const plain = Buffer.from(text)
      const tag = tagOf(plain)
      return Buffer.concat([tag, createCipheriv('aes-256-ctr', textKey, tag).update(plain)]).toString('base64url')
    },
    unseal(sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      // Decoding is lenient: what it would not print again is none of ours.
      if (bytes.length <= tagBytes || bytes.toString('base64url') !== sealed) return null
      const tag = bytes.subarray(0, tagBytes)
      const plain = createDecipheriv('aes-256-ctr', textKey, tag).update(bytes.subarray(tagBytes))
      return timingSafeEqual(tagOf(plain), tag) ? plain.toString() : null
    },
  }
}
