import type { AccessContext } from '../schema/assertion.ts'
import type { AnswerBasis } from './http/answer-basis.ts'
import type { VerifiedViewer } from './http/use-bearer-token.ts'
import type { RequestRecorder } from './metrics/request-recorder.ts'
import type { AccessRecorder } from './record-access.ts'
import type { RegionCredentials } from './regions/region-client.ts'
import type { RegionLoader, RegionQueryText } from './regions/region-loader.ts'
import type { RequestDeadline } from './regions/request-deadline.ts'

/** Proves to a region who asks, and states why. */
export type CredentialsFor = (region: string, context: AccessContext) => Promise<RegionCredentials>

/** What every resolver of one request may use. */
export interface RequestContext extends VerifiedViewer {
  readonly credentialsFor: CredentialsFor
  readonly loader: RegionLoader
  readonly deadline: RequestDeadline
  readonly requestId: string
  /** Notes what becomes of the request. */
  readonly recorder: RequestRecorder
  readonly recordViews: AccessRecorder['recordViews']
  /** Where the answer may be kept whole: what it is made of. */
  readonly basis: AnswerBasis | null
  /** What each region was asked, where the request is to be shown it. */
  readonly asked: readonly RegionQueryText[] | null
  /** The gateway's own address, as the viewer reached it. */
  readonly origin: string
}
