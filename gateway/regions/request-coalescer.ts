import type { TokenHolder } from '../../schema/access-token.ts'
import { cachedStringify } from '../../schema/cached-stringify.ts'
import type { RegionClient, RegionCredentials } from './region-client.ts'
import type { RegionOutcome, ViewReply } from './region-reply.ts'
import type { CachedReply, ReplyCache } from './reply-cache.ts'
import type { SectionRequest, ViewRequest } from './view-request.ts'

/** Who asks. */
export interface RegionRequester {
  readonly holder: TokenHolder
  /** Made only where the region is asked. */
  readonly credentials: () => Promise<RegionCredentials>
}

/** Asks of a region that other requests may have asked already. */
export interface RequestCoalescer {
  /** One outcome for each ask, in order: kept, shared with a request that is asking the same now, or asked in one request for all the rest. */
  fetch(client: RegionClient, asks: readonly ViewRequest[], asker: RegionRequester): Promise<readonly RegionOutcome[]>
}

export interface RequestCoalescerOptions {
  readonly cache: ReplyCache
  readonly now: () => number
  /** @default nobody is told */
  readonly onLookup?: OnLookup
}

/** Told what came of looking for so many patients' replies of a region (RegionCode); of a hit, when the region read its store, in milliseconds since 1970. Bypassed: none is to be kept or shared. */
export type OnLookup = (
  region: string,
  outcome: 'hit' | 'miss' | 'shared' | 'bypassed',
  patients: number,
  readAtMs?: number,
) => void

/** Answers out of the cache, shares what is in flight, asks the rest, and keeps what comes of it. */
export function createRequestCoalescer({ cache, now, onLookup = () => {} }: RequestCoalescerOptions): RequestCoalescer {
  const inFlight = new Map<string, Promise<RegionOutcome>>()

  return {
    async fetch(client, asks, { holder, credentials }) {
      const region = client.region.code
      const looked = asks.map((ask) => lookUp(cache, region, ask, ask.noCache ? '' : toScopeKey(region, ask, holder)))
      const toAsk: { readonly looked: CacheLookup; readonly settle: (outcome: RegionOutcome) => void }[] = []
      const outcomes = looked.map((one): RegionOutcome | Promise<RegionOutcome> => {
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
        toAsk.push({
          looked: one,
          settle(outcome) {
            if (key !== null && inFlight.get(key) === promise) inFlight.delete(key)
            resolve(outcome)
          },
        })
        return promise.then((outcome) => toOutcome(one, outcome))
      })
      if (toAsk.length > 0) await fetchMissing(client, toAsk, credentials)
      return Promise.all(outcomes)
    },
  }

  async function fetchMissing(
    client: RegionClient,
    toAsk: readonly { readonly looked: CacheLookup; readonly settle: (outcome: RegionOutcome) => void }[],
    credentials: RegionRequester['credentials'],
  ) {
    const region = client.region.code
    const askedAtMs = now()
    const generations = toAsk.map(({ looked }) =>
      (looked.request.noCache ? [] : (looked.missing?.nhsNumbers ?? [])).map((nhsNumber) =>
        cache.getGeneration(region, nhsNumber),
      ),
    )
    const answers = await fetchFromRegion(
      client,
      toAsk.map(({ looked }) => looked.missing ?? looked.request),
      credentials,
    )
    toAsk.forEach(({ looked, settle }, index) => {
      const outcome = answers[index] ?? { status: 'FAILED', reason: 'no outcome', latencyMs: 0 }
      if (outcome.status === 'REPLIED')
        cacheReplies(region, looked, outcome, { askedAtMs, generations: generations[index] ?? [] })
      settle(outcome)
    })
  }

  function cacheReplies(
    region: string,
    { request, missing, scopeKey: variant }: CacheLookup,
    { view, bytes }: RegionOutcome & { status: 'REPLIED' },
    asked: { readonly askedAtMs: number; readonly generations: readonly (string | null)[] },
  ) {
    if (request.noCache) return
    const { sequence, readAt, patients } = view
    missing?.nhsNumbers.forEach((nhsNumber, index) => {
      const reply = patients[index]
      const generation = asked.generations[index]
      if (reply?.askedNhsNumber !== nhsNumber || generation === undefined) return
      cache.set(
        { region, nhsNumber, scopeKey: variant },
        { reply, readAt, sequence, bytes: bytes / patients.length, askedAtMs: asked.askedAtMs, generation },
      )
    })
  }
}

/** An ask, what of it is kept, and what is still to be asked. */
interface CacheLookup {
  readonly request: ViewRequest
  /** Empty for what reads through: it is neither found, nor shared, nor kept. */
  readonly scopeKey: string
  readonly cached: ReadonlyMap<string, CachedReply>
  /** What is kept is found still. */
  readonly isValid: () => boolean
  /** Null: all of it is kept. */
  readonly missing: ViewRequest | null
}

