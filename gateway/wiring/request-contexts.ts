import type { AccessRecorder } from '../audit/record-access.ts'
import { withTrace } from '../observability/tracing/trace-starter.ts'
import { createRegionLoader, type RegionQueryText } from '../regions/region-loader.ts'
import { createRequestDeadline } from '../regions/request-deadline.ts'
import type { CreateRequestContext } from '../request/request-context.ts'
import type { GatewaySettings } from './gateway-options.ts'
import type { RegionAccess } from './region-access.ts'

export interface RequestContextsOptions {
  readonly settings: Pick<GatewaySettings, 'publicUrl' | 'deadlineMs'>
  readonly regionAccess: Pick<RegionAccess, 'credentialsOf' | 'coalescer'>
  readonly recordViews: AccessRecorder['recordViews']
}

/** Creates the function that creates the resolvers' context of each request. */
export function createRequestContexts({
  settings: { publicUrl, deadlineMs },
  regionAccess: { credentialsOf, coalescer },
  recordViews,
}: RequestContextsOptions): CreateRequestContext {
  return ({ viewer, origin, recorder, dependencies, showsPlan }) => {
    recorder.recordPlanned()
    const { token, holder } = viewer
    const credentialsFor = withTrace(credentialsOf(viewer), recorder.trace)
    const regionQueries: RegionQueryText[] | null = showsPlan ? [] : null
    const deadline = createRequestDeadline({ deadlineMs })
    const loader = createRegionLoader({
      holder,
      credentialsFor,
      coalescer,
      deadline,
      onQuery: regionQueries && ((query) => regionQueries.push(query)),
      waitRecorder: recorder,
    })
    return {
      token,
      holder,
      credentialsFor,
      loader,
      deadline,
      requestId: recorder.requestId,
      recorder,
      recordViews,
      dependencies,
      regionQueries,
      origin: publicUrl ?? origin,
    }
  }
}
