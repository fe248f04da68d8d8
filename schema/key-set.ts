import { readFileSync } from 'node:fs'
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'

/** A JWK set (RFC 7517) from a file, or from an https address, which is read again as its keys change. */
export function loadKeySet(location: string): JWTVerifyGetKey {
  if (/^https?:/.test(location)) return createRemoteJWKSet(new URL(location))
  return createLocalJWKSet(JSON.parse(readFileSync(location, 'utf8')) as JSONWebKeySet)
}
