import type { JWTVerifyGetKey } from 'jose'
import { AssertionRejected, assertionHeader } from '../../schema/assertion.ts'
import { createFeedAssertionVerifier } from '../../schema/feed-assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/service/error-response.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { RouteHandler } from '../../schema/service/use-route-handlers.ts'
import type { RecordStore } from '../store/record-store.ts'
import { createChangePoller } from './change-poller.ts'
import { type ChangeStream, createChangeStream } from './change-stream.ts'

export interface ChangeFeedHandlerOptions {
  readonly store: RecordStore
  /** RegionCode that the assertion must be for. */
  readonly region: string
  /** Version of the rules that the store decides by. */
  readonly policyVersion: string
  /** Public keys of the gateways that may subscribe. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** Ends every feed, so that none keeps the service from closing. */
  readonly closing: AbortSignal
  /** Is called with the number of subscribers whenever it changes. */
  readonly onListeners?: (count: number) => void
  readonly now: () => number
  readonly log: ServiceLog
}

/**
 * Sends the store's commits to gateways as server-sent events, from Last-Event-ID on if given. It verifies the
 * gateway's assertion itself, because no viewer asks.
 */
export function createChangeFeedHandler({
  store,
  region,
  policyVersion,
  gatewayKeys,
  closing,
  onListeners,
  now,
  log,
}: ChangeFeedHandlerOptions): RouteHandler<string, unknown> {
  const verify = createFeedAssertionVerifier({ keys: gatewayKeys, region, now })
  const poller = createChangePoller({ store, log })
  const streams = new Set<ChangeStream>()
  closing.addEventListener('abort', () => {
    for (const stream of streams) stream.end()
  })

  const open = async (request: Request): Promise<Response> => {
    const assertion = request.headers.get(assertionHeader)
    if (!assertion) throw new AssertionRejected(`expected the header ${assertionHeader}`)
    await verify(assertion)
    const after = readLastEventId(request)
    if (after === undefined)
      return createErrorResponse(request, 400, fault('BAD_REQUEST', 'Expected a sequence number as Last-Event-ID.'))
    const start = await poller.poll()
    const flagged = await store.findFlaggedPatients()
    if (closing.aborted || request.signal.aborted) return unavailable(request)
    const onEnd = () => {
      streams.delete(stream)
      onListeners?.(streams.size)
    }
    const stream = createChangeStream({ poller: poller, startMark: start, after, flagged, policyVersion, onEnd, log })
    streams.add(stream)
    onListeners?.(streams.size)
    // Yoga's adapter cancels the body only once it has begun to send it. A subscriber that leaves earlier would keep
    // its stream for ever.
    request.signal.addEventListener('abort', stream.end)
    return new Response(stream.body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    })
  }
  return async (request) => {
    try {
      return await open(request)
    } catch (error) {
      if (error instanceof AssertionRejected) {
        const headers = { 'www-authenticate': 'Bearer', connection: 'close' }
        return createErrorResponse(
          request,
          401,
          fault(error.code, error.message, { extensions: { reason: error.reason } }),
          headers,
        )
      }
      log('A change feed cannot be opened', error)
      return unavailable(request)
    }
  }
}

/** Reads Last-Event-ID: null if absent, undefined if it is no sequence number. */
function readLastEventId(request: Request): number | null | undefined {
  const text = request.headers.get('last-event-id')
  if (text === null) return null
  const sequence = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(sequence) ? sequence : undefined
}

function unavailable(request: Request): Response {
  return createErrorResponse(request, 503, fault('UNAVAILABLE', 'The changes cannot be told just now.'), {
    connection: 'close',
  })
}
