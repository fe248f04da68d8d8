import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import type { AccessEvent } from '../audit/audit-event.ts'
import type { IdSealer } from '../opaque-tokens/id-sealer.ts'
import type { RequestContext } from '../request/request-context.ts'
import { createLocationRedaction } from './location-redaction.ts'
import type { ViewPlan } from './plan-view.ts'
import { type ViewedPatients, type ViewPatientsOptions, viewPatients } from './view-patients.ts'

/** The views that a request asks for. */
export interface RequestedViews {
  readonly nhsNumbers: readonly string[]
  /** The birth date that the viewer gave, for a single patient. */
  readonly birthDate: string | null
  readonly context: AccessContext
  /** Codes of the regions to ask; null for all. */
  readonly regions: readonly string[] | null
  readonly plan: ViewPlan
  /** Every region reads its store, not the cache. */
  readonly noCache: boolean
}

/** The views, and the events that the audit trail has of them. */
export interface RecordedViews extends ViewedPatients {
  readonly events: readonly AccessEvent[]
}

/**
 * Views patients for a request. Resolves once every access is in the audit trail, on disk (gateway/README.md, rule 9);
 * rejects with AUDIT_UNAVAILABLE otherwise.
 */
export type PatientViewer = (
  requested: RequestedViews,
  request: RequestContext,
  info: GraphQLResolveInfo,
) => Promise<RecordedViews>

export interface PatientViewerOptions
  extends Pick<ViewPatientsOptions, 'clients' | 'decideAccess' | 'cursors' | 'isFlagged'> {
  readonly sealer: IdSealer
  readonly regionalSchemas: ReadonlyMap<string, GraphQLSchema>
}

export function createPatientViewer({
  clients,
  decideAccess,
  cursors,
  isFlagged,
  sealer,
  regionalSchemas,
}: PatientViewerOptions): PatientViewer {
  const redaction = createLocationRedaction(regionalSchemas.values(), sealer)
  return async ({ nhsNumbers, birthDate, context, regions, plan, noCache }, request, info) => {
    const { holder, loader, requestId, recorder } = request
    const { views, validity } = await viewPatients({
      clients,
      decideAccess,
      cursors,
      isFlagged,
      redaction,
      nhsNumbers,
      birthDate,
      context,
      regions,
      holder,
      plan,
      noCache,
      loader,
      stages: recorder,
    })
    // A number that is requested twice is one patient, viewed once.
    const events = await request.recordViews([...new Set(views)], { holder, requestId, context, info, recorder })
    return { views, validity, events }
  }
}
