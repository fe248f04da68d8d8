import { isIP } from 'node:net'
import type { Mode } from './mode.ts'
import { InvalidSetting } from './startup-error.ts'

/**
 * Parses the address of a service that receives tokens or patient data. It must be https in production unless the host
 * is this machine. Credentials, query and fragment are refused, because callers do not send them on. Returns it without
 * a trailing slash; throws InvalidSetting with `expected`.
 */
export function toServiceAddress(text: string, mode: Mode, expected: string): string {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null
  const isBare = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  // The message omits an address that may hold a password.
  if (!isBare)
    throw new InvalidSetting(
      expected,
      url === null || url.password === '' ? JSON.stringify(text) : 'one with a password',
    )
  if (mode === 'production' && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new InvalidSetting(`${expected}, https unless it is on this machine`, JSON.stringify(text))
  }
  return text.replace(/\/+$/, '')
}

/** Whether a URL's host is this machine: 127.0.0.0/8, ::1 (RFC 1122, RFC 4291) or localhost (RFC 6761). */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
