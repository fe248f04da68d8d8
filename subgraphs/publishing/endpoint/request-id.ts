import { randomUUID } from 'node:crypto'

/** The header that names a request, to the caller as to the publishing trail (FHIR R4, RESTful API, Custom Headers). */
const requestIdHeader = 'x-request-id'

/** The id that the caller gave its request, where it has the form of one; else a new one. */
export function toRequestId(headers: Headers): string {
  const given = headers.get(requestIdHeader) ?? ''
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(given) ? given : randomUUID()
}

/** The response, with the id that the request had. */
export function withRequestId(response: Response, requestId: string): Response {
  response.headers.set(requestIdHeader, requestId)
  return response
}
