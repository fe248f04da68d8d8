import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { createIdSealer } from '../opaque-tokens/id-sealer.ts'
import { createTokenSigner } from '../opaque-tokens/token-signer.ts'

/** The content of a url: a document, and why its viewer requested it. */
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

/**
 * Creates the codec of content tickets: readable, but signed together with the viewer's person, role and
 * organisation.
 */
export function createContentTickets(...secrets: readonly [Uint8Array, ...Uint8Array[]]): ContentTickets {
  const signer = createTokenSigner(...secrets)
  const sealer = createIdSealer(...secrets)
  return {
    print({ askedNhsNumber, ...ticket }, viewer) {
      // Sealed together with the document's id, so that two urls of one patient share no text.
      const patient = sealer.seal(JSON.stringify([ticket.documentId, askedNhsNumber]))
      return signer.sign(Buffer.from(JSON.stringify({ ...ticket, patient })), toBinding(viewer))
    },
    parse(text, viewer) {
      const payload = signer.verify(text, toBinding(viewer))
      if (!payload) return null
      const { patient, ...ticket } = JSON.parse(payload.toString())
      const opened = typeof patient === 'string' ? sealer.unseal(patient) : null
      return opened === null ? null : { ...ticket, askedNhsNumber: JSON.parse(opened)[1] }
    },
  }
}

function toBinding({ id, role, organisation }: TokenHolder): string {
  return JSON.stringify(['content', id, role.code, organisation.odsCode])
}
