import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { createIdSealer } from '../opaque-tokens/id-sealer.ts'
import { createTokenSigner } from '../opaque-tokens/token-signer.ts'

/** What a content url stands for. */
export interface ContentTicket {
  /** Code of the region whose store holds the content. */
  readonly region: string
  /** The document's public id. */
  readonly documentId: string
  /** The number that its patient was asked for by; in the url it is sealed. */
  readonly askedNhsNumber: string
  /** Why the viewer asked for the document; the release is decided by it again. */
  readonly context: AccessContext
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number
}

export interface ContentTickets {
  /** The last part of a content url, good for this viewer alone. */
  print(ticket: ContentTicket, viewer: TokenHolder): string
  /** Null when it is none of ours for this viewer; an expired one is read all the same. */
  parse(text: string, viewer: TokenHolder): ContentTicket | null
}

/** Creates a codec of the tickets in content urls: readable, but signed together with the viewer's person, role and organisation. */
export function createContentTickets(...secrets: readonly [Uint8Array, ...Uint8Array[]]): ContentTickets {
  const signer = createTokenSigner(...secrets)
  const sealer = createIdSealer(...secrets)
  return {
    print({ askedNhsNumber, ...ticket }, viewer) {
      // With the document's id, so that no two urls tell by it that they are of one patient.
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
