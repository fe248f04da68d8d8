import type { VerifiedViewer } from '../../schema/access-token.ts'
import type { AccessRecorder } from '../audit/record-access.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import type { CreateCredentials } from '../regions/credentials.ts'
import type { RegionLoader, RegionQueryText } from '../regions/region-loader.ts'
import type { RequestDeadline } from '../regions/request-deadline.ts'
import type { ResponseDependencies } from './response-dependencies.ts'

/** What every resolver of one request may use. */
export interface RequestContext extends VerifiedViewer {
  readonly credentialsFor: CreateCredentials
  readonly loader: RegionLoader
  readonly deadline: RequestDeadline
  readonly requestId: string
  /** Notes what becomes of the request. */
  readonly recorder: RequestRecorder
  readonly recordViews: AccessRecorder['recordViews']
  /** Where the answer may be kept whole: what it is made of. */
  readonly dependencies: ResponseDependencies | null
  /** What each region was asked, where the request is to be shown it. */
  readonly regionQueries: readonly RegionQueryText[] | null
  /** The gateway's own address, as the viewer reached it. */
  readonly origin: string
}
