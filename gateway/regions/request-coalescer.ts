import type { TokenHolder } from '../../schema/access-token.ts'
import { cachedStringify } from '../../schema/cached-stringify.ts'
import type { RegionClient, RegionCredentials } from './region-client.ts'
import type { RegionOutcome, ViewReply } from './region-reply.ts'
import type { CachedReply, ReplyCache } from './reply-cache.ts'
import type { SectionRequest, ViewRequest } from './view-request.ts'

/** The viewer on whose behalf a region is called. */
export interface RegionRequester {
  readonly holder: TokenHolder
  /** Called only if the region is called. */
  readonly credentials: () => Promise<RegionCredentials>
}

/** Answers view requests from the cache, from identical requests in flight, or from the region. */
export interface RequestCoalescer {
  /**
   * Resolves with one outcome for each request, in order. All requests that are neither cached nor in flight share one
   * HTTP request.
   */
  fetch(
    client: RegionClient,
    requests: readonly ViewRequest[],
    requester: RegionRequester,
  ): Promise<readonly RegionOutcome[]>
}

export interface RequestCoalescerOptions {
  readonly cache: ReplyCache
  readonly now: () => number
  /** @default does nothing */
  readonly onLookup?: OnLookup
}

/**
 * Receives the outcome of a cache lookup for so many patients of a region (RegionCode). For a hit, `readAtMs` is when
 * the region read its store, in milliseconds since 1970. Bypassed: the reply may be neither cached nor shared.
 */
export type OnLookup = (
  region: string,
  outcome: 'hit' | 'miss' | 'shared' | 'bypassed',
  patients: number,
  readAtMs?: number,
) => void

/** Creates the coalescer. It also caches the replies of the requests that it sends. */
export function createRequestCoalescer({ cache, now, onLookup = () => {} }: RequestCoalescerOptions): RequestCoalescer {
  const inFlight = new Map<string, Promise<RegionOutcome>>()

  return {
    async fetch(client, requests, { holder, credentials }) {
      const region = client.region.code
      const lookup = requests.map((request) =>
        lookUp(cache, region, request, request.noCache ? '' : toScopeKey(region, request, holder)),
      )
      const toFetch: { readonly lookup: CacheLookup; readonly settle: (outcome: RegionOutcome) => void }[] = []
      const outcomes = lookup.map((one): RegionOutcome | Promise<RegionOutcome> => {
        for (const { readAt } of one.cached.values()) onLookup(region, 'hit', 1, Date.parse(readAt))
        if (!one.missing) return toOutcome(one, null)
        const key = one.request.noCache ? null : toInFlightKey(cache, region, one)
        const shared = key === null ? undefined : inFlight.get(key)
        onLookup(region, key === null ? 'bypassed' : shared ? 'shared' : 'miss', one.missing.nhsNumbers.length)
        if (shared)
          return shared.then((outcome) =>
            toSharedOutcome(one, outcome, () => toInFlightKey(cache, region, one) === key),
          )
        const { promise, resolve } = Promise.withResolvers<RegionOutcome>()
        if (key !== null) inFlight.set(key, promise)
        toFetch.push({
          lookup: one,
          settle(outcome) {
            if (key !== null && inFlight.get(key) === promise) inFlight.delete(key)
            resolve(outcome)
          },
        })
        return promise.then((outcome) => toOutcome(one, outcome))
      })
      if (toFetch.length > 0) await fetchMissing(client, toFetch, credentials)
      return Promise.all(outcomes)
    },
  }

  async function fetchMissing(
    client: RegionClient,
    toFetch: readonly { readonly lookup: CacheLookup; readonly settle: (outcome: RegionOutcome) => void }[],
    credentials: RegionRequester['credentials'],
  ) {
    const region = client.region.code
    const askedAtMs = now()
    const generations = toFetch.map(({ lookup }) =>
      (lookup.request.noCache ? [] : (lookup.missing?.nhsNumbers ?? [])).map((nhsNumber) =>
        cache.getGeneration(region, nhsNumber),
      ),
    )
    const answers = await fetchFromRegion(
      client,
      toFetch.map(({ lookup }) => lookup.missing ?? lookup.request),
      credentials,
    )
    toFetch.forEach(({ lookup, settle }, index) => {
      const outcome = answers[index] ?? { status: 'FAILED', reason: 'no outcome', latencyMs: 0 }
      if (outcome.status === 'REPLIED')
        cacheReplies(region, lookup, outcome, { askedAtMs, generations: generations[index] ?? [] })
      settle(outcome)
    })
  }

  function cacheReplies(
    region: string,
    { request, missing, scopeKey }: CacheLookup,
    { view, bytes }: RegionOutcome & { status: 'REPLIED' },
    fetched: { readonly askedAtMs: number; readonly generations: readonly (string | null)[] },
  ) {
    if (request.noCache) return
    const { sequence, readAt, patients } = view
    missing?.nhsNumbers.forEach((nhsNumber, index) => {
      const reply = patients[index]
      const generation = fetched.generations[index]
      if (reply?.askedNhsNumber !== nhsNumber || generation === undefined) return
      cache.set(
        { region, nhsNumber, scopeKey },
        { reply, readAt, sequence, bytes: bytes / patients.length, askedAtMs: fetched.askedAtMs, generation },
      )
    })
  }
}

/** A request, its cached replies, and the request for the rest. */
interface CacheLookup {
  readonly request: ViewRequest
  /** Empty for a request that bypasses the cache: its replies are neither found, shared nor cached. */
  readonly scopeKey: string
  readonly cached: ReadonlyMap<string, CachedReply>
  /** Returns whether the cache still holds the same replies. */
  readonly isValid: () => boolean
  /** Null: every reply is cached. */
  readonly missing: ViewRequest | null
}

