import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { createIdSealer } from '../patient-view/id-sealer.ts'

/** What a content url encodes. */
export interface ContentTicket {
  /** Code of the region whose store holds the content. */
  readonly region: string
  /** The document's public id. */
  readonly documentId: string
  /** The NHS number by which the client requested the patient; sealed in the url. */
  readonly askedNhsNumber: string
  /** The viewer's purpose, reason and relationship, by which the release is decided again. */
  readonly context: AccessContext
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number
}

export interface ContentTickets {
  /** Returns the last segment of a content url, valid for this viewer only. */
  print(ticket: ContentTicket, viewer: TokenHolder): string
  /** Returns null unless the ticket was printed for this viewer. An expired ticket is returned too. */
  parse(text: string, viewer: TokenHolder): ContentTicket | null
}

const macBytes = 16

/**
 * Creates the codec of content tickets: readable, but authenticated (HMAC-SHA-256, 128 bits) together with the
 * viewer's person, role and organisation. The first secret signs, all verify.
 */
export function createContentTickets(...secrets: readonly [Uint8Array, ...Uint8Array[]]): ContentTickets {
  const macOf = (secret: Uint8Array, payload: string, { id, role, organisation }: TokenHolder) =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['content', id, role.code, organisation.odsCode]))
      .update(payload)
      .digest()
      .subarray(0, macBytes)
  const sealer = createIdSealer(...secrets)
  return {
    print({ askedNhsNumber, ...ticket }, viewer) {
      // Sealed together with the document's id, so that two urls of one patient share no text.
      const patient = sealer.seal(JSON.stringify([ticket.documentId, askedNhsNumber]))
      const payload = JSON.stringify({ ...ticket, patient })
      return Buffer.concat([macOf(secrets[0], payload, viewer), Buffer.from(payload)]).toString('base64url')
    },
    parse(text, viewer) {
      if (!/^[\w-]{24,2000}$/.test(text)) return null
      const bytes = Buffer.from(text, 'base64url')
      const payload = bytes.subarray(macBytes).toString()
      if (!secrets.some((secret) => timingSafeEqual(bytes.subarray(0, macBytes), macOf(secret, payload, viewer))))
        return null
      const { patient, ...ticket } = JSON.parse(payload)
      const opened = typeof patient === 'string' ? sealer.unseal(patient) : null
      return opened === null ? null : { ...ticket, askedNhsNumber: JSON.parse(opened)[1] }
    },
  }
}