function lookUp(cache: ReplyCache, region: string, ask: ViewRequest, variant: string): CacheLookup {
  const kept = new Map<string, CachedReply>()
  if (!ask.noCache) {
    for (const nhsNumber of ask.nhsNumbers) {
      const found = cache.get({ region, nhsNumber, scopeKey: variant })
      if (found) kept.set(nhsNumber, found)
    }
  }
  // By their serials: who asks whether they hold must not hold them.
  const serials = Array.from(kept, ([nhsNumber, { serial }]) => ({ nhsNumber, serial }))
  const stillHolds = () =>
    serials.every(({ nhsNumber, serial }) => cache.get({ region, nhsNumber, scopeKey: variant })?.serial === serial)
  if (kept.size === 0) return { request: ask, scopeKey: variant, cached: kept, isValid: stillHolds, missing: ask }
  return { request: ask, scopeKey: variant, cached: kept, isValid: stillHolds, missing: toMissing(ask, kept) }
}

/** Apart from `lookUp`: what a closure there holds, all of its closures hold (V8 has one context for a function's). */
function toMissing(ask: ViewRequest, kept: ReadonlyMap<string, CachedReply>): ViewRequest | null {
  const nhsNumbers = ask.nhsNumbers.filter((nhsNumber) => !kept.has(nhsNumber))
  return nhsNumbers.length === 0 ? null : { ...ask, nhsNumbers }
}

/** What was asked, in the region's terms, and the scope. */
function toScopeKey(region: string, { sections, records, context }: ViewRequest, holder: TokenHolder): string {
  const regional = records?.regions.get(region)
  return `${toViewerScope(holder)} ${cachedStringify(context)} ${toSectionsKey(region, sections)} ${regional ? JSON.stringify([regional.text, regional.values]) : ''}`
}

const firstPageKeys = new WeakMap<readonly SectionRequest[], string>()

/** Sections are one object each time where they are the same; where each region stands is not told by it. */
function toSectionsKey(region: string, sections: readonly SectionRequest[]): string {
  const isFirst = sections.every(({ after }) => after.size === 0)
  const known = isFirst ? firstPageKeys.get(sections) : undefined
  if (known !== undefined) return known
  const asked = JSON.stringify(
    sections.map(({ alias, field, args, fields, after }) => [alias, field, args, fields, after.get(region) ?? null]),
  )
  if (isFirst) firstPageKeys.set(sections, asked)
  return asked
}

const viewerScopes = new WeakMap<TokenHolder, string>()

/** Every fact of the viewer that a region's rules can read; with the access context, all but those of the patient, which are the store's. */
function toViewerScope(holder: TokenHolder): string {
  const known = viewerScopes.get(holder)
  if (known !== undefined) return known
  const { id, role, organisation, areaOfWork, purpose, nhsNumber } = holder
  const scope = JSON.stringify([id, role.code, organisation.odsCode, areaOfWork, purpose, nhsNumber])
  viewerScopes.set(holder, scope)
  return scope
}

/** Who asked before a change that was heard since has another key. Null: nothing is shared, for nobody would hear of a change. */
function toInFlightKey(cache: ReplyCache, region: string, { missing, scopeKey: variant }: CacheLookup): string | null {
  let generations = ''
  for (const nhsNumber of missing?.nhsNumbers ?? []) {
    const generation = cache.getGeneration(region, nhsNumber)
    if (generation === null) return null
    generations += `${nhsNumber} ${generation} `
  }
  return `${region} ${generations}${variant}`
}

async function fetchFromRegion(
  client: RegionClient,
  asks: readonly ViewRequest[],
  credentials: RegionRequester['credentials'],
): Promise<readonly RegionOutcome[]> {
  try {
    return await client.fetchViews(asks, await credentials())
  } catch {
    return asks.map(() => ({ status: 'FAILED', reason: 'the region could not be asked', latencyMs: 0 }))
  }
}

/** What is kept and what was asked, in the order of the ask. */
function toOutcome(
  { request, cached: kept, isValid: stillHolds, missing }: CacheLookup,
  asked: RegionOutcome | null,
): RegionOutcome {
  if (kept.size === 0 && asked) return asked
  if (asked && asked.status !== 'REPLIED') return asked
  const fresh = new Map(missing?.nhsNumbers.map((nhsNumber, index) => [nhsNumber, asked?.view.patients[index]]))
  const patients = request.nhsNumbers.map((nhsNumber) => kept.get(nhsNumber)?.reply ?? fresh.get(nhsNumber) ?? null)
  const view: ViewReply = { sequence: asked?.view.sequence ?? 0, readAt: asked?.view.readAt ?? '', patients }
  const readAt = new Map([...kept].map(([nhsNumber, one]) => [nhsNumber, one.readAt]))
  const untilMs = Math.min(...[...kept.values()].map((one) => one.validUntilMs))
  const parts = {
    ...(asked?.wireTime ? { wireTime: asked.wireTime } : {}),
    ...(asked?.patientFailures ? { patientFailures: asked.patientFailures } : {}),
  }
  return {
    status: 'REPLIED',
    view,
    bytes: 0,
    latencyMs: asked?.latencyMs ?? 0,
    cachedReadAt: readAt,
    isStillValid: stillHolds,
    validUntilMs: untilMs,
    ...parts,
  }
}

/** What another request asked, and may have asked some time ago: it holds while nothing was heard of a change. */
function toSharedOutcome(one: CacheLookup, asked: RegionOutcome, isUnchanged: () => boolean): RegionOutcome {
  const outcome = toOutcome(one, asked)
  return outcome.status === 'REPLIED' ? { ...outcome, isStillValid: () => isUnchanged() && one.isValid() } : outcome
}