function lookUp(cache: ReplyCache, region: string, request: ViewRequest, scopeKey: string): CacheLookup {
  const cached = new Map<string, CachedReply>()
  if (!request.noCache) {
    for (const nhsNumber of request.nhsNumbers) {
      const found = cache.get({ region, nhsNumber, scopeKey })
      if (found) cached.set(nhsNumber, found)
    }
  }
  // The closure holds serial numbers and not replies, so that it does not retain their memory.
  const serials = Array.from(cached, ([nhsNumber, { serial }]) => ({ nhsNumber, serial }))
  const isValid = () =>
    serials.every(({ nhsNumber, serial }) => cache.get({ region, nhsNumber, scopeKey })?.serial === serial)
  if (cached.size === 0) return { request: request, scopeKey, cached, isValid, missing: request }
  return { request: request, scopeKey, cached, isValid, missing: toMissing(request, cached) }
}

/**
 * This function stands apart from `lookUp`, because all closures of one function share one V8 context and all that it
 * retains.
 */
function toMissing(request: ViewRequest, cached: ReadonlyMap<string, CachedReply>): ViewRequest | null {
  const nhsNumbers = request.nhsNumbers.filter((nhsNumber) => !cached.has(nhsNumber))
  return nhsNumbers.length === 0 ? null : { ...request, nhsNumbers }
}

/** Returns a key of the request in the region's terms and of the viewer's scope. */
function toScopeKey(region: string, { sections, records, context }: ViewRequest, holder: TokenHolder): string {
  const regional = records?.regions.get(region)
  return `${toViewerScope(holder)} ${cachedStringify(context)} ${toSectionsKey(region, sections)} ${regional ? JSON.stringify([regional.text, regional.values]) : ''}`
}

const firstPageKeys = new WeakMap<readonly SectionRequest[], string>()

/**
 * Equal sections are the same array. The region's position in later pages is not part of the array, so only first pages
 * are memoised.
 */
function toSectionsKey(region: string, sections: readonly SectionRequest[]): string {
  const isFirst = sections.every(({ after }) => after.size === 0)
  const known = isFirst ? firstPageKeys.get(sections) : undefined
  if (known !== undefined) return known
  const fetched = JSON.stringify(
    sections.map(({ alias, field, args, fields, after }) => [alias, field, args, fields, after.get(region) ?? null]),
  )
  if (isFirst) firstPageKeys.set(sections, fetched)
  return fetched
}

const viewerScopes = new WeakMap<TokenHolder, string>()

/**
 * Returns every fact of the viewer that a region's rules can read. The access context states the rest, except for the
 * patient's facts, which the store holds.
 */
function toViewerScope(holder: TokenHolder): string {
  const known = viewerScopes.get(holder)
  if (known !== undefined) return known
  const { id, role, organisation, areaOfWork, purpose, nhsNumber } = holder
  const scope = JSON.stringify([id, role.code, organisation.odsCode, areaOfWork, purpose, nhsNumber])
  viewerScopes.set(holder, scope)
  return scope
}

/**
 * Returns a key that changes with each change of a patient in the request. Null: nothing is shared, because the change
 * feed is not current.
 */
function toInFlightKey(cache: ReplyCache, region: string, { missing, scopeKey }: CacheLookup): string | null {
  let generations = ''
  for (const nhsNumber of missing?.nhsNumbers ?? []) {
    const generation = cache.getGeneration(region, nhsNumber)
    if (generation === null) return null
    generations += `${nhsNumber} ${generation} `
  }
  return `${region} ${generations}${scopeKey}`
}

async function fetchFromRegion(
  client: RegionClient,
  requests: readonly ViewRequest[],
  credentials: RegionRequester['credentials'],
): Promise<readonly RegionOutcome[]> {
  try {
    return await client.fetchViews(requests, await credentials())
  } catch {
    return requests.map(() => ({ status: 'FAILED', reason: 'the region could not be fetched', latencyMs: 0 }))
  }
}

/** Joins the cached replies and the region's, in the order of the request. */
function toOutcome({ request, cached, isValid, missing }: CacheLookup, fetched: RegionOutcome | null): RegionOutcome {
  if (cached.size === 0 && fetched) return fetched
  if (fetched && fetched.status !== 'REPLIED') return fetched
  const fresh = new Map(missing?.nhsNumbers.map((nhsNumber, index) => [nhsNumber, fetched?.view.patients[index]]))
  const patients = request.nhsNumbers.map((nhsNumber) => cached.get(nhsNumber)?.reply ?? fresh.get(nhsNumber) ?? null)
  const view: ViewReply = { sequence: fetched?.view.sequence ?? 0, readAt: fetched?.view.readAt ?? '', patients }
  const readAt = new Map([...cached].map(([nhsNumber, one]) => [nhsNumber, one.readAt]))
  const untilMs = Math.min(...[...cached.values()].map((one) => one.validUntilMs))
  const parts = {
    ...(fetched?.wireTime ? { wireTime: fetched.wireTime } : {}),
    ...(fetched?.patientFailures ? { patientFailures: fetched.patientFailures } : {}),
  }
  return {
    status: 'REPLIED',
    view,
    bytes: 0,
    latencyMs: fetched?.latencyMs ?? 0,
    cachedReadAt: readAt,
    isStillValid: isValid,
    validUntilMs: untilMs,
    ...parts,
  }
}

/** Converts a reply that another request awaits, perhaps for some time. It is valid while no change is received. */
function toSharedOutcome(one: CacheLookup, fetched: RegionOutcome, isUnchanged: () => boolean): RegionOutcome {
  const outcome = toOutcome(one, fetched)
  return outcome.status === 'REPLIED' ? { ...outcome, isStillValid: () => isUnchanged() && one.isValid() } : outcome
}
