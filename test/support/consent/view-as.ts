import { buildSchema } from 'graphql'
import { createAccessDecider } from '../../../gateway/consent/decide-access.ts'
import { createIdSealer } from '../../../gateway/opaque-tokens/id-sealer.ts'
import { createLocationRedaction } from '../../../gateway/patient-view/location-redaction.ts'
import type { PatientView } from '../../../gateway/patient-view/patient-view.ts'
import { createCursorCodec } from '../../../gateway/patient-view/timeline-cursor.ts'
import { viewPatients } from '../../../gateway/patient-view/view-patients.ts'
import type { RegionClient } from '../../../gateway/regions/region-client.ts'
import { createRegionLoader } from '../../../gateway/regions/region-loader.ts'
import type { PatientReply } from '../../../gateway/regions/region-reply.ts'
import { noReplyCache } from '../../../gateway/regions/reply-cache.ts'
import { createRequestCoalescer } from '../../../gateway/regions/request-coalescer.ts'
import { createRequestDeadline } from '../../../gateway/regions/request-deadline.ts'
import type { ViewRequest } from '../../../gateway/regions/view-request.ts'
import type { TokenHolder } from '../../../schema/access-token.ts'
import type { AccessContext } from '../../../schema/assertion.ts'
import type * as Region from '../../../schema/generated/region.ts'
import { loadPolicies } from '../../../schema/policies/load-policies.ts'
import { readRegionalSdl } from '../../../schema/sdl.ts'
import type { SectionField } from '../../../schema/sections.ts'
import { releaseDecision } from '../patient-view/release-decision.ts'
import { loadTestRegions } from '../test-regions.ts'

const [exchange, lpres] = loadTestRegions()
if (!exchange || !lpres) throw new Error('Expected two regions in the list')
const regions = [exchange, lpres]
const policies = new Map(regions.map(({ code, slug }) => [code, loadPolicies({ slug })]))

export const nhsNumber = '9990000018'
export const noon = Date.parse('2026-11-22T12:00:00Z')

/** A consultant in Liverpool, but for what is said. */
export function viewer(changes: Partial<TokenHolder> = {}): TokenHolder {
  return {
    id: '555000000001',
    name: null,
    role: { system: '', code: 'R0050', display: null },
    areaOfWork: null,
    nhsNumber: null,
    organisation: { odsCode: 'REM', name: null },
    purpose: null,
    scopes: ['record'],
    verifiedUntilMs: 0,
    ...changes,
  }
}

/** The role held at an organisation. */
export const inRole = (role: string, odsCode: string): Partial<TokenHolder> => ({
  role: { system: '', code: role, display: null },
  organisation: { odsCode, name: null },
})

/** What a region answers for the patient, but for its decision a record without anything in it. */
export interface ModelReply extends Partial<Pick<PatientReply, 'sensitive' | 'demographicsWithheld'>> {
  readonly decision?: Partial<Region.ReleaseDecision>
  /** @default true where the decision permits */
  readonly hasRecord?: boolean
  /** Of its allergies. */
  readonly withheld?: boolean
  readonly demographics?: Region.Demographics
}

export interface ConsentQuestion {
  readonly exchange?: ModelReply
  readonly lpres?: ModelReply
  readonly holder?: TokenHolder
  readonly context?: Partial<AccessContext>
  /** Fields of Patient. @default allergies */
  readonly fields?: readonly (SectionField | 'demographics')[]
}

export interface ConsentView extends PatientView {
  /** By region code, how often each was called. */
  readonly calls: Readonly<Record<string, number>>
}

/** A view of one patient by the regions' own access rules, over regions that answer as they are told to. */
export async function viewAs({
  exchange: one = {},
  lpres: other = {},
  holder = viewer(),
  context = {},
  fields = ['allergies'],
}: ConsentQuestion): Promise<ConsentView> {
  const calls: Record<string, number> = Object.fromEntries(regions.map(({ code }) => [code, 0]))
  const clients = regions.map((region, index) =>
    modelClient(region, (ask) => {
      calls[region.code] = (calls[region.code] ?? 0) + 1
      return toReply(ask, index === 0 ? one : other)
    }),
  )
  const {
    views: [view],
  } = await viewPatients({
    nhsNumbers: [nhsNumber],
    birthDate: null,
    context: { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null, ...context },
    regions: null,
    holder,
    plan: {
      sections: fields.map((field, index) => ({ alias: `s${index}`, field, args: {}, fields: null })),
      records: null,
    },
    noCache: false,
    isFlagged: () => false,
    decideAccess: createAccessDecider(policies, () => noon),
    clients,
    loader: createRegionLoader({
      holder,
      credentialsFor: async () => ({ viewer: '', token: '', assertion: '' }),
      coalescer: createRequestCoalescer({ cache: noReplyCache, now: Date.now }),
      deadline: createRequestDeadline({ deadlineMs: 60_000 }),
      onQuery: null,
    }),
    cursors: createCursorCodec(new Uint8Array(32)),
    redaction: createLocationRedaction(
      regions.map((region) => buildSchema(readRegionalSdl(region))),
      createIdSealer(new Uint8Array(32)),
    ),
  })
  if (!view) throw new Error('Expected a view')
  return { ...view, calls }
}

function modelClient(region: RegionClient['region'], reply: (ask: ViewRequest) => PatientReply): RegionClient {
  const notHere = () => Promise.reject(new Error('not asked here'))
  return {
    region,
    fetchViews: async (asks) =>
      asks.map((ask) => ({
        status: 'REPLIED',
        latencyMs: 1,
        bytes: 1,
        view: { sequence: 1, readAt: '2026-11-22T12:00:00Z', patients: [reply(ask)] },
      })),
    printQuery: () => '',
    findDocuments: notHere,
    runOperation: notHere,
    openContent: notHere,
    isReady: async () => true,
    suspendedUntilMs: () => null,
    close: async () => {},
  }
}

function toReply(
  { sections }: ViewRequest,
  {
    decision = {},
    withheld = false,
    demographics,
    hasRecord,
    sensitive = false,
    demographicsWithheld = false,
  }: ModelReply,
): PatientReply {
  const decided = releaseDecision(decision)
  const allergies = {
    answer: 'NONE_RECORDED',
    withheld,
    truncated: false,
    window: null,
    nodes: [],
    assertedNone: false,
  }
  const replies = sections.map(({ alias, field }) => [
    `gw_${alias}`,
    field === 'demographics' ? (demographics ?? null) : allergies,
  ])
  const isShown = hasRecord ?? (decided.code === 'PERMITTED' || decided.code === 'OVERRIDDEN')
  return {
    askedNhsNumber: nhsNumber,
    nhsNumber: isShown ? nhsNumber : null,
    birthDate: null,
    sensitive,
    decision: decided,
    demographicsWithheld,
    retractions: [],
    record: isShown ? { nhsNumber, localIdentifiers: [], ...Object.fromEntries(replies) } : null,
  }
}
