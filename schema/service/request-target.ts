import type { IncomingMessage } from 'node:http'

/**
 * Normalises a request's target (RFC 9112, section 3.2): `request.url` becomes the path without its query, which no
 * route reads, and `request.headers.host` the authority, the target's own where it is absolute. Returns false if target
 * or Host is malformed and the answer must be 400.
 */
export function normaliseTarget(request: IncomingMessage): boolean {
  const { url = '', method, headers, rawHeaders, socket } = request
  const { host } = headers
  if (hasSeveralHosts(rawHeaders) || (host && !isAuthority(host))) return false
  if (url.startsWith('/')) {
    const query = url.indexOf('?')
    if (query >= 0) request.url = url.slice(0, query)
    // HTTP/1.0 needs no Host. Node itself refuses HTTP/1.1 without one.
    if (host === undefined) headers.host = toAuthority(socket)
    return host !== ''
  }
  if (url === '*') return method === 'OPTIONS' && host !== ''
  const [, authority = '', path = ''] = /^https?:\/\/([^/?]*)([^?]*)/i.exec(url) ?? []
  if (!isAuthority(authority)) return false
  request.url = path === '' ? '/' : path
  headers.host = authority
  return true
}

function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  return hosts > 1
}

const form = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d*)?$/i
/** Clients of a service send the same Host in every request, so the last one is cached. */
let lastValid = ''

/** Whether a text is `host [":" port]` of an http url (RFC 9110, section 4.2.1), with a host and without a user. */
function isAuthority(text: string): boolean {
  if (text === lastValid) return true
  if (!form.test(text) || !URL.canParse(`http://${text}`)) return false
  lastValid = text
  return true
}

function toAuthority({ localAddress = '127.0.0.1', localPort = 80 }: IncomingMessage['socket']): string {
  return localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`
}
