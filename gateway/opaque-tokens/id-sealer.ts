import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import { decodeToken } from './token-signer.ts'

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
 * where a place must not be told, ids are shown sealed. The first secret seals, all unseal.
 */
export function createIdSealer(...secrets: readonly [Uint8Array, ...Uint8Array[]]): IdSealer {
  const keys = secrets.map(toKeys)
  const first = toKeys(secrets[0])
  return {
    seal(text) {
      const plain = Buffer.from(text)
      const tag = computeTag(first, plain)
      return Buffer.concat([tag, createCipheriv('aes-256-ctr', first.textKey, tag).update(plain)]).toString('base64url')
    },
    unseal(sealed) {
      const bytes = decodeToken(sealed)
      if (bytes === null || bytes.length <= tagBytes) return null
      const tag = bytes.subarray(0, tagBytes)
      for (const key of keys) {
        const plain = createDecipheriv('aes-256-ctr', key.textKey, tag).update(bytes.subarray(tagBytes))
        if (timingSafeEqual(computeTag(key, plain), tag)) return plain.toString()
      }
      return null
    },
  }
}

interface SealingKeys {
  readonly tagKey: Uint8Array
  readonly textKey: Uint8Array
}

function toKeys(secret: Uint8Array): SealingKeys {
  const keyFor = (use: string) => createHmac('sha256', secret).update(`sealed ids: ${use}`).digest()
  return { tagKey: keyFor('tag'), textKey: keyFor('text') }
}

function computeTag({ tagKey }: SealingKeys, text: Uint8Array): Buffer {
  return createHmac('sha256', tagKey).update(text).digest().subarray(0, tagBytes)
}
