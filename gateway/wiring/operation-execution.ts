import type { GraphQLSchema } from 'graphql'
import { readPublicSdl } from '../../schema/sdl.ts'
import type { ContentTickets } from '../documents/content-tickets.ts'
import { createMutationResolvers } from '../mutations/mutation-resolvers.ts'
import { createIdSealer } from '../opaque-tokens/id-sealer.ts'
import { composeSchema } from '../operation/compose-schema.ts'
import { createExecutor, type Executor, withReusedRootResults } from '../operation/execute-operation.ts'
import { createCursorCodec } from '../patient-view/timeline-cursor.ts'
import { createViewResolvers } from '../patient-view/view-resolvers.ts'
import { createPrivacyResolvers } from '../privacy-officer/privacy-resolvers.ts'
import { createReviewCursorCodec } from '../privacy-officer/review-cursor.ts'
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
  const { clients, policies, decideAccess, isFlagged, schemas, feeds } = regionAccess
  const viewResolvers = createViewResolvers({
    clients,
    policies,
    decideAccess,
    cursors: createCursorCodec(...secrets),
    tickets,
    sealer: createIdSealer(...secrets),
    now,
    regionalSchemas: schemas,
    isFeedCurrent: feeds.isCurrent,
    isFlagged,
  })
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
    regionalSchemas: schemas,
    resolvers: [withReusedRootResults(viewResolvers), mutationResolvers, privacyResolvers, utilisationResolvers],
  })
  return { schema, executor: createExecutor(schema, viewResolvers) }
}
