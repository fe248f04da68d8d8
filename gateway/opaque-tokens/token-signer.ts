import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a token is valid for; it is rejected for anything else. The binding is signed but not contained in the token.
 */
export type TokenBinding = string | Uint8Array

/**
 * Signs payloads that clients hand back: cursors and content tickets. Clients can read the payload, so secrets are
 * sealed first (id-sealer.ts).
 */
export interface TokenSigner {
  /** Returns the MAC, then the payload, in base64url. */
  sign(payload: Uint8Array, binding: TokenBinding): string
  /** Returns the payload of a token that `sign` made for this binding; null for any other text. */
  verify(token: string, binding: TokenBinding): Buffer | null
  /**
   * Returns a token valid for each of the bindings: a byte with their number, a MAC each, then the payload, in
   * base64url.
   */
  signForEach(payload: Uint8Array, bindings: readonly TokenBinding[]): string
  /** Returns the payload of a token that `signForEach` made for this binding among others; null for any other text. */
  verifyForEach(token: string, binding: TokenBinding): Buffer | null
}

const macBytes = 16

/**
 * Creates a signer by HMAC-SHA-256 (RFC 2104), truncated to 128 bits, over binding and payload. The first secret
 * signs, all verify.
 */
export function createTokenSigner(...secrets: readonly [Uint8Array, ...Uint8Array[]]): TokenSigner {
  const computeMac = (secret: Uint8Array, payload: Uint8Array, binding: TokenBinding) =>
    createHmac('sha256', secret).update(binding).update(payload).digest().subarray(0, macBytes)
  /** Returns the payload after `count` MACs that begin at `start`, if one of them is of this binding. */
  const findPayload = (bytes: Buffer, start: number, count: number, binding: TokenBinding): Buffer | null => {
    const end = start + count * macBytes
    if (bytes.length < end) return null
    const payload = bytes.subarray(end)
    for (const secret of secrets) {
      const mac = computeMac(secret, payload, binding)
      for (let at = start; at < end; at += macBytes)
        if (timingSafeEqual(bytes.subarray(at, at + macBytes), mac)) return payload
    }
    return null
  }
  return {
    sign: (payload, binding) =>
      Buffer.concat([computeMac(secrets[0], payload, binding), payload]).toString('base64url'),
    signForEach: (payload, bindings) => {
      const macs = bindings.map((binding) => computeMac(secrets[0], payload, binding))
      return Buffer.concat([Uint8Array.of(macs.length), ...macs, payload]).toString('base64url')
    },
    verify(token, binding) {
      const bytes = decodeToken(token)
      return bytes && findPayload(bytes, 0, 1, binding)
    },
    verifyForEach(token, binding) {
      const bytes = decodeToken(token)
      return bytes && findPayload(bytes, 1, bytes[0] ?? 0, binding)
    },
  }
}

/** Longer than any token that the gateway issues. */
const maxTokenCharacters = 2000

/**
 * Decodes base64url (RFC 4648, section 5). Returns null for a text that the gateway does not write, such as one with
 * padding.
 */
export function decodeToken(text: string): Buffer | null {
  if (text.length > maxTokenCharacters) return null
  const bytes = Buffer.from(text, 'base64url')
  // Node decodes leniently. A text that does not encode back to itself is another spelling of a token, and is
  // rejected.
  return bytes.toString('base64url') === text ? bytes : null
}
