import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type TokenVerifier, toBearerToken, type VerifiedViewer } from '../../schema/access-token.ts'

export interface ConnectionViewersOptions {
  readonly verifyToken: TokenVerifier
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Returns the verified viewer; null if the token is missing or rejected. */
export type VerifyConnectionViewer = (request: IncomingMessage) => VerifiedViewer | Promise<VerifiedViewer | null>

/** The viewer of the last request on a connection. */
interface LastViewer {
  readonly authorization: string
  readonly viewer: VerifiedViewer
  readonly verifiedAtMs: number
}

/**
 * Verifies tokens once per connection, because most requests carry the same token as the request before them on their
 * connection.
 */
export function createConnectionViewers({ verifyToken, now }: ConnectionViewersOptions): VerifyConnectionViewer {
  const lastViewers = new WeakMap<Socket, LastViewer>()
  const verify = async ({ headers: { authorization }, socket }: IncomingMessage): Promise<VerifiedViewer | null> => {
    try {
      // The clock is read before the verifier reads its own, so that the token is never trusted for too long.
      const sinceMs = now()
      const token = toBearerToken(authorization)
      const viewer = { token, holder: await verifyToken(token) }
      if (authorization) lastViewers.set(socket, { authorization, viewer, verifiedAtMs: sinceMs })
      return viewer
    } catch {
      return null
    }
  }
  return (request) => {
    const last = lastViewers.get(request.socket)
    if (!last || last.authorization !== request.headers.authorization) return verify(request)
    const nowMs = now()
    // A clock that was set back must not extend the token's validity.
    return last.verifiedAtMs <= nowMs && nowMs < last.viewer.holder.verifiedUntilMs ? last.viewer : verify(request)
  }
}
