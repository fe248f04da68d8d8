import type { GraphQLResolveInfo } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import type { DocumentContent, RegionStatus } from '../../schema/generated/patient-view.ts'
import { gatewayRoutes, toPath } from '../../schema/service/routes.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import { toAccessContext } from '../consent/default-context.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { IdSealer } from '../opaque-tokens/id-sealer.ts'
import type { MergedItem } from '../patient-view/merge-items.ts'
import { disputedDocumentMessage, noDocumentMessage, toSentences } from '../patient-view/messages.ts'
import type { PatientViewer } from '../patient-view/patient-viewer.ts'
import type { ViewPlan } from '../patient-view/plan-view.ts'
import { type DescribedResult, toRegionMessages } from '../patient-view/region-messages.ts'
import { toNotAskedResult } from '../patient-view/region-result.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { PlannedResolvers } from '../request/resolvers.ts'
import type { ContentTickets } from './content-tickets.ts'
import { createDocumentLoader } from './document-loader.ts'

export interface DocumentAnswer {
  readonly document: MergedItem | null
  readonly status: RegionStatus
  readonly message: string
}

export interface DocumentResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly decideAccess: DecideAccess
  readonly tickets: ContentTickets
  readonly sealer: IdSealer
  readonly isFlagged: IsFlagged
  readonly viewPatients: PatientViewer
  readonly now: () => number
}

const contentUrlTtlMs = 5 * 60_000

/** Creates the resolvers that find documents by id and print content urls. */
export function createDocumentResolvers({
  clients,
  decideAccess,
  tickets,
  sealer,
  isFlagged,
  viewPatients,
  now,
}: DocumentResolversOptions): Pick<PlannedResolvers, 'Query' | 'fields'> {
  const loaders = new WeakMap<RequestContext, Map<string, ReturnType<typeof createDocumentLoader>>>()
  const findLoader = (context: AccessContext, request: RequestContext) => {
    const loadersOfRequest = loaders.get(request) ?? new Map<string, ReturnType<typeof createDocumentLoader>>()
    loaders.set(request, loadersOfRequest)
    const key = JSON.stringify(context)
    const permittingClients = clients.filter(
      ({ region }) => decideAccess(region.code, request.holder, context).code === 'PERMITTED',
    )
    const loader = loadersOfRequest.get(key) ?? createDocumentLoader(permittingClients, request, context)
    loadersOfRequest.set(key, loader)
    return loader
  }

  const findDocument = async (
    shownId: string,
    context: AccessContext,
    request: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<DocumentAnswer> => {
    const unsealed = sealer.unseal(shownId)
    const id = unsealed ?? shownId
    const { nhsNumbers, failures } = await findLoader(context, request).load(id)
    const toUnknown = () => {
      const results = clients.map(({ region }): DescribedResult => {
        const access = decideAccess(region.code, request.holder, context)
        return access.code === 'PERMITTED'
          ? { region, status: failures.get(region.code) ?? 'NOT_KNOWN', decision: null }
          : toNotAskedResult(region, access)
      })
      return toMissingDocument(
        results.map((result) => ({ status: result.status, message: toSentences(toRegionMessages(result)) })),
      )
    }
    const [nhsNumber] = nhsNumbers.values()
    if (nhsNumber === undefined) return toUnknown()
    // An id is a digest, so a guessed location could be verified by it. Where locations are protected, only a
    // sealed id finds a document.
    if (unsealed === null && clients.some(({ region }) => isFlagged(region.code, nhsNumber) === true))
      return toUnknown()
    const args = { first: 1, ids: [id], filter: { status: ['CURRENT', 'SUPERSEDED'] } }
    const plan: ViewPlan = { sections: [{ alias: 's0', field: 'documents', args, fields: null }], records: null }
    const { views } = await viewPatients(
      { nhsNumbers: [nhsNumber], birthDate: null, context, regions: null, plan, noCache: false },
      request,
      info,
    )
    const [patient] = views
    if (!patient) throw new Error('Expected a view of the requested number')
    if (unsealed === null && patient.locationProtected) return toUnknown()
    const document = patient
      .section('documents', args)
      .nodes.find((one) => one.id === (patient.locationProtected ? shownId : id))
    if (!document) return toMissingDocument(patient.completeness.regions)
    // Two regions may use one identifier for documents of different patients; the id then does not identify one.
    const disputing = clients.find(
      ({ region }) => nhsNumbers.has(region.code) && !document.sources.some((source) => source.region === region.code),
    )
    if (disputing)
      return { document: null, status: 'IDENTITY_MISMATCH', message: toSentences([disputedDocumentMessage]) }
    return { document, status: 'ANSWERED', message: patient.completeness.message }
  }
  /** Returns a document's content with a url that is valid for this viewer; null if it has none. */
  const toContent = (
    {
      content,
      sources,
      id,
      context,
      askedNhsNumber,
    }: MergedItem & { readonly content: Omit<DocumentContent, 'url'> | null },
    _: unknown,
    { holder, origin }: RequestContext,
  ): DocumentContent | null => {
    const [newest] = sources
    if (!content || !newest) return null
    const ticket = {
      region: newest.region,
      documentId: id,
      askedNhsNumber,
      context,
      expiresAtMs: now() + contentUrlTtlMs,
    }
    return { ...content, url: `${origin}${toPath(gatewayRoutes.document.template, tickets.print(ticket, holder))}` }
  }
  return {
    Query: {
      document: (
        _,
        { id, access }: { readonly id: string; readonly access?: Partial<AccessContext> | null },
        request: RequestContext,
        info,
      ) => findDocument(id, toAccessContext(access, request.holder), request, info),
    },
    fields: {
      Document: {
        // A url is printed for the viewer who asks.
        content: { cacheable: false, async: false, resolve: toContent },
      },
    },
  }
}

/** Returns the answer for a missing document: the regions that failed to say, or that no region can show one. */
function toMissingDocument(
  regions: readonly { readonly status: RegionStatus; readonly message: string }[],
): DocumentAnswer {
  const unanswered = regions.filter(({ status }) => status !== 'NOT_KNOWN' && status !== 'ANSWERED')
  const [first] = unanswered
  if (first)
    return { document: null, status: first.status, message: unanswered.map(({ message }) => message).join(' ') }
  return { document: null, status: 'NOT_KNOWN', message: toSentences([noDocumentMessage]) }
}
