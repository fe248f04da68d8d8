import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { createServiceLog, type ServiceLog } from './http/service-log.ts'
import { loadJson } from './process/load-file.ts'
import { Unfit } from './process/start-refused.ts'

export interface KeySetOptions {
  /** Keys over plain http are anyone's: `https` refuses them. */
  readonly transport: 'https' | 'any'
  /** Milliseconds of a clock that is never set back. @default performance.now */
  readonly now?: () => number
  /** Is told of a file that can no longer be used. @default standard error */
  readonly log?: ServiceLog
}

// `d` is the private half of a key, which whoever verifies must not have.
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string(), d: z.undefined().optional() })).min(1) })
const expected = 'a JWK Set with public keys'

/** For how long a file's keys are in force before it is read again: a key that is removed ends within this. */
const unreadForMs = 60_000
/** How long after a reading an unknown key may cause the next. */
const leastBetweenReadsMs = 5_000

/**
 * A JWK set (RFC 7517) from a file, checked now, or from an address, read when a token needs it. Both are read again as their keys
 * change: a file when a token names a key that is not in it, at most every 5 s, and each minute. Throws Unfit.
 */
export function loadKeySet(location: string, { transport, now = () => performance.now(), log = createServiceLog() }: KeySetOptions): JWTVerifyGetKey {
  if (!/^https?:/i.test(location)) return loadFileKeySet(location, now, log)
  const address = URL.canParse(location) ? new URL(location) : null
  if (!address || (transport === 'https' && address.protocol !== 'https:')) throw new Unfit(`a file or an https address of ${expected}`, JSON.stringify(location))
  return createRemoteJWKSet(address)
}

function loadFileKeySet(file: string, now: () => number, log: ServiceLog): JWTVerifyGetKey {
  let keys = readKeySet(file)
  let readAtMs = now()
  const readAgain = () => {
    readAtMs = now()
    try {
      keys = readKeySet(file)
    } catch (error) {
      log('Reading keys again failed; the former ones stay in force', error)
    }
  }
  return async (header, token) => {
    if (now() - readAtMs >= unreadForMs) readAgain()
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || now() - readAtMs < leastBetweenReadsMs) throw error
      readAgain()
      return keys(header, token)
    }
  }
}

function readKeySet(file: string): JWTVerifyGetKey {
  const result = keySet.safeParse(loadJson(file, `${expected} (RFC 7517)`))
  if (!result.success) throw new Unfit(`${expected} (RFC 7517)`, `${findFault(result.error)} in ${file}`)
  return createLocalJWKSet(result.data as unknown as JSONWebKeySet)
}

function findFault({ issues: [issue] }: z.ZodError): string {
  if (issue?.path.at(-1) === 'd') return 'a private key'
  return issue && issue.path.length > 1 ? `a key that is none (${issue.path.join('.')})` : 'no keys'
}
