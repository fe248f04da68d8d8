import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { fetchJson } from './service/fetch-json.ts'
import { loadJson } from './service/load-file.ts'
import { createServiceLog, type ServiceLog } from './service/service-log.ts'
import { InvalidSetting } from './service/startup-error.ts'

export interface KeySetOptions {
  /** `https` refuses plain http, because anyone on the way could replace the keys. */
  readonly transport: 'https' | 'any'
  /** Timeout for an address, in milliseconds. @default 3000 */
  readonly timeoutMs?: number
  /** Monotonic clock, in milliseconds. @default performance.now */
  readonly now?: () => number
  /** Logs that keys can no longer be read. @default standard error */
  readonly log?: ServiceLog
}

// `d` is the private half of a key, which a verifier must not have.
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string(), d: z.undefined().optional() })).min(1) })
const expected = 'a JWK Set with public keys'
const expectedAddress = `a file or an https address of ${expected}`

/** Least pause between reads that an unknown key causes, because a stranger can name any number of keys. */
const minPauseMs = 5_000
const minuteMs = 60_000
/**
 * Shorter than clients wait. A hanging provider delays a request only if no keys are held, or the token's key is
 * unknown.
 */
const fetchTimeoutMs = 3_000
/** Enough for some hundred keys with certificates. */
const maxBytes = 256 * 1024

/**
 * Loads a JWK Set (RFC 7517). A file is read at once. An address is read when a token needs it, so the process starts
 * while the provider is down; until it answers, the set rejects. Both are read again when a token names an unknown key,
 * at most every 5 s, a file also each minute, an address every ten. While reading fails the last keys serve, an
 * address's for an hour at most. Throws InvalidSetting.
 */
export function loadKeySet(
  location: string,
  { transport, timeoutMs = fetchTimeoutMs, now = () => performance.now(), log = createServiceLog() }: KeySetOptions,
): JWTVerifyGetKey {
  if (!/^https?:/i.test(location)) {
    const read = async () => toKeys(loadJson(location, `${expected} (RFC 7517)`), location)
    const first = toKeys(loadJson(location, `${expected} (RFC 7517)`), location)
    return createRefreshedKeySet({ read, first, maxAgeMs: minuteMs, maxStaleMs: Number.POSITIVE_INFINITY, now, log })
  }
  const address = URL.parse(location)
  if (!address || (transport === 'https' && address.protocol !== 'https:'))
    throw new InvalidSetting(expectedAddress, JSON.stringify(location))
  // The message omits the address, because it contains the password.
  if (address.username || address.password)
    throw new InvalidSetting(`${expectedAddress}, without user and password`, 'one with them')
  const name = `${address.origin}${address.pathname}`
  const accept = 'application/jwk-set+json, application/json'
  const read = async () =>
    toKeys(await fetchJson(address, { accept, timeoutMs, maxBytes, expected: `${expected} (RFC 7517)` }), name)
  return createRefreshedKeySet({ read, first: null, maxAgeMs: 10 * minuteMs, maxStaleMs: 60 * minuteMs, now, log })
}

interface RefreshOptions {
  readonly read: () => Promise<JWTVerifyGetKey>
  /** Keys that are already loaded. */
  readonly first: JWTVerifyGetKey | null
  /** Age in milliseconds from which keys are read again. A removed key stops working within it. */
  readonly maxAgeMs: number
  /** Age in milliseconds up to which keys serve while reading fails. */
  readonly maxStaleMs: number
  readonly now: () => number
  readonly log: ServiceLog
}

function createRefreshedKeySet({ read, first, maxAgeMs, maxStaleMs, now, log }: RefreshOptions): JWTVerifyGetKey {
  let held = first && { keys: first, readAtMs: now() }
  let triedAtMs = first ? now() : Number.NEGATIVE_INFINITY
  let failure: unknown = null
  let reading: Promise<void> | null = null

  const refresh = async () => {
    triedAtMs = now()
    try {
      held = { keys: await read(), readAtMs: triedAtMs }
      failure = null
    } catch (error) {
      failure = error
      if (held) log('Reading keys again failed; the former ones stay in force', error)
    }
  }
  const mayRefresh = () => reading !== null || now() - triedAtMs >= minPauseMs
  const refreshOnce = () => {
    reading ??= refresh().finally(() => {
      reading = null
    })
    return reading
  }
  const ageMs = () => (held ? now() - held.readAtMs : Number.POSITIVE_INFINITY)
  const current = () => {
    if (held && ageMs() < maxStaleMs) return held.keys
    throw failure
  }

  return async (header, token) => {
    if (ageMs() >= maxAgeMs && mayRefresh()) {
      const refreshed = refreshOnce()
      // While reading fails, a request with usable keys does not wait for the next attempt.
      if (failure === null || ageMs() >= maxStaleMs) await refreshed
    }
    try {
      return await current()(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayRefresh()) throw error
      await refreshOnce()
      return current()(header, token)
    }
  }
}

function toKeys(value: unknown, source: string): JWTVerifyGetKey {
  const result = keySet.safeParse(value)
  if (!result.success) throw new InvalidSetting(`${expected} (RFC 7517)`, `${findFault(result.error)} in ${source}`)
  return createLocalJWKSet(result.data as unknown as JSONWebKeySet)
}

function findFault({ issues: [issue] }: z.ZodError): string {
  if (issue?.path.at(-1) === 'd') return 'a private key'
  return issue && issue.path.length > 1 ? `a key that is none (${issue.path.join('.')})` : 'no keys'
}
