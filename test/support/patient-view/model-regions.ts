import { createIdSealer } from '../../../gateway/opaque-tokens/id-sealer.ts'
import type { RegionalItem } from '../../../gateway/patient-view/group-items.ts'
import { createLocationRedaction } from '../../../gateway/patient-view/location-redaction.ts'
import type { MergedTimeline } from '../../../gateway/patient-view/merge-timeline.ts'
import { createCursorCodec } from '../../../gateway/patient-view/timeline-cursor.ts'
import { viewPatients } from '../../../gateway/patient-view/view-patients.ts'
import type { RegionClient } from '../../../gateway/regions/region-client.ts'
import type { RegionFailure } from '../../../gateway/regions/region-fault.ts'
import { createRegionLoader } from '../../../gateway/regions/region-loader.ts'
import type { RegionOutcome, ViewReply } from '../../../gateway/regions/region-reply.ts'
import { noReplyCache, type ReplyCache } from '../../../gateway/regions/reply-cache.ts'
import { createRequestCoalescer } from '../../../gateway/regions/request-coalescer.ts'
import { createRequestDeadline } from '../../../gateway/regions/request-deadline.ts'
import type { SectionRequest, ViewRequest } from '../../../gateway/regions/view-request.ts'
import type { TokenHolder } from '../../../schema/access-token.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import type { SectionField } from '../../../schema/sections.ts'
import { releaseDecision } from './release-decision.ts'

/** How a region fares when it is asked, and when it is asked again for the same page. */
export type RegionBehaviour = 'answers' | 'bears another birth date' | 'refuses' | 'knows nothing' | RegionFailure

export interface ModelRegion {
  readonly region: RegionConfiguration
  readonly items: readonly RegionalItem[]
  /** The most items that it serves in a page, however many are asked for. @default as many as are asked for */
  readonly largestPage?: number
  /** Numbers it knows: the one in force last, superseded ones before it. */
  readonly nhsNumbers?: readonly string[]
}

export interface PageQuestion {
  readonly first: number
  readonly after?: string | null
  /** By region, on the first and on a second ask of this page. @default answers */
  readonly fares?: Readonly<Record<string, readonly [RegionBehaviour, RegionBehaviour]>>
  /** Regions that the client asks. @default all */
  readonly regions?: readonly string[] | null
  readonly nhsNumber?: string
  readonly field?: SectionField
  readonly filter?: unknown
  /** What regions' replies are kept in. @default none are */
  readonly cache?: ReplyCache
}

export interface ModelPage {
  readonly timeline: MergedTimeline
  /** What each region was asked, in order. */
  readonly asks: ReadonlyMap<string, readonly SectionRequest[]>
}

export const nhsNumber = '9990000018'

const holder: TokenHolder = {
  id: '1',
  name: null,
  role: { system: '', code: 'R0260', display: null },
  areaOfWork: null,
  nhsNumber: null,
  organisation: { odsCode: 'REM', name: null },
  purpose: null,
  scopes: ['record'],
  verifiedUntilMs: 0,
}
const context = { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null } as const
const cursors = createCursorCodec(new Uint8Array(32).fill(3))

/** Asks the gateway's view for one page of a timeline over regions that are lists in memory. */
export async function readPage(held: readonly ModelRegion[], question: PageQuestion): Promise<ModelPage> {
  const {
    first,
    after = null,
    fares = {},
    regions = null,
    nhsNumber: asked = nhsNumber,
    field = 'results',
    filter = null,
    cache = noReplyCache,
  } = question
  const asks = new Map<string, SectionRequest[]>(held.map(({ region }) => [region.code, []]))
  const clients = held.map((model) =>
    createModelClient(model, fares[model.region.code] ?? ['answers', 'answers'], asks.get(model.region.code) ?? []),
  )
  const args = { first, after, filter }
  const {
    views: [view],
  } = await viewPatients({
    nhsNumbers: [asked],
    birthDate: null,
    context,
    regions,
    holder,
    plan: { sections: [{ alias: 's0', field, args, fields: null }], records: null },
    noCache: false,
    isFlagged: () => false,
    decideAccess: () => ({ code: 'PERMITTED', rules: [], says: '', policyVersion: '1' }),
    clients,
    loader: createRegionLoader({
      holder,
      credentialsFor: async () => ({ viewer: '', token: '', assertion: '' }),
      coalescer: createRequestCoalescer({ cache, now: Date.now }),
      deadline: createRequestDeadline({ deadlineMs: 60_000 }),
      onQuery: null,
    }),
    cursors,
    redaction: createLocationRedaction([], createIdSealer(new Uint8Array(32))),
  })
  if (!view) throw new Error('Expected a view')
  return { timeline: view.section(field, args) as MergedTimeline, asks }
}

