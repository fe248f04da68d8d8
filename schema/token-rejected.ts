import type { RejectionReason } from './rejection.ts'

/** A token that cannot be accepted; the message says why in plain words, never with what is in the token. */
export class TokenRejected extends Error {
  readonly code = 'UNAUTHENTICATED'
  /** Why, for a program. */
  readonly reason: RejectionReason
  constructor(text: string, { reason = 'CLAIM_INVALID', ...options }: ErrorOptions & { readonly reason?: RejectionReason } = {}) {
    super(`Access token rejected: ${text}`, options)
    this.reason = reason
  }
}
