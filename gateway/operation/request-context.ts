import type { AccessContext } from '../../schema/assertion.ts'
import type { AccessRecorder } from '../audit/record-access.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import type { RegionCredentials } from '../regions/region-client.ts'
import type { RegionLoader, RegionQueryText } from '../regions/region-loader.ts'
import type { RequestDeadline } from '../regions/request-deadline.ts'
import type { VerifiedViewer } from '../server/use-bearer-token.ts'
import type { ResponseDependencies } from './response-dependencies.ts'

/** Proves to a region who asks, and states why. */
export type CreateCredentials = (region: string, context: AccessContext) => Promise<RegionCredentials>

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
