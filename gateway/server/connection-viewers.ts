import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type TokenVerifier, toBearerToken, type VerifiedViewer } from '../../schema/access-token.ts'

export interface ConnectionViewersOptions {
  readonly verifyToken: TokenVerifier
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who asks; null where the token is missing or cannot be accepted. */
export type VerifyConnectionViewer = (request: IncomingMessage) => VerifiedViewer | Promise<VerifiedViewer | null>

/** Who asked last on a connection. */
interface LastViewer {
  readonly authorization: string
  readonly viewer: VerifiedViewer
  readonly verifiedAtMs: number
}

/** Most requests bring the same token as the one before them on their connection, and it is neither read nor hashed again. */
export function createConnectionViewers({ verifyToken, now }: ConnectionViewersOptions): VerifyConnectionViewer {
  const lastViewers = new WeakMap<Socket, LastViewer>()
  const verify = async ({ headers: { authorization }, socket }: IncomingMessage): Promise<VerifiedViewer | null> => {
    try {
      // Before the verifier reads its clock.
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
    // A clock set back must not make it hold for longer.
    return last.verifiedAtMs <= nowMs && nowMs < last.viewer.holder.verifiedUntilMs ? last.viewer : verify(request)
  }
}
