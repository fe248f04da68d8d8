import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import { decodeToken } from './token-signer.ts'

/** Encrypts short texts for clients that must hand them back but not read them. */
export interface IdSealer {
  /** Returns the text encrypted and authenticated, in base64url; equal texts give equal results. */
  seal(text: string): string
  /** Returns the original text, or null if no key in force sealed it. */
  unseal(sealed: string): string | null
}

const tagBytes = 16

/**
 * Creates a sealer by deterministic authenticated encryption in the manner of SIV (RFC 5297): the text's HMAC-SHA-256
 * tag is the counter of AES-256-CTR. The first secret seals, all unseal.
 * A public id is a digest of an item's source and its number there, so a guess of both can be proved. Ids are
 * therefore sealed where a location is protected.
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
