import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import { probeQuery } from '../../schema/region-contract.ts'
import type { RoutedContext } from '../../schema/service/routed-request.ts'
import type { StoreRoute } from '../../schema/service/routes.ts'
import { createViewerSlots, type ReleaseSlot } from '../../schema/viewer-slots.ts'
import type { StoreRequestContext } from './resolvers.ts'

export interface ViewerSlotLimits {
  /** Most queries of one viewer that run concurrently. @default 2 */
  readonly maxConcurrent?: number
  /** Most queries of one viewer that wait; more are refused with TOO_MANY_REQUESTS (429). @default 64 */
  readonly maxWaiting?: number
}

/**
 * Limits one viewer's concurrent queries, because a store reads and prints on one thread and a running query delays all
 * others. A query waits after its body arrived, and does not start if its caller has gone.
 */
export function useViewerSlots({
  maxConcurrent = 2,
  maxWaiting = 64,
}: ViewerSlotLimits = {}): Plugin<object, RoutedContext<StoreRoute, StoreRequestContext>> {
  const slots = createViewerSlots({ maxConcurrent, maxWaiting })
  const held = new WeakMap<object, ReleaseSlot>()
  return {
    async onParams({ request, params, context }) {
      // The probe reads nothing, and a gateway sends it on behalf of a request that waits for a slot.
      if (held.has(context) || params.query === probeQuery) return
      const { viewer } = context.routed.caller
      const release = await slots.acquire(viewer.id, () => request.signal)
      if (!release)
        throw fault('TOO_MANY_REQUESTS', 'Expected fewer requests of one viewer at a time.', {
          status: 429,
          headers: { 'retry-after': '1' },
        })
      held.set(context, release)
    },
    onResponse({ serverContext }) {
      held.get(serverContext)?.()
    },
  }
}
