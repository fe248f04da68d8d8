import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { loadJson } from './process/load-file.ts'
import { Unfit } from './process/start-refused.ts'

export interface KeySetOptions {
  /** Keys over plain http are anyone's: `https` refuses them. */
  readonly transport: 'https' | 'any'
}

// `d` is the private half of a key, which whoever verifies must not have.
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string(), d: z.undefined().optional() })).min(1) })
const expected = 'a JWK Set with public keys'

/** A JWK set (RFC 7517) from a file, checked now, or from an address, read when a token needs it and again as its keys change. Throws Unfit. */
export function loadKeySet(location: string, { transport }: KeySetOptions): JWTVerifyGetKey {
  if (/^https?:/i.test(location)) {
    const address = URL.canParse(location) ? new URL(location) : null
    if (!address || (transport === 'https' && address.protocol !== 'https:')) throw new Unfit(`a file or an https address of ${expected}`, JSON.stringify(location))
    return createRemoteJWKSet(address)
  }
  const result = keySet.safeParse(loadJson(location, `${expected} (RFC 7517)`))
  if (!result.success) throw new Unfit(`${expected} (RFC 7517)`, `${findFault(result.error)} in ${location}`)
  return createLocalJWKSet(result.data as unknown as JSONWebKeySet)
}

function findFault({ issues: [issue] }: z.ZodError): string {
  if (issue?.path.at(-1) === 'd') return 'a private key'
  return issue && issue.path.length > 1 ? `a key that is none (${issue.path.join('.')})` : 'no keys'
}
