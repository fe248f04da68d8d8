import type { GraphQLResolveInfo } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import type { DocumentContent, RegionStatus } from '../../schema/generated/patient-view.ts'
import type { Resolver } from '../composition/resolvers.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RequestContext } from '../request-context.ts'
import type { MergedItem } from '../view/merge-items.ts'
import type { PatientView } from '../view/patient-view.ts'
import type { ViewPlan } from '../view/plan-view.ts'
import { disputedDocumentWords, noDocumentWords, regionWords, toSentences } from '../view/words.ts'
import type { ContentTickets } from './content-tickets.ts'
import { createDocumentLoader } from './document-loader.ts'
import { contentPath } from './use-content.ts'

/** A document of the view, and why its viewer asked. */
export type AskedDocument = MergedItem & { readonly context: AccessContext }

export interface DocumentAnswer {
  readonly document: AskedDocument | null
  readonly status: RegionStatus
  readonly message: string
}

export interface DocumentResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly tickets: ContentTickets
  /** The view of one patient by a plan. */
  readonly view: (nhsNumber: string, plan: ViewPlan, context: AccessContext, request: RequestContext, info: GraphQLResolveInfo) => Promise<PatientView>
  readonly now: () => number
}

const contentLifeMs = 5 * 60_000

/** Finds documents by their id, and makes urls for their content. */
export function createDocumentResolvers({ clients, tickets, view, now }: DocumentResolversOptions): {
  readonly findDocument: (id: string, context: AccessContext, request: RequestContext, info: GraphQLResolveInfo) => Promise<DocumentAnswer>
  readonly content: Resolver
} {
  const loaders = new WeakMap<RequestContext, Map<string, ReturnType<typeof createDocumentLoader>>>()
  const loaderOf = (context: AccessContext, request: RequestContext) => {
    const ofRequest = loaders.get(request) ?? new Map<string, ReturnType<typeof createDocumentLoader>>()
    loaders.set(request, ofRequest)
    const key = JSON.stringify(context)
    const loader = ofRequest.get(key) ?? createDocumentLoader(clients, request.credentialsFor, context)
    ofRequest.set(key, loader)
    return loader
  }

  return {
    async findDocument(id, context, request, info) {
      const { nhsNumbers, failures } = await loaderOf(context, request).load(id)
      const [nhsNumber] = nhsNumbers.values()
      if (nhsNumber === undefined) return toAbsence(clients.map(({ region }) => ({ name: region.applicationName, status: failures.get(region.code) ?? 'NOT_KNOWN' })))
      const args = { first: 1, ids: [id], filter: { status: ['CURRENT', 'SUPERSEDED'] } }
      const patient = await view(nhsNumber, { sections: [{ alias: 's0', field: 'documents', args }], records: null }, context, request, info)
      const document = patient.section('documents', args).nodes.find((one) => one.id === id)
      const regions = patient.completeness.regions.map(({ region, status }) => ({ name: region.applicationName, status }))
      if (!document) return toAbsence(regions)
      // Two regions may have given one identifier to documents of different patients; then the id does not say whose is meant.
      const stranger = clients.find(({ region }) => nhsNumbers.has(region.code) && !document.sources.some((source) => source.region === region.code))
      if (stranger) return { document: null, status: 'IDENTITY_MISMATCH', message: toSentences([disputedDocumentWords]) }
      return { document: { ...document, context }, status: 'ANSWERED', message: patient.completeness.message }
    },
    content: ({ content, sources, id, context }: AskedDocument & { content: Omit<DocumentContent, 'url'> | null }, _, { holder, origin }: RequestContext) => {
      const [newest] = sources
      if (!content || !newest) return null
      const ticket = { region: newest.region, documentId: id, context, expiresAtMs: now() + contentLifeMs }
      return { ...content, url: `${origin}${contentPath}${tickets.print(ticket, holder)}` }
    },
  }
}

/** Why no document is shown: the first region that may have it and did not say, else that none has one it can show. */
function toAbsence(regions: readonly { readonly name: string; readonly status: RegionStatus }[]): DocumentAnswer {
  const silent = regions.find(({ status }) => status !== 'NOT_KNOWN' && status !== 'ANSWERED')
  if (silent) return { document: null, status: silent.status, message: toSentences([regionWords[silent.status](silent.name)]) }
  return { document: null, status: 'NOT_KNOWN', message: toSentences([noDocumentWords]) }
}
