import type { TokenHolder } from '../../schema/access-token.ts'
import { jsonOf } from '../../schema/json-of.ts'
import type { RegionClient, RegionCredentials } from './region-client.ts'
import type { RegionOutcome, ViewReply } from './region-reply.ts'
import type { KeptReply, ReplyCache } from './reply-cache.ts'
import type { SectionAsk, ViewAsk } from './view-ask.ts'

/** Who asks. */
export interface Asker {
  readonly holder: TokenHolder
  /** Made only where the region is asked. */
  readonly credentials: () => Promise<RegionCredentials>
}

/** Asks of a region that other requests may have asked already. */
export interface SharedAsks {
  /** One outcome for each ask, in order: kept, shared with a request that is asking the same now, or asked in one request for all the rest. */
  ask(client: RegionClient, asks: readonly ViewAsk[], asker: Asker): Promise<readonly RegionOutcome[]>
}

export interface SharedAsksOptions {
  readonly cache: ReplyCache
  readonly now: () => number
  /** @default nobody is told */
  readonly onLookup?: OnLookup
}

/** Told what came of looking for so many patients' replies of a region (RegionCode); of a hit, when the region read its store, in milliseconds since 1970. Bypassed: none is to be kept or shared. */
export type OnLookup = (region: string, outcome: 'hit' | 'miss' | 'shared' | 'bypassed', patients: number, readAtMs?: number) => void

