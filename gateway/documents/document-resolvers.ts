import type { GraphQLResolveInfo } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import type { DocumentContent, RegionStatus } from '../../schema/generated/patient-view.ts'
import { gatewayRoutes, toPath } from '../../schema/http/routes.ts'
import type { Resolver } from '../composition/resolvers.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RequestContext } from '../request-context.ts'
import type { IdSealer } from '../view/id-sealer.ts'
import type { MergedItem } from '../view/merge-items.ts'
import type { PatientView } from '../view/patient-view.ts'
import type { ViewPlan } from '../view/plan-view.ts'
import { type SpokenPart, toRegionClauses } from '../view/region-clauses.ts'
import { toUnaskedPart } from '../view/to-region-part.ts'
import { disputedDocumentWords, noDocumentWords, toSentences } from '../view/words.ts'
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
  /** The view of one patient by a plan. */
  readonly view: (nhsNumber: string, plan: ViewPlan, context: AccessContext, request: RequestContext, info: GraphQLResolveInfo) => Promise<PatientView>
  readonly now: () => number
}

const contentLifeMs = 5 * 60_000

/** Finds documents by their id, and makes urls for their content. */
export function createDocumentResolvers({ clients, decideAccess, tickets, sealer, isFlagged, view, now }: DocumentResolversOptions): {
  readonly findDocument: (id: string, context: AccessContext, request: RequestContext, info: GraphQLResolveInfo) => Promise<DocumentAnswer>
  readonly content: Resolver
} {
  const loaders = new WeakMap<RequestContext, Map<string, ReturnType<typeof createDocumentLoader>>>()
  const loaderOf = (context: AccessContext, request: RequestContext) => {
    const ofRequest = loaders.get(request) ?? new Map<string, ReturnType<typeof createDocumentLoader>>()
    loaders.set(request, ofRequest)
    const key = JSON.stringify(context)
    const permitting = clients.filter(({ region }) => decideAccess(region.code, request.holder, context).code === 'PERMITTED')
    const loader = ofRequest.get(key) ?? createDocumentLoader(permitting, request, context)
    ofRequest.set(key, loader)
    return loader
  }

  return {
    async findDocument(shownId, context, request, info) {
      const unsealed = sealer.unseal(shownId)
      const id = unsealed ?? shownId
      const { nhsNumbers, failures } = await loaderOf(context, request).load(id)
      const toUnknown = () => {
        const parts = clients.map(({ region }): SpokenPart => {
          const access = decideAccess(region.code, request.holder, context)
          return access.code === 'PERMITTED' ? { region, status: failures.get(region.code) ?? 'NOT_KNOWN', decision: null } : toUnaskedPart(region, access)
        })
        return toAbsence(parts.map((part) => ({ status: part.status, message: toSentences(toRegionClauses(part)) })))
      }
      const [nhsNumber] = nhsNumbers.values()
      if (nhsNumber === undefined) return toUnknown()
      // A guess at a place can be put to the test by the id that would follow from it: where places are protected, only a sealed id finds a document.
      if (unsealed === null && clients.some(({ region }) => isFlagged(region.code, nhsNumber) === true)) return toUnknown()
      const args = { first: 1, ids: [id], filter: { status: ['CURRENT', 'SUPERSEDED'] } }
      const patient = await view(nhsNumber, { sections: [{ alias: 's0', field: 'documents', args, fields: null }], records: null }, context, request, info)
      if (unsealed === null && patient.locationProtected) return toUnknown()
      const document = patient.section('documents', args).nodes.find((one) => one.id === (patient.locationProtected ? shownId : id))
      if (!document) return toAbsence(patient.completeness.regions)
      // Two regions may have given one identifier to documents of different patients; then the id does not say whose is meant.
      const stranger = clients.find(({ region }) => nhsNumbers.has(region.code) && !document.sources.some((source) => source.region === region.code))
      if (stranger) return { document: null, status: 'IDENTITY_MISMATCH', message: toSentences([disputedDocumentWords]) }
      return { document, status: 'ANSWERED', message: patient.completeness.message }
    },
    content: ({ content, sources, id, context, askedNhsNumber }: MergedItem & { content: Omit<DocumentContent, 'url'> | null }, _, { holder, origin }: RequestContext) => {
      const [newest] = sources
      if (!content || !newest) return null
      const ticket = { region: newest.region, documentId: id, askedNhsNumber, context, expiresAtMs: now() + contentLifeMs }
      return { ...content, url: `${origin}${toPath(gatewayRoutes.document.template, tickets.print(ticket, holder))}` }
    },
  }
}

/** Why no document is shown: the regions that may have it and did not say, else that none has one it can show. */
function toAbsence(regions: readonly { readonly status: RegionStatus; readonly message: string }[]): DocumentAnswer {
  const silent = regions.filter(({ status }) => status !== 'NOT_KNOWN' && status !== 'ANSWERED')
  const [first] = silent
  if (first) return { document: null, status: first.status, message: silent.map(({ message }) => message).join(' ') }
  return { document: null, status: 'NOT_KNOWN', message: toSentences([noDocumentWords]) }
}