function createModelClient(
  model: ModelRegion,
  fares: readonly [RegionBehaviour, RegionBehaviour],
  heard: SectionRequest[],
): RegionClient {
  let times = 0
  return {
    region: model.region,
    async fetchViews(asks) {
      const fare = fares[times++] ?? 'FAILED'
      for (const { sections } of asks) heard.push(...sections)
      return asks.map((ask) => answer(model, ask, fare))
    },
    printQuery: () => '',
    findDocuments: () => Promise.reject(new Error('not asked here')),
    runOperation: () => Promise.reject(new Error('not asked here')),
    openContent: () => Promise.reject(new Error('not asked here')),
    isReady: async () => true,
    suspendedUntilMs: () => null,
    close: async () => {},
  }
}

function answer(
  { region, items, largestPage = Number.POSITIVE_INFINITY, nhsNumbers = [nhsNumber] }: ModelRegion,
  { nhsNumbers: asked, sections }: ViewRequest,
  fare: RegionBehaviour,
): RegionOutcome {
  const latencyMs = 1
  if (fare === 'TIMED_OUT' || fare === 'UNREACHABLE' || fare === 'FAILED')
    return { status: fare, reason: '', latencyMs }
  const patients = asked.map((askedNhsNumber): ViewReply['patients'][number] => {
    const isKnown = (fare === 'answers' || fare === 'bears another birth date') && nhsNumbers.includes(askedNhsNumber)
    const inForce = nhsNumbers.at(-1) ?? askedNhsNumber
    const pages = Object.fromEntries(
      sections.map((section) => [`gw_${section.alias}`, page(items, section, region.code, largestPage)]),
    )
    return {
      askedNhsNumber,
      nhsNumber: isKnown ? inForce : null,
      birthDate: fare === 'bears another birth date' ? '1900' : null,
      sensitive: false,
      decision: releaseDecision({ code: fare === 'refuses' ? 'REFUSED_OPT_OUT' : 'PERMITTED' }),
      demographicsWithheld: false,
      retractions: [],
      record: isKnown ? { nhsNumber: inForce, localIdentifiers: [], ...pages } : null,
    }
  })
  return { status: 'REPLIED', bytes: 1, view: { sequence: 1, readAt: '2026-01-01T00:00:00Z', patients }, latencyMs }
}

/**
 * A page as a store serves it, by the plainest reading of the SDL: sort everything, drop up to the position, take so
 * many.
 */
function page(items: readonly RegionalItem[], { args, after }: SectionRequest, region: string, largestPage: number) {
  const sorted = items.toSorted((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? -1 : 1))
  const position = after.get(region)
  const start = position === undefined ? 0 : sorted.findIndex((item) => item.position === position) + 1
  // The position may be that of an item which only another region holds.
  const rest =
    position === undefined || start > 0 ? sorted.slice(start) : sorted.filter((item) => isAfter(item, position))
  const chosen = args.ids ? sorted.filter(({ id }) => (args.ids as readonly string[]).includes(id)) : rest
  const nodes = chosen.slice(0, args.ids ? chosen.length : Math.min(Number(args.first), largestPage))
  return {
    answer: sorted.length > 0 ? 'RECORDED' : 'NONE_RECORDED',
    withheld: false,
    truncated: false,
    window: null,
    hasMore: chosen.length > nodes.length,
    nodes,
  }
}

function timeOf({ orderedAt }: RegionalItem): number {
  return orderedAt === null ? -1e18 : Date.parse(orderedAt)
}

function isAfter(item: RegionalItem, position: string): boolean {
  const dot = position.indexOf('.')
  const time = position.startsWith('undated') ? -1e18 : Number(position.slice(0, dot))
  return timeOf(item) < time || (timeOf(item) === time && item.id > position.slice(dot + 1))
}
