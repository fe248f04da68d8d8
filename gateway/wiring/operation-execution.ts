import type { GraphQLSchema } from 'graphql'
import { readPublicSdl } from '../../schema/sdl.ts'
import type { ContentTickets } from '../documents/content-tickets.ts'
import { createDocumentResolvers } from '../documents/document-resolvers.ts'
import { createMutationResolvers } from '../mutations/mutation-resolvers.ts'
import { createIdSealer } from '../opaque-tokens/id-sealer.ts'
import { composeSchema } from '../operation/compose-schema.ts'
import { createExecutor, type Executor, withReusedRootResults } from '../operation/execute-operation.ts'
import { createPatientViewer } from '../patient-view/patient-viewer.ts'
import { createCursorCodec } from '../patient-view/timeline-cursor.ts'
import { createViewResolvers } from '../patient-view/view-resolvers.ts'
import { createPrivacyResolvers } from '../privacy-officer/privacy-resolvers.ts'
import { createReviewCursorCodec } from '../privacy-officer/review-cursor.ts'
import type { PlannedResolvers } from '../request/resolvers.ts'
import type { TrailTallies } from '../utilisation/trail-tallies.ts'
import { createUtilisationResolvers } from '../utilisation/utilisation-resolvers.ts'
import type { AuditRecording } from './audit-recording.ts'
import type { GatewaySettings } from './gateway-options.ts'
import type { RegionAccess } from './region-access.ts'

/** The parts that turn an operation into an answer. */
export interface OperationExecution {
  /** The public schema, composed of the regions' schemas, with every resolver. */
  readonly schema: GraphQLSchema
  readonly executor: Executor
}

export interface OperationExecutionOptions {
  readonly settings: Pick<GatewaySettings, 'regions' | 'secrets' | 'now'>
  readonly regionAccess: RegionAccess
  readonly audit: AuditRecording
  readonly tickets: ContentTickets
  readonly tallies: TrailTallies
}

export function createOperationExecution({
  settings: { regions, secrets, now },
  regionAccess,
  audit,
  tickets,
  tallies,
}: OperationExecutionOptions): OperationExecution {
  const { clients, policies, decideAccess, isFlagged, schemas: regionalSchemas, feeds } = regionAccess
  const sealer = createIdSealer(...secrets)
  const cursors = createCursorCodec(...secrets)
  const viewPatients = createPatientViewer({ clients, decideAccess, cursors, isFlagged, sealer, regionalSchemas })
  const plannedResolvers = combinePlannedResolvers(
    createViewResolvers({ viewPatients, clients, policies, regionalSchemas, isFeedCurrent: feeds.isCurrent }),
    createDocumentResolvers({ viewPatients, clients, decideAccess, tickets, sealer, isFlagged, now }),
  )
  const mutationResolvers = createMutationResolvers({ clients, decideAccess, recorder: audit.operations })
  const privacyResolvers = createPrivacyResolvers({
    clients,
    accesses: audit.findIndex,
    cursors: createReviewCursorCodec(...secrets),
    record: audit.operations.record,
  })
  const utilisationResolvers = createUtilisationResolvers({ clients, tallies, now })
  const schema = composeSchema({
    regions,
    publicSdl: readPublicSdl(),
    regionalSchemas,
    resolvers: [withReusedRootResults(plannedResolvers), mutationResolvers, privacyResolvers, utilisationResolvers],
  })
  return { schema, executor: createExecutor(schema, plannedResolvers) }
}

/** The resolvers of the patient view and those of documents, which select no field of the same type. */
function combinePlannedResolvers(
  view: PlannedResolvers,
  documents: Pick<PlannedResolvers, 'Query' | 'fields'>,
): PlannedResolvers {
  return {
    scalars: view.scalars,
    Query: { ...view.Query, ...documents.Query },
    fields: { ...view.fields, ...documents.fields },
  }
}