/** Answers out of the cache, shares what is in flight, asks the rest, and keeps what comes of it. */
export function createSharedAsks({ cache, now, onLookup = () => {} }: SharedAsksOptions): SharedAsks {
  const inFlight = new Map<string, Promise<RegionOutcome>>()

  return {
    async ask(client, asks, { holder, credentials }) {
      const region = client.region.code
      const looked = asks.map((ask) => lookUp(cache, region, ask, ask.noCache ? '' : toVariant(region, ask, holder)))
      const toAsk: { readonly looked: LookedUp; readonly settle: (outcome: RegionOutcome) => void }[] = []
      const outcomes = looked.map((one): RegionOutcome | Promise<RegionOutcome> => {
        for (const { readAt } of one.kept.values()) onLookup(region, 'hit', 1, Date.parse(readAt))
        if (!one.missing) return toOutcome(one, null)
        const key = one.ask.noCache ? null : toFlightKey(cache, region, one)
        const shared = key === null ? undefined : inFlight.get(key)
        onLookup(region, key === null ? 'bypassed' : shared ? 'shared' : 'miss', one.missing.nhsNumbers.length)
        if (shared) return shared.then((outcome) => toSharedOutcome(one, outcome, () => toFlightKey(cache, region, one) === key))
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
      if (toAsk.length > 0) await askRest(client, toAsk, credentials)
      return Promise.all(outcomes)
    },
  }

  async function askRest(
    client: RegionClient,
    toAsk: readonly { readonly looked: LookedUp; readonly settle: (outcome: RegionOutcome) => void }[],
    credentials: Asker['credentials'],
  ) {
    const region = client.region.code
    const askedAtMs = now()
    const generations = toAsk.map(({ looked }) => (looked.ask.noCache ? [] : (looked.missing?.nhsNumbers ?? [])).map((nhsNumber) => cache.generation(region, nhsNumber)))
    const answers = await askRegion(
      client,
      toAsk.map(({ looked }) => looked.missing ?? looked.ask),
      credentials,
    )
    toAsk.forEach(({ looked, settle }, index) => {
      const outcome = answers[index] ?? { status: 'FAILED', reason: 'no outcome', latencyMs: 0 }
      if (outcome.status === 'REPLIED') keep(region, looked, outcome, { askedAtMs, generations: generations[index] ?? [] })
      settle(outcome)
    })
  }

  function keep(
    region: string,
    { ask, missing, variant }: LookedUp,
    { view, bytes }: RegionOutcome & { status: 'REPLIED' },
    asked: { readonly askedAtMs: number; readonly generations: readonly (string | null)[] },
  ) {
    if (ask.noCache) return
    const { sequence, readAt, patients } = view
    missing?.nhsNumbers.forEach((nhsNumber, index) => {
      const reply = patients[index]
      const generation = asked.generations[index]
      if (reply?.askedNhsNumber !== nhsNumber || generation === undefined) return
      cache.keep({ region, nhsNumber, variant }, { reply, readAt, sequence, bytes: bytes / patients.length, askedAtMs: asked.askedAtMs, generation })
    })
  }
}

/** An ask, what of it is kept, and what is still to be asked. */
interface LookedUp {
  readonly ask: ViewAsk
  /** Empty for what reads through: it is neither found, nor shared, nor kept. */
  readonly variant: string
  readonly kept: ReadonlyMap<string, KeptReply>
  /** What is kept is found still. */
  readonly stillHolds: () => boolean
  /** Null: all of it is kept. */
  readonly missing: ViewAsk | null
}

function lookUp(cache: ReplyCache, region: string, ask: ViewAsk, variant: string): LookedUp {
  const kept = new Map<string, KeptReply>()
  if (!ask.noCache) {
    for (const nhsNumber of ask.nhsNumbers) {
      const found = cache.find({ region, nhsNumber, variant })
      if (found) kept.set(nhsNumber, found)
    }
  }
  // By their serials: who asks whether they hold must not hold them.
  const serials = Array.from(kept, ([nhsNumber, { serial }]) => ({ nhsNumber, serial }))
  const stillHolds = () => serials.every(({ nhsNumber, serial }) => cache.find({ region, nhsNumber, variant })?.serial === serial)
  if (kept.size === 0) return { ask, variant, kept, stillHolds, missing: ask }
  return { ask, variant, kept, stillHolds, missing: toMissing(ask, kept) }
}

/** Apart from `lookUp`: what a closure there holds, all of its closures hold (V8 has one context for a function's). */
function toMissing(ask: ViewAsk, kept: ReadonlyMap<string, KeptReply>): ViewAsk | null {
  const nhsNumbers = ask.nhsNumbers.filter((nhsNumber) => !kept.has(nhsNumber))
  return nhsNumbers.length === 0 ? null : { ...ask, nhsNumbers }
}

/** What was asked, in the region's terms, and the scope. */
function toVariant(region: string, { sections, records, context }: ViewAsk, holder: TokenHolder): string {
  const regional = records?.regions.get(region)
  return `${toScope(holder)} ${jsonOf(context)} ${toAsked(region, sections)} ${regional ? JSON.stringify([regional.text, regional.values]) : ''}`
}

const firstPages = new WeakMap<readonly SectionAsk[], string>()

/** Sections are one object each time where they are the same; where each region stands is not told by it. */
function toAsked(region: string, sections: readonly SectionAsk[]): string {
  const isFirst = sections.every(({ after }) => after.size === 0)
  const known = isFirst ? firstPages.get(sections) : undefined
  if (known !== undefined) return known
  const asked = JSON.stringify(sections.map(({ alias, field, args, fields, after }) => [alias, field, args, fields, after.get(region) ?? null]))
  if (isFirst) firstPages.set(sections, asked)
  return asked
}

const scopes = new WeakMap<TokenHolder, string>()

/** Every fact of the viewer that a region's rules can read; with the access context, all but those of the patient, which are the store's. */
function toScope(holder: TokenHolder): string {
  const known = scopes.get(holder)
  if (known !== undefined) return known
  const { id, role, organisation, areaOfWork, purpose, nhsNumber } = holder
  const scope = JSON.stringify([id, role.code, organisation.odsCode, areaOfWork, purpose, nhsNumber])
  scopes.set(holder, scope)
  return scope
}

/** Who asked before a change that was heard since has another key. Null: nothing is shared, for nobody would hear of a change. */
function toFlightKey(cache: ReplyCache, region: string, { missing, variant }: LookedUp): string | null {
  let generations = ''
  for (const nhsNumber of missing?.nhsNumbers ?? []) {
    const generation = cache.generation(region, nhsNumber)
    if (generation === null) return null
    generations += `${nhsNumber} ${generation} `
  }
  return `${region} ${generations}${variant}`
}

async function askRegion(client: RegionClient, asks: readonly ViewAsk[], credentials: Asker['credentials']): Promise<readonly RegionOutcome[]> {
  try {
    return await client.ask(asks, await credentials())
  } catch {
    return asks.map(() => ({ status: 'FAILED', reason: 'the region could not be asked', latencyMs: 0 }))
  }
}

/** What is kept and what was asked, in the order of the ask. */
function toOutcome({ ask, kept, stillHolds, missing }: LookedUp, asked: RegionOutcome | null): RegionOutcome {
  if (kept.size === 0 && asked) return asked
  if (asked && asked.status !== 'REPLIED') return asked
  const fresh = new Map(missing?.nhsNumbers.map((nhsNumber, index) => [nhsNumber, asked?.view.patients[index]]))
  const patients = ask.nhsNumbers.map((nhsNumber) => kept.get(nhsNumber)?.reply ?? fresh.get(nhsNumber) ?? null)
  const view: ViewReply = { sequence: asked?.view.sequence ?? 0, readAt: asked?.view.readAt ?? '', patients }
  const readAt = new Map([...kept].map(([nhsNumber, one]) => [nhsNumber, one.readAt]))
  const untilMs = Math.min(...[...kept.values()].map((one) => one.untilMs))
  const parts = { ...(asked?.onWire ? { onWire: asked.onWire } : {}), ...(asked?.failures ? { failures: asked.failures } : {}) }
  return { status: 'REPLIED', view, bytes: 0, latencyMs: asked?.latencyMs ?? 0, kept: readAt, stillHolds, untilMs, ...parts }
}

/** What another request asked, and may have asked some time ago: it holds while nothing was heard of a change. */
function toSharedOutcome(one: LookedUp, asked: RegionOutcome, isUnchanged: () => boolean): RegionOutcome {
  const outcome = toOutcome(one, asked)
  return outcome.status === 'REPLIED' ? { ...outcome, stillHolds: () => isUnchanged() && one.stillHolds() } : outcome
}
