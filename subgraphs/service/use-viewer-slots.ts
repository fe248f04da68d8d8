import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import type { StoreRoute } from '../../schema/http/routes.ts'
import type { Visited } from '../../schema/http/visit.ts'
import { leastQuery } from '../../schema/least-query.ts'
import { createViewerSlots, type ReleaseSlot } from '../../schema/viewer-slots.ts'
import type { ServiceContext } from './resolvers.ts'

export interface ViewerSlotsLimits {
  /** Queries of one viewer that are answered concurrently. @default 2 */
  readonly maxConcurrent?: number
  /** Queries of one viewer that wait beside these; more are refused with TOO_MANY_REQUESTS (429). @default 64 */
  readonly maxWaiting?: number
}

/**
 * Answers few queries of one viewer at a time, and the other viewers' between them: a store reads and prints on one thread, so whatever is begun keeps
 * all others waiting. A query waits when its body is there, and is not begun for a caller that has gone.
 */
export function useViewerSlots({ maxConcurrent = 2, maxWaiting = 64 }: ViewerSlotsLimits = {}): Plugin<object, Visited<StoreRoute, ServiceContext>> {
  const slots = createViewerSlots({ maxConcurrent, maxWaiting })
  const held = new WeakMap<object, ReleaseSlot>()
  return {
    async onParams({ request, params, context }) {
      // It reads nothing, and a gateway asks it on behalf of whoever waits for a slot.
      if (held.has(context) || params.query === leastQuery) return
      const { viewer } = context.visit.caller
      const release = await slots.acquire(viewer.id, () => request.signal)
      if (!release) throw fault('TOO_MANY_REQUESTS', 'Expected fewer requests of one viewer at a time.', { status: 429, headers: { 'retry-after': '1' } })
      held.set(context, release)
    },
    onResponse({ serverContext }) {
      held.get(serverContext)?.()
    },
  }
}
