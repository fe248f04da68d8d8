import type { VerifiedViewer } from '../../schema/access-token.ts'
import type { AccessRecorder } from '../audit/record-access.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import type { CreateCredentials } from '../regions/credentials.ts'
import type { RegionLoader, RegionQueryText } from '../regions/region-loader.ts'
import type { RequestDeadline } from '../regions/request-deadline.ts'
import type { ResponseDependencies } from './response-dependencies.ts'

/** The context of every resolver of one request. */
export interface RequestContext extends VerifiedViewer {
  readonly credentialsFor: CreateCredentials
  readonly loader: RegionLoader
  readonly deadline: RequestDeadline
  readonly requestId: string
  /** Records the stages and outcomes of the request. */
  readonly recorder: RequestRecorder
  readonly recordViews: AccessRecorder['recordViews']
  /** Collects what the response is made of, so that it can be cached; null: the response is not cached. */
  readonly dependencies: ResponseDependencies | null
  /** The queries sent to each region, if the request asked to see them (`X-Plan: show`). */
  readonly regionQueries: readonly RegionQueryText[] | null
  /** The gateway's own address, as the viewer reached it. */
  readonly origin: string
}

/** Creates the context of one request's resolvers. */
export type CreateRequestContext = (request: StartedRequest) => RequestContext

/** A request whose document was read. */
export interface StartedRequest {
  readonly viewer: VerifiedViewer
  /** The gateway's own address as the viewer reached it. */
  readonly origin: string
  readonly recorder: RequestRecorder
  /** Collects what the answer depends on; null if the answer is not to be cached. */
  readonly dependencies: ResponseDependencies | null
  /** Whether to collect the text that each region is asked. */
  readonly showsPlan: boolean
}
